"""What each mart costs on a large warehouse, and publishing which snapshot first showed what.

Run: .venv/bin/python -m benchmarks.marts [leads]
"""

import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.stages import peak_mebibytes
from lead_pipeline.marts import MARTS, Business, build_marts
from lead_pipeline.marts.build import prepared
from lead_pipeline.warehouse import Session, Warehouse
from lead_pipeline.warehouse.publications import remember_publication

CPU_SECONDS_LIMIT = 25
BUSINESS = Business("Asia/Kolkata", ("3",))


def main(leads: int) -> None:
    """Measure, print, and exit with 1 where a limit is passed."""
    with TemporaryDirectory() as folder:
        warehouse = Warehouse(Path(folder) / "warehouse.duckdb", 0)
        with warehouse.open() as session:
            sql = Path(__file__).with_name("marts_leads.sql").read_text(encoding="utf-8")
            session.run("SET memory_limit = '2GB'")
            session.run(sql.replace(":leads", str(leads)))
        with warehouse.open() as session:
            each(session)
        with warehouse.open() as session:
            started, used = time.perf_counter(), time.process_time()
            rows = build_marts(session, BUSINESS)
            seconds, cpu = time.perf_counter() - started, time.process_time() - used
            print(f"{'all of them, with their counts':36}{seconds:8.2f} s{cpu:8.2f} CPU s")
            print(f"{leads:,} leads, peak {peak_mebibytes():.0f} MiB, rows: {rows}")
            publications(session)
    if cpu > CPU_SECONDS_LIMIT:
        raise SystemExit(f"more than {CPU_SECONDS_LIMIT} CPU seconds")


def each(session: Session) -> None:
    """One line a statement group: what the marts read, then mart by mart."""
    for name, sql in prepared(BUSINESS):
        started, used = time.perf_counter(), time.process_time()
        session.run(sql)
        if name == "speed_to_lead":
            session.run("CREATE OR REPLACE TEMP TABLE evaluated AS FROM marts.speed_to_lead")
        seconds, cpu = time.perf_counter() - started, time.process_time() - used
        print(
            f"{name:36}{seconds:8.2f} s{cpu:8.2f} CPU s{'' if name in MARTS else '   (temporary)'}"
        )


def publications(session: Session) -> None:
    """The first snapshot, and one more to which nothing was added."""
    for version in (1, 2):
        started = time.perf_counter()
        remember_publication(session, version, datetime.now(UTC))
        print(f"{f'remember publication {version}':36}{time.perf_counter() - started:8.2f} s")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000)
