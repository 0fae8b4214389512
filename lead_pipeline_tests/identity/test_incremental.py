"""A day at a time comes to what a rebuild comes to, whatever happened in between.

An example is many small histories side by side, that share no name and no way to be reached, so
that one resolution serves all of them.
"""

from datetime import timedelta
from itertools import product
from typing import NamedTuple

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from lead_pipeline import identity
from lead_pipeline.identity import overrides
from lead_pipeline.identity.overrides import Signature
from lead_pipeline.journal import Journal
from lead_pipeline.records import ParsedLead
from lead_pipeline.warehouse import Session
from lead_pipeline_tests.identity.enquiries import enquire
from lead_pipeline_tests.identity.who_is_who import Groups, assigned, forget, groups_of
from lead_pipeline_tests.warehouse.deliveries import NOW, Delivery, load

HISTORIES = 150
SIGNED = Signature("asha", NOW, "made up")
KEYS = "abcdefgh"
GIVEN = ("asha", "asha", "vikram", "a", "ash", "", "ahsa", "meera")
FAMILY = ("rao", "rao", "seth", "", "r", "rap")
PHONES = (None, "0000", "1100", "1101", "3300")
MAILBOXES = (None, "m", "n", "o")
PLACES = (None, 0, 1, 2)


class Enquiry(NamedTuple):
    """A lead in small: which of its history's, and what it says."""

    key: str
    given: str
    family: str
    phone: str | None
    mailbox: str | None
    place: int | None


class Step(NamedTuple):
    """What happens between two resolutions: leads come or change, one is erased, a hand decides."""

    arriving: list[Enquiry]
    erased: str | None
    decision: str | None


# Drawn whole: what one example may draw is limited, and many histories have to fit into it.
ENQUIRIES = [Enquiry(*drawn) for drawn in product(KEYS, GIVEN, FAMILY, PHONES, MAILBOXES, PLACES)]
DECISIONS = (None, None, None, None, None, None, "merge", "split", "undo")
steps = st.builds(
    lambda arriving, event: Step(arriving, *event),
    st.lists(st.sampled_from(ENQUIRIES), max_size=5, unique_by=lambda enquiry: enquiry.key),
    st.sampled_from([*product((*KEYS, *[None] * 2 * len(KEYS)), DECISIONS)]),
)
histories = st.lists(
    st.lists(steps, min_size=1, max_size=4), min_size=HISTORIES, max_size=HISTORIES
)


def _settings(examples: int) -> settings:
    return settings(
        max_examples=examples,
        deadline=None,
        # The examples are many histories at once; shrinking them would resolve for hours.
        phases=[Phase.explicit, Phase.reuse, Phase.generate],
        suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.data_too_large],
    )


@_settings(3)
@given(histories)
def test_three_hundred_histories_a_step_at_a_time_are_what_a_rebuild_makes(
    session: Session, journal: Journal, histories: list[list[Step]]
) -> None:
    _compare(session, journal, histories)


@pytest.mark.slow
@_settings(68)
@given(histories)
def test_ten_thousand_histories_a_step_at_a_time_are_what_a_rebuild_makes(
    session: Session, journal: Journal, histories: list[list[Step]]
) -> None:
    _compare(session, journal, histories)


def _compare(session: Session, journal: Journal, histories: list[list[Step]]) -> None:
    forget(session)
    journal.path.unlink(missing_ok=True)
    for number in range(max(map(len, histories))):
        current = {
            place: steps[number] for place, steps in enumerate(histories) if number < len(steps)
        }
        _happen(session, journal, number, current)
        identity.resolve(session, journal, NOW + timedelta(hours=number))
        _check_once(session)
    people = assigned(session)
    _rebuild(session)
    assert groups_of(people) == _resolved_anew(session, journal)
    assert assigned(session) == people, "a rebuild gives everybody the id they had"


def _resolved_anew(session: Session, journal: Journal) -> Groups:
    identity.resolve(session, journal, NOW)
    return groups_of(assigned(session))


def _happen(session: Session, journal: Journal, hour: int, current: dict[int, Step]) -> None:
    leads = tuple(
        _lead(place, enquiry)._replace(record_index=index)
        for index, (place, enquiry) in enumerate(
            (place, enquiry) for place, step in current.items() for enquiry in step.arriving
        )
    )
    if leads:
        load(session, Delivery(leads, NOW + timedelta(hours=hour)))
    erased = [f"{place}-{step.erased}" for place, step in current.items() if step.erased]
    for table in ("core.leads", "core.lead_history"):
        session.run(f"DELETE FROM {table} WHERE source_lead_id IN (SELECT unnest($1))", (erased,))
    undone: set[str] = set()
    for place, step in list(current.items())[::5]:
        if step.decision == "undo":
            _undo(session, journal, undone)
        elif step.decision:
            _decide(session, journal, place, step.decision)


def _lead(place: int, enquiry: Enquiry) -> ParsedLead:
    """Names end in a letter of the history's own, and so does all else."""
    own = chr(ord("一") + place)
    words = (enquiry.given, enquiry.family)
    name = " ".join(word + own if len(word) > 1 else word for word in words if word) or None
    phone = enquiry.phone and f"+91{place:06}{enquiry.phone}"
    mailbox = enquiry.mailbox and f"{enquiry.mailbox}{place}@example.org"
    where = None if enquiry.place is None else f"place {enquiry.place} {own}"
    made: ParsedLead = enquire(
        f"{place}-{enquiry.key}",
        name,
        phone,
        email_raw=mailbox,
        city_raw=where,
        address_line1_raw=where if enquiry.place == 2 else None,
    )
    return made


def _decide(session: Session, journal: Journal, place: int, decision: str) -> None:
    """A decision about the history's own people, where one can be made."""
    mine = session.rows(
        "SELECT assignments.person_id, list(leads.lead_id ORDER BY leads.source_lead_id) "
        "FROM core.assignments AS assignments INNER JOIN core.leads AS leads "
        "ON leads.lead_id = assignments.lead_id WHERE leads.source_lead_id LIKE ? "
        "GROUP BY assignments.person_id ORDER BY assignments.person_id",
        (f"{place}-%",),
    )
    if decision == "merge" and len(mine) > 1:
        overrides.merge(session, journal, mine[0][0], mine[-1][0], SIGNED)
    elif decision == "split" and mine and len(mine[0][1]) > 1:
        whole = session.rows(
            "SELECT count(*) FROM core.assignments WHERE person_id = ?", (mine[0][0],)
        )[0][0]
        if whole > 1:
            overrides.split(session, journal, mine[0][0], mine[0][1][:1], SIGNED)


def _undo(session: Session, journal: Journal, undone: set[str]) -> None:
    """Take back the oldest decision but those in `undone`, of which the warehouse may not know."""
    made = session.rows("SELECT event_id FROM core.overrides WHERE is_active ORDER BY event_id")
    for event in [event for (event,) in made if event not in undone][:1]:
        overrides.undo(session, journal, event, SIGNED)
        undone.add(event)


def _check_once(session: Session) -> None:
    """Every lead has one person, and every person is one cluster."""
    assert session.rows(
        "SELECT count(*) FROM core.identity_clusters AS clusters "
        "INNER JOIN core.identity_leads AS leads ON leads.number = clusters.number "
        "INNER JOIN leads AS published ON published.lead_id = leads.lead_id "
        "AND published.person_id = 'P' || lpad(clusters.person::VARCHAR, 9, '0')"
    ) == session.rows("SELECT count(*) FROM core.leads")
    assert (
        session.rows(
            "SELECT person FROM core.identity_clusters GROUP BY person "
            "HAVING count(DISTINCT cluster) > 1"
        )
        == []
    )
    assert session.rows("SELECT count(*) FROM people") == session.rows(
        "SELECT count(DISTINCT person) FROM core.identity_clusters"
    )


def _rebuild(session: Session) -> None:
    """What a rebuild finds: the leads that are there, in no order, and the journal."""
    kept = session.frame("SELECT * FROM core.leads ORDER BY md5(lead_id)")
    forget(session)
    with session.offered("kept", kept):
        session.run("INSERT INTO core.leads BY NAME SELECT * FROM kept")
