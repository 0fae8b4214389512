"""What a day of new leads costs on a long history, and whom it moves.

Run: .venv/bin/python -m benchmarks.identity_day LEADS.parquet [leads of the day]

The newest leads of the file are the day, all others the history (benchmarks/identity_population.py
makes such a file).
"""

import json
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.identity import MEMORY, take_in
from benchmarks.stages import peak_mebibytes
from lead_pipeline import normalise
from lead_pipeline.identity import resolve
from lead_pipeline.journal import Journal
from lead_pipeline.warehouse import Session, Warehouse

NEWEST = """
CREATE TABLE core.day AS
SELECT * FROM core.leads ORDER BY created_at DESC, lead_id LIMIT {leads};
DELETE FROM core.leads WHERE lead_id IN (SELECT lead_id FROM core.day)
"""
ARRIVE = """
INSERT INTO core.leads BY NAME SELECT * FROM core.day;
INSERT INTO core.touched_leads SELECT lead_id FROM core.day
"""
MOVED = "SELECT count(*) FROM core.past_assignments"


def main(leads: Path, day: int, memory: str) -> None:
    """Resolve the history, then the day; print seconds, and how many old leads moved."""
    figures: dict[str, float] = {}
    with TemporaryDirectory(dir=leads.parent) as folder:
        journal = Journal(Path(folder) / "journal.jsonl")
        warehouse = Warehouse(Path(folder) / "warehouse.duckdb", 0)
        with warehouse.open() as session:
            _prepare(session, memory)
            take_in(session, leads)
            session.run(NEWEST.format(leads=day))
        for name, before in (("history", ""), ("day", ARRIVE), ("nothing new", "")):
            with warehouse.open() as session:
                _prepare(session, memory)
                session.run(before or "SELECT 1")
                started, used = time.perf_counter(), time.process_time()
                resolution = resolve(session, journal, datetime.now(UTC))
                figures[f"{name}, seconds"] = time.perf_counter() - started
                figures[f"{name}, CPU seconds"] = time.process_time() - used
                figures[f"{name}, moved leads"] = resolution.moved_leads
        with warehouse.open() as session:
            ((moved,),) = session.rows(MOVED)
            ((known,),) = session.rows("SELECT count(*) FROM core.leads")
    figures["day / history"] = figures["day, CPU seconds"] / figures["history, CPU seconds"]
    figures["old leads that moved, percent"] = 100 * moved / (known - day)
    print(json.dumps({"leads": known, **figures, "peak, MiB": peak_mebibytes()}, indent=2))


def _prepare(session: Session, memory: str) -> None:
    session.run(f"SET memory_limit = '{memory}'; SET threads = 2")
    normalise.install(session)


if __name__ == "__main__":
    size = int(sys.argv[2]) if len(sys.argv) > 2 else 10_000
    main(Path(sys.argv[1]), size, sys.argv[3] if len(sys.argv) > 3 else MEMORY)
