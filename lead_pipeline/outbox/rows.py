"""A row of the outbox, and its states.

    waiting   is to be sent
    sent      may have arrived: looked up before anything is sent again
    done      nothing is ever sent for it again
    refused   waits again when its data are others
    held      waits again when its reason is gone

An entry of the journal is `{"kind": "push", "step", "at", "push_id", …}` and the fields that it
changes. `sent` is written before anything goes out, so whoever finds a row in that state does not
know whether the CRM has it, and looks it up before sending again.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from hashlib import sha256
from typing import Any, NamedTuple

PUSH = "push"
"""The kind of these entries."""
OPEN = "sent; whether the CRM has it is not known yet"


class Kind(StrEnum):
    """What a row is of."""

    CONTACT = "contact"
    COMPANY = "company"
    DEAL = "deal"
    TASK = "task"


class State(StrEnum):
    """Where a row stands; push_tables.py says what each means."""

    WAITING = "waiting"
    SENT = "sent"
    DONE = "done"
    REFUSED = "refused"
    HELD = "held"


class Action(StrEnum):
    """What is, or was, to be done."""

    CREATE = "create"
    COMPLETE = "complete"
    ADOPT = "adopt"


class Step(StrEnum):
    """What an entry says."""

    DECIDED = "decided"
    SENT = "sent"
    UNSENT = "unsent"
    DONE = "done"
    COMPLETED = "completed"
    REFUSED = "refused"
    HELD = "held"


class Next(StrEnum):
    """What a row needs."""

    SEND = "send"
    LOOK_UP = "look up"
    NOTHING = "nothing"


class Row(NamedTuple):
    """One row. Times are UTC; `content` is a hash of what is to be there.

    `lead_ids` are the enquiries that a contact is of, `keys` the hashes of the phones and e-mails
    that it was sent with, `contact_id` the contact that a deal or task was opened for.
    """

    push_id: str
    account: str
    kind: str
    person_id: str | None
    lead_id: str | None
    decided_at: datetime
    state: str = State.WAITING
    object_id: str | None = None
    action: str | None = None
    reason: str | None = None
    attempts: int = 0
    sent_at: datetime | None = None
    done_at: datetime | None = None
    content: str | None = None
    lead_ids: tuple[str, ...] = ()
    keys: tuple[str, ...] = ()
    contact_id: str | None = None


def push_id_of(account: str, kind: str, *subject: str) -> str:
    """The stable id of a row: 32 hex digits."""
    return _digest("\x1f".join((account, kind, *subject)))[:32]


def key_of(value: str) -> str:
    """What a phone or an e-mail is remembered by; SQL's `sha256` makes the same."""
    return _digest(value)


def after(row: Row | None, entry: Mapping[str, Any]) -> Row:
    """What an entry makes of a row (None: there was none).

    The first entry of a row says whose and of what kind it is. Of a row that is done only
    `completed` changes anything.
    """
    step, at = entry["step"], _moment(entry["at"])
    if row is None:
        row = Row(
            push_id=entry["push_id"],
            account=entry["account"],
            kind=entry["object"],
            person_id=entry.get("person_id"),
            lead_id=entry.get("lead_id"),
            decided_at=at,
        )
    if row.state == State.DONE:
        return _learnt(row, entry) if step == Step.COMPLETED else row
    return _moved(_learnt(row, entry), step, at)


def next_step(row: Row | None, content: str) -> Next:
    """What a row needs whose object is to have this content, with no reason to hold it."""
    if row is None or row.state in {State.WAITING, State.HELD}:
        return Next.SEND
    if row.state == State.SENT:
        return Next.LOOK_UP
    if row.state == State.REFUSED:
        return Next.NOTHING if row.content == content else Next.SEND
    return Next.NOTHING


def may_send_again(row: Row, now: datetime, settle: timedelta) -> bool:
    """Whether what was sent and is not there will not appear any more."""
    return row.sent_at is None or now - row.sent_at >= settle


def _learnt(row: Row, entry: Mapping[str, Any]) -> Row:
    """With the fields that an entry names."""
    names = ("person_id", "object_id", "action", "reason", "content", "contact_id")
    row = row._replace(**{name: entry[name] for name in names if name in entry})
    lists: dict[str, Any] = {
        name: tuple(entry[name]) for name in ("lead_ids", "keys") if name in entry
    }
    return row._replace(**lists)


def _moved(row: Row, step: str, at: datetime) -> Row:
    """In the state that a step leads to."""
    if step == Step.DECIDED:
        # A row whose outcome is not known stays so, whatever is decided.
        return row if row.state == State.SENT else row._replace(state=State.WAITING, reason=None)
    if step == Step.SENT:
        return row._replace(state=State.SENT, attempts=row.attempts + 1, sent_at=at, reason=OPEN)
    if step == Step.UNSENT:
        return row._replace(state=State.WAITING)
    if step == Step.DONE:
        return row._replace(state=State.DONE, done_at=at, reason=None)
    return row._replace(state=State.REFUSED if step == Step.REFUSED else State.HELD)


def _digest(text: str) -> str:
    return sha256(text.encode()).hexdigest()


def _moment(at: datetime | str) -> datetime:
    return at if isinstance(at, datetime) else datetime.fromisoformat(at)
