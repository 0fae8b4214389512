"""Who is the same person, for any file of leads; and how well, against the truth in it.

Run: .venv/bin/python -m benchmarks.identity --leads IN.parquet --out OUT.parquet [--score]

IN has lead_id, vendor, received_at, name or first_name and last_name, phone, phone_country_code,
email, city, postal_code, address, company; for --score also truth_person_id. OUT has lead_id and
person_id. With --score the plain rule of identity_floor.sql takes its turn in the same run.
"""

import json
import time
from argparse import ArgumentParser, Namespace
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.stages import peak_mebibytes
from lead_pipeline import normalise
from lead_pipeline.identity import resolve
from lead_pipeline.identity.components import find_components
from lead_pipeline.identity.resolve import match
from lead_pipeline.journal import Journal
from lead_pipeline.warehouse import Session, Warehouse

MEMORY = "900MB"
"""What DuckDB may use; with Python's own a million leads stay below 1.4 GB."""


def main(asked: Namespace) -> None:
    """Resolve, write, and print the figures where asked."""
    with TemporaryDirectory(dir=asked.out.parent) as folder:
        warehouse = Warehouse(Path(folder) / "warehouse.duckdb", 0)
        with warehouse.open() as session:
            session.run(f"SET memory_limit = '{MEMORY}'; SET threads = 2")
            normalise.install(session)
            take_in(session, asked.leads)
        with warehouse.open() as session:
            session.run(f"SET memory_limit = '{MEMORY}'; SET threads = 2")
            normalise.install(session)
            figures = matched(session) if asked.score else {}
        with warehouse.open() as session:
            session.run(f"SET memory_limit = '{MEMORY}'; SET threads = 2")
            normalise.install(session)
            started = time.perf_counter()
            resolution = resolve(
                session, Journal(Path(folder) / "journal.jsonl"), datetime.now(UTC)
            )
            figures["with ids, journal and golden record, seconds"] = time.perf_counter() - started
            figures["peak memory, MiB"] = peak_mebibytes()
            write(session, asked.out)
            if asked.score:
                figures |= score(session, asked.leads)
    print(json.dumps({"people": resolution.people, **figures}, indent=2))


def take_in(session: Session, leads: Path) -> None:
    """From the file to core.leads, as loading would."""
    sql = _sql("identity_leads")
    session.run(sql.replace(":leads", f"'{leads}'"))
    normalise.normalise_leads(session)
    session.run(
        "INSERT INTO core.leads BY NAME SELECT * EXCLUDE (content_hash), content_hash, "
        "created_at AS first_seen_at, created_at AS last_seen_at FROM normalised; "
        "DROP TABLE normalised; DROP TABLE staged"
    )


def matched(session: Session) -> dict[str, float]:
    """Seconds of matching alone, and of the floor; what they leave behind is taken back."""
    seconds = {}
    for name, work in (("floor", _floor), ("matching", match)):
        session.run("BEGIN TRANSACTION")
        started, used = time.perf_counter(), time.process_time()
        work(session)
        seconds[f"{name}, seconds"] = time.perf_counter() - started
        seconds[f"{name}, CPU seconds"] = time.process_time() - used
        session.run("ROLLBACK")
    seconds["matching / floor"] = seconds["matching, seconds"] / seconds["floor, seconds"]
    seconds["peak memory of matching, MiB"] = peak_mebibytes()
    return seconds


def _floor(session: Session) -> None:
    session.run(_sql("identity_floor"))
    find_components(session)


def _sql(name: str) -> str:
    return Path(__file__).with_name(f"{name}.sql").read_text(encoding="utf-8")


def write(session: Session, out: Path) -> None:
    """Lead and person, as the file names the leads."""
    session.run(
        f"COPY (SELECT lead_id::BIGINT AS lead_id, person_id FROM core.assignments ORDER BY 1) "
        f"TO '{out}' (FORMAT parquet)"
    )


def score(session: Session, leads: Path) -> dict[str, float]:
    """Pairs and B-cubed against truth_person_id."""
    sql = _sql("identity_score")
    (row,) = session.frame(sql.replace(":leads", f"'{leads}'")).to_dict("records")
    return {str(name): float(value) for name, value in row.items()}


if __name__ == "__main__":
    parser = ArgumentParser(description=__doc__)
    parser.add_argument("--leads", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--score", action="store_true")
    main(parser.parse_args())
