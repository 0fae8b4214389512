"""A second process that holds a database file until it is told to let go."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_HOLD = """
import sys
import duckdb
with duckdb.connect(sys.argv[1]):
    print("held", flush=True)
    sys.stdin.read()
"""


class Holder:
    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self._process = process

    @property
    def number(self) -> int:
        """Of the process."""
        return self._process.pid

    def let_go(self) -> None:
        """Close the file and end."""
        self._process.communicate()

    def die(self) -> None:
        """Without closing anything."""
        self._process.kill()
        self._process.wait()


@contextmanager
def held(path: Path) -> Iterator[Holder]:
    with subprocess.Popen(
        [sys.executable, "-c", _HOLD, str(path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            assert process.stdout
            assert process.stdout.readline() == "held\n"
            yield Holder(process)
        finally:
            process.kill()
