"""The outbox in the warehouse, as the journal says it: a rebuild makes the same rows."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

import orjson
import pandas as pd

from lead_pipeline.outbox.rows import PUSH, Action, Kind, Row, State, after
from lead_pipeline.push_tables import PUSHES
from lead_pipeline.warehouse import Session

BEFORE = timedelta(minutes=10)
"""How much earlier than our decision a CRM's clock may date what we created."""
_TIMES = ("decided_at", "sent_at", "done_at")
_COLUMNS = ", ".join(f"{column.name}::{column.type} AS {column.name}" for column in PUSHES.columns)

REPLACE = f"""
DELETE FROM core.outbox WHERE push_id IN (SELECT push_id FROM pushed);
INSERT INTO core.outbox BY NAME
SELECT push_id::VARCHAR AS push_id, content::JSON AS content FROM pushed;
DELETE FROM {PUSHES.name} WHERE push_id IN (SELECT push_id FROM pushed);
INSERT INTO {PUSHES.name} BY NAME SELECT {_COLUMNS} FROM pushed;
"""

# What we may have created and do not know of yet: it must not come back as an enquiry meanwhile.
HOLD_BACK = """
DELETE FROM core.held_leads;
INSERT INTO core.held_leads BY NAME
SELECT DISTINCT leads.lead_id
FROM core.leads AS leads
INNER JOIN unresolved
    ON unresolved.account = leads.account
    AND unresolved.key IN (sha256(leads.phone), sha256(leads.phone_2), sha256(leads.email))
WHERE leads.created_at >= unresolved.since::TIMESTAMPTZ
"""


def take_over_pushes(session: Session, entries: Iterable[dict[str, Any]]) -> None:
    """Bring the rows up to these entries of the journal."""
    ours = [entry for entry in entries if entry["kind"] == PUSH]
    if not ours:
        return
    rows = {row.push_id: row for row in _known(session, {entry["push_id"] for entry in ours})}
    for entry in ours:
        rows[entry["push_id"]] = after(rows.get(entry["push_id"]), entry)
    frame = pd.DataFrame([_record(row) for row in rows.values()], dtype="object")
    with session.offered("pushed", frame):
        session.run(REPLACE)


def hold_back(session: Session) -> None:
    """Leave out of `core.enquiries`, until it is known, what may be a contact that we created."""
    unresolved = [
        (row.account, key, (row.decided_at - BEFORE).isoformat())
        for row in read_rows(session, f"state = '{State.SENT}' AND kind = '{Kind.CONTACT}'")
        if row.action == Action.CREATE
        for key in row.keys
    ]
    if not unresolved:
        session.run("DELETE FROM core.held_leads")
        return
    frame = pd.DataFrame(unresolved, columns=["account", "key", "since"], dtype="string")
    with session.offered("unresolved", frame):
        session.run(HOLD_BACK)


def read_rows(session: Session, which: str) -> list[Row]:
    """The rows of `ops.pushes` that an SQL condition chooses, with all that is known of them."""
    found = session.rows(
        f"SELECT outbox.content FROM core.outbox AS outbox INNER JOIN {PUSHES.name} AS pushes "
        f"ON pushes.push_id = outbox.push_id WHERE {which} ORDER BY pushes.push_id"
    )
    return [_row(content) for (content,) in found]


def _known(session: Session, push_ids: set[str]) -> list[Row]:
    with session.offered("asked", pd.DataFrame({"push_id": sorted(push_ids)}, dtype="string")):
        found = session.rows(
            "SELECT content FROM core.outbox WHERE push_id IN (SELECT push_id FROM asked)"
        )
    return [_row(content) for (content,) in found]


def _row(content: str) -> Row:
    known = orjson.loads(content)
    times = {name: datetime.fromisoformat(known[name]) for name in _TIMES if known[name]}
    lists = {name: tuple(known[name]) for name in ("lead_ids", "keys")}
    return Row(**known | times | lists)


def _record(row: Row) -> dict[str, Any]:
    """The row as the warehouse takes it: times as text, all of it as JSON too."""
    known = row._asdict()
    texts = {name: known[name] and known[name].isoformat() for name in _TIMES}
    return known | texts | {"content": orjson.dumps(known).decode()}
