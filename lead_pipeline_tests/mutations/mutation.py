"""One planted fault, and a copy of the project to plant it in."""

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

PROJECT = Path(__file__).parents[2]
COPIED = ("lead_pipeline", "lead_pipeline_tests", "pyproject.toml", "dagster.yaml", "README.md")
LIMIT_SECONDS = 240
BEYOND_LIMIT = -1


class Mutation(NamedTuple):
    """In `file` (below lead_pipeline) `old`, which is there once, becomes `new`; `tests` go red."""

    name: str
    file: str
    old: str
    new: str
    tests: tuple[str, ...]

    def mutated(self, project: Path) -> str:
        """The file's text with the fault in it. Raises ValueError where `old` is not there once."""
        text = (project / "lead_pipeline" / self.file).read_text()
        times = text.count(self.old)
        if times != 1:
            raise ValueError(f"{self.name}: {self.file} holds the old text {times} times, not once")
        return text.replace(self.old, self.new)


class Verdict(StrEnum):
    """What became of a fault."""

    CAUGHT = "caught"
    SURVIVED = "SURVIVED"
    BROKEN = "BROKEN"
    """The tests did not run, or not to their end."""


class Outcome(NamedTuple):
    """`test` is the first that went red, `seconds` the time it took."""

    verdict: Verdict
    test: str
    seconds: float


class Copy:
    """A copy of the project in a folder of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def try_out(self, mutation: Mutation) -> Outcome:
        """Plant the fault, run its tests, take it out again."""
        file = self.folder / "lead_pipeline" / mutation.file
        sound = file.read_text()
        file.write_text(mutation.mutated(self.folder))
        started = time.monotonic()
        try:
            code, said = self.test(mutation.tests)
        finally:
            file.write_text(sound)
        red = [line.split()[1] for line in said.splitlines() if line.startswith("FAILED ")]
        verdict = {0: Verdict.SURVIVED, 1: Verdict.CAUGHT}.get(code, Verdict.BROKEN)
        if code == 1 and not red:
            verdict = Verdict.BROKEN
        return Outcome(verdict, red[0] if red else "", time.monotonic() - started)

    def test(self, tests: Sequence[str], limit: float = LIMIT_SECONDS) -> tuple[int, str]:
        """pytest's exit code and output; `BEYOND_LIMIT` where it took longer than `limit`."""
        command = [sys.executable, "-m", "pytest", "-x", "-q", "--tb=no", "-p", "no:cacheprovider"]
        # Of a file the quick tests are meant; a test that is named is run however slow it is.
        if not all("::" in test for test in tests):
            command += ["-m", "not slow"]
        try:
            done = subprocess.run(
                [*command, *(f"lead_pipeline_tests/{test}" for test in tests)],
                cwd=self.folder,
                # A .pyc of the sound text could pass for one of the faulty text.
                env={
                    **os.environ,
                    "PYTHONPATH": str(self.folder),
                    "PYTHONDONTWRITEBYTECODE": "1",
                    "COLUMNS": "300",
                },
                capture_output=True,
                text=True,
                timeout=limit,
                check=False,
            )
        except subprocess.TimeoutExpired:
            return BEYOND_LIMIT, ""
        return done.returncode, done.stdout


@contextmanager
def copied_project() -> Iterator[Copy]:
    """A copy that is gone after the block; the project itself is never touched."""
    with TemporaryDirectory(prefix="mutations-") as folder:
        for name in COPIED:
            source, target = PROJECT / name, Path(folder) / name
            if source.is_dir():
                shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__"))
            else:
                shutil.copy(source, target)
        yield Copy(Path(folder))
