"""How long a program needs to be ready again after it was killed, in seconds.

Run: .venv/bin/python -m benchmarks.recovery [leads]

A child loads leads, commits without a checkpoint, writes receipts and a journal with a torn last
line, and is killed with SIGKILL. Measured is what the next program does before it loads anything:
opening the warehouse (its log is replayed), listing receipts, finding the journal's last line.
The target is 5 seconds for a year of both accounts: 300,000 leads, 20,000 receipts.
"""

import os
import signal
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

from lead_pipeline.pipeline.folder import DataFolder, open_folder
from lead_pipeline.settings import Settings

RECEIPTS = 20_000
COMMIT = 1_000
FILL = """
INSERT INTO core.leads (lead_id, source, account, created_at, full_name, content_hash)
SELECT md5(range::VARCHAR), 'housing', 'housing', now(), 'Person ' || range, md5('c' || range)
FROM range({first}, {first} + {count})
"""


def main(leads: int) -> None:
    """Make the folder in a child that dies, then measure."""
    with tempfile.TemporaryDirectory() as name:
        subprocess.run(
            [sys.executable, "-m", "benchmarks.recovery", "fill", name, str(leads)], check=False
        )
        folder = opened(Path(name))
        log = folder.path / "warehouse.duckdb.wal"
        print(f"{leads:,} leads, {RECEIPTS:,} receipts, log {log.stat().st_size / 2**20:.0f} MiB")
        total = 0.0
        for what, act in (
            ("open the warehouse", lambda: open_and_close(folder)),
            (
                "list the receipts",
                lambda: folder.receipts.identifiers("housing", "housing", "leads"),
            ),
            ("find the journal's end", folder.journal.size),
        ):
            started = time.perf_counter()
            act()
            seconds = time.perf_counter() - started
            total += seconds
            print(f"{what:28}{seconds:8.2f} s")
        print(f"{'in all':28}{total:8.2f} s, at most 5")


def opened(path: Path) -> DataFolder:
    """A data folder at this path."""
    return open_folder(Settings(data_dir=path))


def open_and_close(folder: DataFolder) -> None:
    """What every command does first."""
    with folder.warehouse.open() as session:
        session.rows("SELECT count(*) FROM core.leads")


def fill(path: Path, leads: int) -> None:
    """Write what a year leaves, and die without closing anything."""
    folder = opened(path)
    day = path / "landing" / "receipts" / "housing" / "housing" / "leads"
    for number in range(RECEIPTS):
        place = day / f"2026-{number % 12 + 1:02}-{number % 28 + 1:02}"
        place.mkdir(parents=True, exist_ok=True)
        (place / f"20260101T000000{number:06}Z-0.json").write_text("{}")
    folder.journal.append(
        {
            "kind": "assigned",
            "at": datetime.now(UTC),
            "person_id": f"P{n:09}",
            "lead_ids": ["x" * 32],
        }
        for n in range(leads)
    )
    with folder.journal.path.open("ab") as journal:
        journal.write(b'{"kind": "assi')
    with folder.warehouse.open() as session:
        session.run("SET checkpoint_threshold = '10GB'")
        for first in range(0, leads, COMMIT):
            session.run(FILL.format(first=first, count=COMMIT))
        os.kill(os.getpid(), signal.SIGKILL)


if __name__ == "__main__":
    if sys.argv[1:2] == ["fill"]:
        fill(Path(sys.argv[2]), int(sys.argv[3]))
    else:
        main(int(sys.argv[1]) if len(sys.argv) > 1 else 300_000)
