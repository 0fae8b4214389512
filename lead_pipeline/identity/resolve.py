"""Decide who each lead belongs to, in the journal first and then in the warehouse."""

from datetime import datetime
from typing import NamedTuple

from lead_pipeline.identity.clusters import cluster
from lead_pipeline.identity.evidence import Changes, find_changes, remember, weigh
from lead_pipeline.identity.golden_record import build_people
from lead_pipeline.identity.history import catch_up, number_assignments, record
from lead_pipeline.identity.reference import install, records, sql
from lead_pipeline.journal import Journal
from lead_pipeline.warehouse import Session

# The one place that says which leads count.
LEADS = "CREATE OR REPLACE TEMP VIEW identity_leads AS SELECT * FROM core.enquiries"


class Resolution(NamedTuple):
    """What resolving changed: leads that got a (new) person, and people there are now."""

    moved_leads: int
    people: int


def resolve(session: Session, journal: Journal, now: datetime) -> Resolution:
    """Give every lead its person and bring `people` up to date, in one transaction.

    Costs what the leads touch that came, changed or went since the last time. Needs the macros of
    `normalise.install`. Raises JournalError, and then changes nothing.
    """
    with session.transaction():
        install(session)
        session.run(LEADS)
        catch_up(session, journal)
        changes = find_changes(session)
        weigh(session, changes)
        moved = _decide(session, journal, now, changes)
        build_people(session, records("golden_record"), everything=changes.everything)
        remember(session, changes)
    people = session.rows("SELECT count(*) FROM people")[0][0]
    return Resolution(moved, people)


def match(session: Session) -> None:
    """Matching alone: from the leads to `clusters`, without ids. The caller rolls it back."""
    install(session)
    session.run(LEADS)
    changes = find_changes(session)
    weigh(session, changes)
    _cluster(session, changes)


def _decide(session: Session, journal: Journal, now: datetime, changes: Changes) -> int:
    _cluster(session, changes)
    _name(session)
    number_assignments(session)
    moved = record(session, journal, now)
    session.run(
        "DELETE FROM core.identity_clusters WHERE {which};".format(
            which="true"
            if changes.everything
            else "number IN (SELECT number FROM resolved UNION ALL SELECT number FROM gone)"
        )
        + "INSERT INTO core.identity_clusters BY NAME "
        "SELECT number, component, cluster, person FROM resolved"
    )
    return moved


def _cluster(session: Session, changes: Changes) -> None:
    session.run(sql("nodes_all") if changes.everything else sql("nodes") + sql("node_leads"))
    cluster(session, everything=changes.everything)


def _name(session: Session) -> None:
    """From `clusters` to `resolved`, everybody with a person, and `moved`."""
    ((is_ahead, has_past),) = session.rows(
        "SELECT (SELECT count(*) FROM core.assignments) <> "
        "(SELECT count(*) FROM core.identity_clusters), "
        "EXISTS (SELECT 1 FROM core.past_assignments)"
    )
    session.run(sql("voters", is_ahead=str(is_ahead)))
    if has_past:
        session.run(sql("former_voters"))
    session.run(sql("votes"))
    if has_past:
        session.run(sql("revive"))
    session.run(sql("assign"))
