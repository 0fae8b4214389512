"""Decide who each lead belongs to, in the journal first and then in the warehouse."""

from collections.abc import Iterator
from datetime import datetime
from importlib import resources
from typing import Any, NamedTuple

import pandas as pd

from lead_pipeline.identity.components import find_components
from lead_pipeline.identity.own_contacts import take_over_own_contacts
from lead_pipeline.journal import Journal
from lead_pipeline.warehouse import Session

ASSIGNED = "assigned"
SLICE = 10_000


class Resolution(NamedTuple):
    """What resolving changed: leads that got a (new) person, and people there are now."""

    moved_leads: int
    people: int


def resolve(session: Session, journal: Journal, now: datetime) -> Resolution:
    """Give every lead its person and build `people` and `person_links`, in one transaction.

    Needs the macro `email_key`. Raises JournalError, and then changes nothing.
    """
    with session.transaction():
        _catch_up(session, journal)
        session.run(_sql("keys.sql"))
        find_components(session)
        session.run(_sql("assign.sql"))
        moved = _record(session, journal, now)
        session.run(_sql("people.sql"))
    people = session.rows("SELECT count(*) FROM people")[0][0]
    return Resolution(moved, people)


def _catch_up(session: Session, journal: Journal) -> None:
    """Take over what the journal says and the warehouse does not know yet."""
    ((known,),) = session.rows("SELECT journal_bytes FROM core.progress")
    take_over_own_contacts(session, journal.read(known))
    entries = (entry for entry in journal.read(known) if entry["kind"] == ASSIGNED)
    for lines in _chunks(entries, SLICE):
        rows = [(lead, line["person_id"]) for line in lines for lead in line["lead_ids"]]
        # The last word counts, and a lead may occur more than once.
        frame = pd.DataFrame(dict(rows).items(), columns=["lead_id", "person_id"], dtype="string")
        with session.offered("said", frame):
            _replace_assignments(session, "said")
        # Of every line, also of one that a later line takes back: an id is never used again.
        _mark_minted(session, max(line["person_id"] for line in lines))
    _advance(session, journal.size())


def _chunks(entries: Iterator[dict[str, Any]], size: int) -> Iterator[list[dict[str, Any]]]:
    chunk: list[dict[str, Any]] = []
    for entry in entries:
        chunk.append(entry)
        if len(chunk) == size:
            yield chunk
            chunk = []
    if chunk:
        yield chunk


def _record(session: Session, journal: Journal, now: datetime) -> int:
    """Write the leads that move to another person into the journal, then into the warehouse."""
    session.run(
        "CREATE OR REPLACE TEMP TABLE moved AS SELECT resolved.lead_id, resolved.person_id "
        "FROM resolved LEFT JOIN core.assignments AS known ON known.lead_id = resolved.lead_id "
        "WHERE known.person_id IS DISTINCT FROM resolved.person_id"
    )
    session.run(
        "CREATE OR REPLACE TEMP TABLE moves AS SELECT person_id, "
        "row_number() OVER (ORDER BY person_id) AS place, list(lead_id ORDER BY lead_id) AS leads "
        "FROM moved GROUP BY person_id"
    )
    ((moved, newest_person),) = session.rows("SELECT count(*), max(person_id) FROM moved")
    if moved:
        size = journal.append(
            {"kind": ASSIGNED, "at": now, "person_id": person, "lead_ids": leads}
            for person, leads in _moves(session)
        )
        _replace_assignments(session, "moved")
        _mark_minted(session, newest_person)
        _advance(session, size)
    return int(moved)


def _moves(session: Session) -> Iterator[tuple[str, list[str]]]:
    """The moves, person by person, read in slices so that a first run does not fill the memory."""
    ((people,),) = session.rows("SELECT count(*) FROM moves")
    for first in range(1, people + 1, SLICE):
        yield from session.rows(
            "SELECT person_id, leads FROM moves WHERE place BETWEEN ? AND ? ORDER BY place",
            (first, first + SLICE - 1),
        )


def _replace_assignments(session: Session, table: str) -> None:
    session.run(
        f"DELETE FROM core.assignments WHERE lead_id IN (SELECT lead_id FROM {table});"
        f"INSERT INTO core.assignments BY NAME SELECT lead_id, person_id FROM {table}"
    )


def _mark_minted(session: Session, newest_person: str) -> None:
    session.run(
        "UPDATE core.progress SET minted_people = greatest(minted_people, ?)",
        (int(newest_person.removeprefix("P")),),
    )


def _advance(session: Session, journal_bytes: int) -> None:
    session.run("UPDATE core.progress SET journal_bytes = ?", (journal_bytes,))


def _sql(name: str) -> str:
    return (resources.files("lead_pipeline.identity") / name).read_text()
