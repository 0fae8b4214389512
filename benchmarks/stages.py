"""The main job, stage by stage, without Dagster. Prints CPU seconds and peak memory as JSON."""

import json
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

from lead_pipeline.cli.accounts import load_accounts
from lead_pipeline.pipeline.fetch import fetch_account
from lead_pipeline.pipeline.folder import open_folder
from lead_pipeline.pipeline.load import load_account
from lead_pipeline.pipeline.outcome import build_reports, publish_snapshot, resolve_people
from lead_pipeline.records import day_window
from lead_pipeline.settings import read_settings

ACCOUNTS = ("aimbase", "housing")
SECONDS: dict[str, float] = {}


@contextmanager
def stage(name: str) -> Iterator[None]:
    """Count the CPU seconds of the block under a name."""
    started = time.process_time()
    yield
    SECONDS[name] = SECONDS.get(name, 0.0) + time.process_time() - started


def main(first: date, last: date) -> None:
    """Fetch, load, resolve, build and publish the days from first to last (UTC)."""
    with stage("start-up"):
        folder = open_folder(read_settings())
        accounts = [
            component.open_account()
            for component in load_accounts()[1]
            if component.account in ACCOUNTS
        ]
    for account in accounts:
        with stage(f"fetch and land {account.name}"):
            receipts = fetch_account(folder, account, day_window(first, last), "benchmark")
        if any(receipt.error for receipt in receipts):
            raise SystemExit([receipt.message for receipt in receipts if receipt.error])
        with stage(f"parse, normalise and load {account.name}"):
            load_account(folder, account.vendor, account.name)
    with stage("resolve"):
        resolve_people(folder)
    with stage("marts"):
        build_reports(folder, accounts)
    with stage("publish"):
        publish_snapshot(folder)
    print(json.dumps({"seconds": SECONDS, "peak": peak_mebibytes()}))


def peak_mebibytes() -> float:
    """Peak of this program alone: ru_maxrss starts with the peak of whoever started it."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) / 1024


if __name__ == "__main__":
    main(date.fromisoformat(sys.argv[1]), date.fromisoformat(sys.argv[2]))
