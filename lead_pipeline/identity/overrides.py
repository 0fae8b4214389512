"""What somebody decides by hand about who is who: into the journal, signed, and never taken out.

An override names leads, not persons, and all leads on both sides, so that it says the same after a
rebuild and whatever comes later. The next resolution acts on it.
"""

from datetime import datetime
from typing import NamedTuple

from lead_pipeline.errors import ConfigError
from lead_pipeline.identity.history import catch_up
from lead_pipeline.identity.reference import install
from lead_pipeline.identity.subjects import leads_meant, persons_of
from lead_pipeline.journal import Journal
from lead_pipeline.warehouse import Session


class Signature(NamedTuple):
    """Who decided, when (UTC) and why."""

    by: str
    at: datetime
    reason: str


def merge(session: Session, journal: Journal, one: str, other: str, signed: Signature) -> str:
    """Make one person of two, each meant by a lead, a person, a phone or an e-mail; the event's id.

    Raises ConfigError where they are one already or nobody is meant.
    """
    _prepare(session, journal)
    persons = sorted({*_persons(session, one), *_persons(session, other)})
    if len(persons) < 2:
        raise _refusal(f"{one} and {other} are one person already: {persons[0]}")
    leads = [lead for person in persons for lead in leads_meant(session, person)]
    return _write(session, journal, "merged", signed, {"sides": [sorted(leads)]})


def split(
    session: Session, journal: Journal, person: str, leads: list[str], signed: Signature
) -> str:
    """Make these leads another person than the rest of theirs; the event's id.

    Raises ConfigError where they are not some of that person's leads.
    """
    _prepare(session, journal)
    everyone = [lead for meant in _persons(session, person) for lead in leads_meant(session, meant)]
    if strangers := sorted({*leads} - {*everyone}):
        raise _refusal(f"the lead {strangers[0]} does not belong to {person}")
    rest = sorted({*everyone} - {*leads})
    if not rest:
        raise _refusal(f"these are all the leads of {person}: nobody would be left")
    return _write(session, journal, "split", signed, {"sides": [sorted({*leads}), rest]})


def undo(session: Session, journal: Journal, event: str, signed: Signature) -> str:
    """Take back a merge or split that somebody made; the id of the event that does so.

    Raises ConfigError where there is none, or it is taken back already.
    """
    _prepare(session, journal)
    found = session.rows("SELECT kind, is_active FROM core.overrides WHERE event_id = ?", (event,))
    if not found or found[0][0] == "undone":
        raise _refusal(f"{event} is no merge or split that somebody made")
    if not found[0][1]:
        raise _refusal(f"{event} is taken back already")
    return _write(session, journal, "undone", signed, {"undoes": event})


def _prepare(session: Session, journal: Journal) -> None:
    with session.transaction():
        install(session)
        catch_up(session, journal)


def _persons(session: Session, subject: str) -> list[str]:
    return persons_of(session, leads_meant(session, subject))


def _write(
    session: Session,
    journal: Journal,
    kind: str,
    signed: Signature,
    content: dict[str, object],
) -> str:
    ((made,),) = session.rows("SELECT count(*) FROM core.overrides")
    event = f"E{made + 1:06}"
    journal.append([{"kind": kind, "event": event, **signed._asdict(), **content}])
    return event


def _refusal(what: str) -> ConfigError:
    return ConfigError(
        what,
        state="nothing was changed",
        next_step="lead-pipeline people explain shows who is who and which events there were",
    )
