"""Whether leads in slices come to the same people as all of them at once; counts those that do not.

Run: .venv/bin/python -m benchmarks.identity_slices LEADS.parquet [leads that come later]

The newest leads of the file come in ten days, in one, and shuffled among the old ones; and once
more in ten days, while some are erased, some change, some come late and a hand merges and splits.
"""

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from shutil import copyfile
from tempfile import TemporaryDirectory

from benchmarks.identity import take_in
from lead_pipeline import normalise
from lead_pipeline.identity import overrides, resolve
from lead_pipeline.identity.overrides import Signature
from lead_pipeline.journal import Journal
from lead_pipeline.warehouse import Session, Warehouse

NOW = datetime(2026, 11, 22, tzinfo=UTC)
SIGNED = Signature("benchmark", NOW, "made up")

SLICED = """
CREATE TABLE core.waiting AS
SELECT *, {slice} AS slice FROM (
    SELECT *, row_number() OVER (ORDER BY {order}) - 1 AS place FROM core.leads
) AS placed WHERE place >= {kept};
DELETE FROM core.leads WHERE lead_id IN (SELECT lead_id FROM core.waiting)
"""
ARRIVE = """
INSERT INTO core.leads BY NAME SELECT * EXCLUDE (slice, place) FROM core.waiting WHERE slice = $1
"""
TOUCH = "INSERT INTO core.touched_leads SELECT lead_id FROM core.waiting WHERE slice = $1"
ERASE = "DELETE FROM core.leads WHERE hash(lead_id, $1) % 5000 = 0"
CHANGED = """
CREATE OR REPLACE TEMP TABLE changing AS
SELECT one.lead_id, other.full_name, other.phone
FROM core.leads AS one
INNER JOIN core.leads AS other ON hash(other.lead_id) % 1000 = hash(one.lead_id) % 1000
WHERE hash(one.lead_id, $1) % 3000 = 1
QUALIFY row_number() OVER (PARTITION BY one.lead_id ORDER BY other.lead_id) = 1
"""
CHANGE = """
UPDATE core.leads SET full_name = changing.full_name, phone = changing.phone
FROM changing WHERE changing.lead_id = leads.lead_id;
INSERT INTO core.touched_leads SELECT lead_id FROM changing
"""
PARTITION = """
CREATE OR REPLACE TABLE core.{name} AS
SELECT lead_id, min(lead_id) OVER (PARTITION BY person_id) AS first FROM core.assignments
"""
DIFFERENT = """
SELECT count(*) FROM core.sliced FULL JOIN core.whole USING (lead_id)
WHERE sliced.first IS DISTINCT FROM whole.first
"""
TO_MERGE = """
SELECT list(person_id) FROM (
    SELECT DISTINCT person_id FROM core.assignments ORDER BY hash(person_id, $1) LIMIT 2
)
"""
TO_SPLIT = """
SELECT person_id, min(lead_id) FROM core.assignments
GROUP BY person_id HAVING count(*) > 2 ORDER BY hash(person_id, $1) LIMIT 1
"""


def main(leads: Path, later: int) -> None:
    """Print how many leads are somebody else's in slices, by the way they came."""
    by_day = f"place * 10 // {later} % 10"
    with TemporaryDirectory(dir=leads.parent) as name:
        whole = Path(name) / "whole.duckdb"
        with _opened(whole) as session:
            take_in(session, leads)
            ((count,),) = session.rows("SELECT count(*) FROM core.leads")
        ways: dict[str, tuple[str, str, int, int, Callable[..., None]]] = {
            "ten days": (by_day, "created_at, lead_id", count - later, 10, _nothing),
            "one day": ("0", "created_at, lead_id", count - later, 1, _nothing),
            "shuffled, five slices": ("place % 5", "hash(lead_id)", 0, 5, _nothing),
            "ten days with everything": (by_day, "hash(lead_id)", count - later, 10, _everything),
        }
        for way, (slices, order, kept, number, between) in ways.items():
            copy = Path(name) / f"{way}.duckdb"
            copyfile(whole, copy)
            with _opened(copy) as session:
                session.run(SLICED.format(slice=slices, order=order, kept=kept))
                differing = _compare(session, Journal(copy.with_suffix(".jsonl")), number, between)
            print(json.dumps({"leads": count, "way": way, "leads that differ": differing}))


@contextmanager
def _opened(path: Path) -> Iterator[Session]:
    with Warehouse(path, 0).open() as session:
        normalise.install(session)
        yield session


def _compare(session: Session, journal: Journal, slices: int, between: Callable[..., None]) -> int:
    resolve(session, journal, NOW)
    for number in range(slices):
        session.run(ARRIVE, (number,))
        session.run(TOUCH, (number,))
        between(session, journal, number)
        resolve(session, journal, NOW)
    session.run(PARTITION.format(name="sliced"))
    session.run("UPDATE core.identity_state SET version = ''")
    resolve(session, journal, NOW)
    session.run(PARTITION.format(name="whole"))
    return int(session.rows(DIFFERENT)[0][0])


def _nothing(session: Session, journal: Journal, number: int) -> None:
    """Only what arrives."""


def _everything(session: Session, journal: Journal, number: int) -> None:
    session.run(ERASE, (number,))
    session.run(CHANGED, (number,))
    session.run(CHANGE)
    (((one, other),),) = session.rows(TO_MERGE, (number,))
    overrides.merge(session, journal, one, other, SIGNED)
    ((person, lead),) = session.rows(TO_SPLIT, (number,))
    overrides.split(session, journal, person, [lead], SIGNED)
    if number % 3 == 2:
        ((event,),) = session.rows("SELECT max(event_id) FROM core.overrides WHERE is_active")
        overrides.undo(session, journal, event, SIGNED)


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 10_000)
