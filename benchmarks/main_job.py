"""Seven days of both vendors, 20,000 leads a day each, beside a hand-written floor.

Run: .venv/bin/python -m benchmarks.main_job [leads per day]

A sandbox in a process of its own serves whole windows, 1 % of the rows twice, and is asked once
before anything is measured. Floor, stages and the command are processes of their own too, and
take turns, so that a slow minute of the machine hits all of them. CPU seconds are user and
system, as the kernel counts them.
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
ROUNDS = 3
WITHOUT_DAGSTER = (
    "import lead_pipeline.pipeline.fetch, lead_pipeline.pipeline.load, "
    "lead_pipeline.pipeline.outcome, lead_pipeline.vendors.aimbase, lead_pipeline.vendors.housing; "
    "print(0)"
)
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
    """Floor, stages and start-up by turns, each `ROUNDS` times, then the command once.

    Of each the least counts: what disturbs a machine only ever adds.
    """
    floors, stages, peaks, starts, idles = [], [], [], [], []
    run(["-m", "benchmarks.floor", str(folder / "warm.duckdb"), *DAYS], sandbox, folder)
    for turn in range(ROUNDS):
        floor = ["-m", "benchmarks.floor", str(folder / f"floor-{turn}.duckdb"), *DAYS]
        floors.append(json.loads(run(floor, sandbox, folder))["floor"])
        ours = ["-m", "benchmarks.stages", *DAYS]
        found = json.loads(run(ours, sandbox, folder / f"stages-{turn}"))
        stages.append(found["seconds"])
        peaks.append(found["peak"])
        starts.append(cpu_seconds(["-c", START_UP], sandbox, folder))
        idles.append(cpu_seconds(["-c", WITHOUT_DAGSTER], sandbox, folder))
    job = ["-m", "lead_pipeline.cli", "run", "--from", DAYS[0], "--to", DAYS[1]]
    job += ["--account", "aimbase", "--account", "housing"]
    whole = cpu_seconds(job, sandbox, folder / "command")
    report(floors, stages, max(peaks), min(starts), min(idles), whole, leads_per_day)


def report(
    floors: list[float],
    stages: list[dict[str, float]],
    peak: float,
    start_up: float,
    without_dagster: float,
    whole: float,
    leads_per_day: int,
) -> None:
    """Print the figures; exit with 1 where a limit is passed."""
    least = min(floors)
    seconds = {name: min(turn[name] for turn in stages) for name in stages[0]}
    del seconds["start-up"]
    loading = sum(value for name, value in seconds.items() if "load" in name or "fetch" in name)
    total = sum(seconds.values())
    print(f"{leads_per_day:,} leads a day and source, 7 days; CPU seconds, least of {ROUNDS}")
    print(f"{'floor':44}{least:8.2f}   (all: {', '.join(f'{value:.1f}' for value in floors)})")
    for name, value in seconds.items():
        print(f"{name:44}{value:8.2f}{value / least:8.2f} x floor")
    print(f"{'a process that imports all but Dagster':44}{without_dagster:8.2f}")
    good = [
        verdict("up to and including load", loading, least, LOAD_LIMIT),
        verdict("with resolve, marts and publish", total, least, TOTAL_LIMIT),
        within("Dagster's start-up on top of that, s", start_up - without_dagster, DAGSTER_LIMIT),
        within("peak memory, MiB", peak, MEMORY_LIMIT),
    ]
    print(f"{'the command as a whole, s':44}{whole:8.2f}")
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
