"""A scan of 50,000 contacts and 50,000 deals, 100 a page, beside a hand-written floor.

Run: .venv/bin/python -m benchmarks.scan [contacts and deals]

The sandbox, the floor and ours are processes of their own; floor and ours take turns, and of each
the least counts. Then ours once more with four times as many, for its memory.
"""

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypedDict

from benchmarks.main_job import NOW, run, verdict, within

LIMIT = 1.5
GROWTH_LIMIT = 1.2
ROUNDS = 2


def main(objects: int) -> None:
    """Measure, print, and exit with 1 where a limit is passed."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with crm(objects) as sandbox:
            floors, ours = measure(folder, sandbox)
        with crm(4 * objects) as sandbox:
            large = scan(folder / "large", sandbox)
    seconds = {name: min(turn["seconds"][name] for turn in ours) for name in ours[0]["seconds"]}
    floor, peak = min(floors), min(turn["peak"] for turn in ours)
    print(f"{objects:,} contacts and as many deals; CPU seconds, least of {ROUNDS}")
    print(f"{'floor':44}{floor:8.2f}")
    for name, value in seconds.items():
        print(f"{name:44}{value:8.2f}{value / floor:8.2f} x floor")
    print(f"{'peak memory, MiB':44}{peak:8.0f}")
    print(f"{'peak memory with four times as many, MiB':44}{large['peak']:8.0f}")
    good = [
        verdict("fetched, landed and loaded", sum(seconds.values()), floor, LIMIT),
        within("growth of peak memory", large["peak"] / peak, GROWTH_LIMIT),
    ]
    if not all(good):
        raise SystemExit(1)


@contextmanager
def crm(objects: int) -> Iterator[dict[str, str]]:
    """The variables of a CRM with so many contacts and deals."""
    command = [sys.executable, "-m", "benchmarks.crm", str(objects), NOW]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as sandbox:
        assert sandbox.stdout
        assert sandbox.stdin
        yield json.loads(sandbox.stdout.readline())
        sandbox.stdin.close()


class Measured(TypedDict):
    """CPU seconds by stage, and the peak of memory in MiB."""

    seconds: dict[str, float]
    peak: float


def measure(folder: Path, sandbox: dict[str, str]) -> tuple[list[float], list[Measured]]:
    """Floor and ours by turns."""
    floors, ours = [], []
    for turn in range(ROUNDS):
        floor = ["-m", "benchmarks.scan_floor", str(folder / f"floor-{turn}.duckdb")]
        floors.append(json.loads(run(floor, sandbox, folder))["floor"])
        ours.append(scan(folder / f"ours-{turn}", sandbox))
    return floors, ours


def scan(folder: Path, sandbox: dict[str, str]) -> Measured:
    """Ours."""
    found: Measured = json.loads(run(["-m", "benchmarks.scan_stages"], sandbox, folder))
    return found


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 50_000)
