"""What normalising costs: CPU seconds, peak memory and the residue left for the phone library.

Run: .venv/bin/python benchmarks/normalise.py [leads]

A million leads (60 % Housing in India, 40 % Aimbase in the United States) are made in SQL from row
numbers alone, so every run has the same ones; about three quarters of their phones differ. The
target is 10 CPU-seconds on two threads.
"""

import resource
import sys
import time
from pathlib import Path

import duckdb

from lead_pipeline.normalise import install, normalise_leads
from lead_pipeline.normalise.leads import decide_phones
from lead_pipeline.warehouse.session import Session

MEBIBYTE = 1024 * 1024


def main(leads: int) -> None:
    """Make the leads, normalise them, print the figures."""
    connection = duckdb.connect()
    connection.execute("SET threads = 2; SET TimeZone = 'UTC'")
    session = Session(connection)
    rows = Path(__file__).with_name("normalise_leads.sql").read_text(encoding="utf-8")
    session.run(rows.replace(":leads", str(leads)))
    before = _resident()
    install(session)
    started = time.process_time()
    normalise_leads(session)
    seconds = time.process_time() - started
    print(f"leads            {leads:>12,}")
    print(f"CPU seconds      {seconds:>12.2f}")
    print(f"peak memory MiB  {_peak():>12,.0f}  (of which staged leads and Python: {before:,.0f})")
    _print_phones(session)
    _print_small_batch(session)


def _print_phones(session: Session) -> None:
    residue = decide_phones(session, "staged")
    ((values,),) = session.rows("SELECT count(*) FROM phone_decisions")
    print(f"different phones {values:>12,}")
    print(f"to the library   {residue:>12,}")
    for status, count in session.rows(
        "SELECT phone_status, count(*) FROM normalised GROUP BY phone_status ORDER BY 2 DESC"
    ):
        print(f"  {status:<15}{count:>12,}")


def _print_small_batch(session: Session) -> None:
    session.run("CREATE OR REPLACE TEMP TABLE few AS SELECT * FROM staged LIMIT 40")
    started = time.process_time()
    for _ in range(20):
        normalise_leads(session, staged="few", target="few_normalised")
    print(f"CPU ms, 40 leads {(time.process_time() - started) * 50:>12.1f}")


def _resident() -> float:
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * resource.getpagesize() / MEBIBYTE


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / MEBIBYTE


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000)
