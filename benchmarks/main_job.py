"""Seven days of both vendors, 20,000 leads a day each, beside a hand-written floor.

Run: .venv/bin/python -m benchmarks.main_job [leads per day]

A sandbox in a process of its own serves whole windows, 1 % of the rows twice, and is asked once
before anything is measured. Floor, stages and the command are processes of their own too. CPU
seconds are user and system, as the kernel counts them.
"""

import json
import os
import re
import resource
import subprocess
import sys
import tempfile
from pathlib import Path

DAYS = ("2026-11-14", "2026-11-20")
NOW = "2026-11-20T23:30:00+00:00"
LOAD_LIMIT = 1.6
TOTAL_LIMIT = 2.5
DAGSTER_LIMIT = 6.0
MEMORY_LIMIT = 500
START_UP = "from lead_pipeline.cli.accounts import load_accounts; print(len(load_accounts()))"


def main(leads_per_day: int) -> None:
    """Measure, print, and exit with 1 where a limit is passed."""
    with (
        tempfile.TemporaryDirectory() as folder,
        subprocess.Popen(
            [
                *(command("lead-pipeline"), "sandbox", "--port", "0", "--whole-windows"),
                *("--leads-per-day", str(leads_per_day), "--repeats", "1"),
                *("--now", NOW.removesuffix("+00:00")),
            ],
            stdout=subprocess.PIPE,
            text=True,
        ) as sandbox,
    ):
        try:
            measure(Path(folder), variables(sandbox), leads_per_day)
        finally:
            sandbox.terminate()


def command(name: str) -> str:
    """A program beside this Python."""
    return str(Path(sys.executable).with_name(name))


def variables(sandbox: "subprocess.Popen[str]") -> dict[str, str]:
    """The variables that the sandbox prints once it listens."""
    assert sandbox.stdout is not None
    return dict(re.findall(r"([A-Z_]+)=(\S+)", sandbox.stdout.readline()))


def measure(folder: Path, sandbox: dict[str, str], leads_per_day: int) -> None:
    """Run the floor twice (first to warm the sandbox), then the stages, then the command."""
    floor = ["-m", "benchmarks.floor"]
    run([*floor, str(folder / "warm.duckdb"), *DAYS], sandbox, folder)
    least = json.loads(run([*floor, str(folder / "floor.duckdb"), *DAYS], sandbox, folder))["floor"]
    found = json.loads(run(["-m", "benchmarks.stages", *DAYS], sandbox, folder / "stages"))
    seconds: dict[str, float] = found["seconds"]
    del seconds["start-up"]
    start_up = cpu_seconds(["-c", START_UP], sandbox, folder)
    job = ["-m", "lead_pipeline.cli", "run", "--from", DAYS[0], "--to", DAYS[1]]
    whole = cpu_seconds(job, sandbox, folder / "command")
    loading = sum(value for name, value in seconds.items() if "load" in name or "fetch" in name)
    total = sum(seconds.values())
    print(f"{leads_per_day:,} leads a day and source, 7 days; CPU seconds")
    print(f"{'floor':44}{least:8.2f}")
    for name, value in seconds.items():
        print(f"{name:44}{value:8.2f}{value / least:8.2f} x floor")
    good = [
        verdict("up to and including load", loading, least, LOAD_LIMIT),
        verdict("with resolve, marts and publish", total, least, TOTAL_LIMIT),
        within("Dagster's start-up, s", start_up, DAGSTER_LIMIT),
        within("peak memory, MiB", found["peak"], MEMORY_LIMIT),
    ]
    rest = whole - start_up - total
    print(f"{'Dagster: its events, and our checks and previews':52}{rest:.2f}")
    if not all(good):
        raise SystemExit(1)


def run(arguments: list[str], sandbox: dict[str, str], folder: Path) -> str:
    """Run Python with the sandbox's variables and a data folder; what it printed last."""
    ours = {"LEAD_PIPELINE_DATA_DIR": str(folder), "LEAD_PIPELINE_NOW": NOW}
    done = subprocess.run(
        [sys.executable, *arguments],
        env={**os.environ, **sandbox, **ours},
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    return done.stdout.strip().splitlines()[-1]


def cpu_seconds(arguments: list[str], sandbox: dict[str, str], folder: Path) -> float:
    """What a whole process costs, from its start to its end."""
    before = children()
    run(arguments, sandbox, folder)
    return children() - before


def children() -> float:
    """CPU seconds of all processes that have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def verdict(name: str, seconds: float, floor: float, limit: float) -> bool:
    """Print a ratio beside its limit; whether it holds."""
    print(f"{name:44}{seconds:8.2f}{seconds / floor:8.2f} x floor, at most {limit}")
    return seconds / floor <= limit


def within(name: str, value: float, limit: float) -> bool:
    """Print a figure beside its limit; whether it holds."""
    print(f"{name:44}{value:8.2f}, at most {limit}")
    return value <= limit


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 20_000)
