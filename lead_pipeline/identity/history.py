"""Who belongs to whom since when: decided in the journal first, then in the warehouse.

Kinds of entries: `assigned` (from then on these leads belong to this person), `left` (these leads
are no more), and what a hand decided: `merged`, `split`, `undone`.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

import pandas as pd

from lead_pipeline.identity.own_contacts import take_over_own_contacts
from lead_pipeline.journal import Journal
from lead_pipeline.outbox import hold_back, take_over_pushes
from lead_pipeline.warehouse import Session
from lead_pipeline.warehouse.dismissals import take_over_dismissals

ASSIGNED = "assigned"
LEFT = "left"
OVERRIDES = ("merged", "split", "undone")
SLICE = 10_000

# Found once, since the ids of a long history are what it costs to read.
CLOSE = """
CREATE OR REPLACE TEMP TABLE closing AS
SELECT
    known.lead_id,
    known.number,
    known.person_id,
    known.assigned_at,
    said.moment AS ended_at,
    known.event_id,
    known.person_id IS DISTINCT FROM said.person_id AS is_past
FROM core.assignments AS known
INNER JOIN said ON said.{key} = known.{key};
INSERT INTO core.past_assignments BY NAME
SELECT lead_id, person_id, assigned_at, ended_at, event_id FROM closing WHERE is_past;
DELETE FROM core.assignments WHERE {key} IN (SELECT {key} FROM closing);
"""

OPEN = """
INSERT INTO core.assignments BY NAME
SELECT lead_id, number, person_id, moment AS assigned_at, event_id
FROM said
WHERE person_id IS NOT NULL;
"""

# What came from the journal has no number yet.
IS_UNNUMBERED = "SELECT EXISTS (SELECT 1 FROM core.assignments WHERE number IS NULL)"
NUMBER = """
UPDATE core.assignments SET number = leads.number
FROM (
    SELECT lead_id, number FROM core.identity_leads
    UNION ALL
    SELECT lead_id, number FROM gone
) AS leads
WHERE leads.lead_id = assignments.lead_id AND assignments.number IS NULL
"""

# What the journal knew better than the clusters, after a crash between the two.
CORRECT_CLUSTERS = """
UPDATE core.identity_clusters SET person = person_number(said.person_id)
FROM said INNER JOIN core.identity_leads AS leads ON leads.lead_id = said.lead_id
WHERE leads.number = identity_clusters.number AND said.person_id IS NOT NULL
"""

UNDONE = "SELECT event_id FROM core.overrides WHERE is_pending AND NOT is_active"

SAID = ("lead_id", "person_id", "moment", "event_id")
SAID_TYPES = (
    "lead_id VARCHAR, number INTEGER, person_id VARCHAR, moment TIMESTAMPTZ, event_id VARCHAR"
)


def catch_up(session: Session, journal: Journal) -> bool:
    """Take over what the journal says and the warehouse does not know yet; whether it said much."""
    ((known,),) = session.rows("SELECT journal_bytes FROM core.progress")
    end = journal.size()
    session.run("CREATE OR REPLACE TEMP TABLE heeded (event_id VARCHAR)")
    caught = False
    for lines in _chunks(journal.read(known, end), SLICE):
        take_over_own_contacts(session, lines)
        take_over_dismissals(session, lines)
        take_over_pushes(session, lines)
        _take_over(session, lines)
        caught = True
    hold_back(session)
    _advance(session, max(known, end))
    return caught


def _chunks(entries: Iterator[dict[str, Any]], size: int) -> Iterator[list[dict[str, Any]]]:
    chunk: list[dict[str, Any]] = []
    for entry in entries:
        chunk.append(entry)
        if len(chunk) == size:
            yield chunk
            chunk = []
    if chunk:
        yield chunk


def _take_over(session: Session, entries: Iterable[dict[str, Any]]) -> None:
    """In the order in which they were said: of a lead the last word counts, and all are history."""
    said: dict[str, tuple[str, str | None, str | None, str | None]] = {}
    newest = 0
    undone = {event for (event,) in session.rows(UNDONE)}
    for entry in entries:
        if entry["kind"] in OVERRIDES:
            note_override(session, entry)
            if entry.get("undoes"):
                undone.add(entry["undoes"])
        if entry["kind"] not in {ASSIGNED, LEFT}:
            continue
        _heed(session, undone)
        person = entry.get("person_id")
        # Also of what a later line takes back: an id is never used again.
        newest = max(newest, int(person.removeprefix("P")) if person else 0)
        if not said.keys().isdisjoint(entry["lead_ids"]):
            _replace(session, said.values())
            said = {}
        for lead_id in entry["lead_ids"]:
            said[lead_id] = (lead_id, person, entry.get("at"), entry.get("event"))
    _replace(session, said.values())
    _mark_minted(session, newest)


def _heed(session: Session, undone: set[str]) -> None:
    """What was undone before people were resolved had its effect then, and has no other later."""
    for event in undone:
        session.run("INSERT INTO heeded VALUES (?)", (event,))
    undone.clear()


def _replace(session: Session, rows: Iterable[tuple[str | None, ...]]) -> None:
    frame = pd.DataFrame(list(rows), columns=list(SAID), dtype="string")
    if frame.empty:
        return
    with session.offered("offered_said", frame):
        session.run(
            f"CREATE OR REPLACE TEMP TABLE said ({SAID_TYPES});"
            "INSERT INTO said BY NAME SELECT lead_id, person_id, "
            "coalesce(moment::TIMESTAMPTZ, 'epoch'::TIMESTAMPTZ) AS moment, event_id "
            "FROM offered_said"
        )
    session.run(CLOSE.format(key="lead_id") + OPEN + CORRECT_CLUSTERS)


def note_override(session: Session, entry: dict[str, Any]) -> None:
    """Let the warehouse know one entry that a hand made."""
    undoes = entry.get("undoes")
    session.run(
        "INSERT INTO core.overrides BY NAME SELECT $event AS event_id, $kind AS kind, "
        "$at::TIMESTAMPTZ AS decided_at, $by AS made_by, $reason AS reason, $undoes AS undoes, "
        "$undoes IS NULL AS is_active, $undoes IS NULL AS is_pending",
        {
            "event": entry["event"],
            "kind": entry["kind"],
            "at": str(entry["at"]),
            "by": entry["by"],
            "reason": entry["reason"],
            "undoes": undoes,
        },
    )
    session.run(
        "UPDATE core.overrides SET is_active = false, is_pending = true WHERE event_id = $undoes",
        {"undoes": undoes},
    )
    rows = [(lead, side) for side, leads in enumerate(entry.get("sides", [])) for lead in leads]
    if rows:
        with session.offered("sides", pd.DataFrame(rows, columns=["lead_id", "side"])):
            session.run(
                "INSERT INTO core.override_leads BY NAME SELECT $event AS event_id, "
                "side::INTEGER AS side, lead_id::VARCHAR AS lead_id FROM sides",
                {"event": entry["event"]},
            )


def number_assignments(session: Session) -> None:
    """Number what came from the journal. By numbers a long history is read much faster."""
    if session.rows(IS_UNNUMBERED)[0][0]:
        session.run(NUMBER)


def record(session: Session, journal: Journal, now: datetime) -> int:
    """Write who moved (`moved`) and who is no more (`gone`) into the journal, then the warehouse.

    Returns how many moved.
    """
    session.run(
        "CREATE OR REPLACE TEMP TABLE moves AS SELECT person, event_id, "
        "row_number() OVER (ORDER BY person, event_id) AS place, "
        "list(lead_id ORDER BY lead_id) AS leads FROM moved GROUP BY person, event_id"
    )
    ((moved, newest, replacing),) = session.rows(
        "SELECT count(*), max(person), count(was) FROM moved"
    )
    left = [lead_id for (lead_id,) in session.rows("SELECT lead_id FROM gone ORDER BY lead_id")]
    if not moved and not left:
        return 0
    written = journal.append(_entries(session, left, now))
    _save(session, now, is_replacing=bool(replacing or left))
    if newest is not None:
        _mark_minted(session, newest)
    # What a push wrote meanwhile is not taken over yet: then all of it is read the next time.
    session.run(
        "UPDATE core.progress SET journal_bytes = $end WHERE journal_bytes = $start",
        written._asdict(),
    )
    return int(moved)


def _save(session: Session, now: datetime, *, is_replacing: bool) -> None:
    session.run(f"CREATE OR REPLACE TEMP TABLE said ({SAID_TYPES})")
    session.run(
        "INSERT INTO said BY NAME SELECT lead_id, number, person_id(person) AS person_id, "
        "$now::TIMESTAMPTZ AS moment, event_id FROM moved "
        "UNION ALL BY NAME "
        "SELECT lead_id, number, NULL AS person_id, $now AS moment, NULL AS event_id FROM gone",
        {"now": now},
    )
    session.run((CLOSE.format(key="number") if is_replacing else "") + OPEN)


def _entries(session: Session, left: list[str], now: datetime) -> Iterator[dict[str, object]]:
    """The moves, person by person, read in slices so that a first run does not fill the memory."""
    if left:
        yield {"kind": LEFT, "at": now, "lead_ids": left}
    ((people,),) = session.rows("SELECT count(*) FROM moves")
    for first in range(1, people + 1, SLICE):
        for person, event, leads in session.rows(
            "SELECT person_id(person), event_id, leads FROM moves "
            "WHERE place BETWEEN ? AND ? ORDER BY place",
            (first, first + SLICE - 1),
        ):
            by = {} if event is None else {"event": event}
            yield {"kind": ASSIGNED, "at": now, "person_id": person, "lead_ids": leads, **by}


def _mark_minted(session: Session, newest: int) -> None:
    session.run("UPDATE core.progress SET minted_people = greatest(minted_people, ?)", (newest,))


def _advance(session: Session, journal_bytes: int) -> None:
    session.run("UPDATE core.progress SET journal_bytes = ?", (journal_bytes,))
