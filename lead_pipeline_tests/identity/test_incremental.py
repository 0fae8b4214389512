"""A day at a time comes to what a rebuild comes to, whatever happened in between.

An example is many small histories side by side, that share no name and no way to be reached, so
that one resolution serves all of them.
"""

from datetime import timedelta
from typing import NamedTuple

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from lead_pipeline import identity
from lead_pipeline.identity import overrides
from lead_pipeline.identity.overrides import Signature
from lead_pipeline.journal import Journal
from lead_pipeline.warehouse import Session
from lead_pipeline_tests.identity.enquiries import enquire
from lead_pipeline_tests.identity.who_is_who import Groups, assigned, forget, groups_of
from lead_pipeline_tests.warehouse.deliveries import NOW, Delivery, load

HISTORIES = 75
SIGNED = Signature("asha", NOW, "made up")
GIVEN = ("asha", "asha", "vikram", "a", "ash", "", "ahsa", "meera")
FAMILY = ("rao", "rao", "seth", "", "r", "rap")


class Enquiry(NamedTuple):
    """A lead in small: numbers that stand for names, phones, mailboxes, cities and addresses."""

    given: int
    family: int
    phone: int | None
    mailbox: int | None
    place: int | None


class Step(NamedTuple):
    """What happens between two resolutions: leads come or change, one is erased, a hand decides."""

    arriving: dict[str, Enquiry]
    erased: str | None
    decision: str | None


enquiries = st.builds(
    Enquiry,
    st.integers(0, len(GIVEN) - 1),
    st.integers(0, len(FAMILY) - 1),
    st.none() | st.integers(0, 3),
    st.none() | st.integers(0, 2),
    st.none() | st.integers(0, 2),
)
steps = st.builds(
    Step,
    st.dictionaries(st.sampled_from("abcdefgh"), enquiries, max_size=5),
    st.none() | st.none() | st.sampled_from("abcdefgh"),
    st.none() | st.none() | st.sampled_from(("merge", "split", "undo")),
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


@_settings(4)
@given(histories)
def test_three_hundred_histories_a_step_at_a_time_are_what_a_rebuild_makes(
    session: Session, journal: Journal, histories: list[list[Step]]
) -> None:
    _compare(session, journal, histories)


@pytest.mark.slow
@_settings(134)
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
        _lead(place, key, enquiry)._replace(record_index=index)
        for index, (place, key, enquiry) in enumerate(
            (place, key, enquiry)
            for place, step in current.items()
            for key, enquiry in step.arriving.items()
        )
    )
    if leads:
        load(session, Delivery(leads, NOW + timedelta(hours=hour)))
    for place, step in current.items():
        if step.erased:
            key = f"{place}-{step.erased}"
            for table in ("core.leads", "core.lead_history"):
                session.run(f"DELETE FROM {table} WHERE source_lead_id = ?", (key,))
    decided: set[str] = set()
    for place, step in list(current.items())[::5]:
        # The warehouse learns of what is taken back when it resolves: one at a time.
        if step.decision and not (step.decision == "undo" and "undo" in decided):
            _decide(session, journal, place, step.decision)
            decided.add(step.decision)


def _lead(place: int, key: str, enquiry: Enquiry):  # type: ignore[no-untyped-def]  # noqa: ANN202
    """Names end in letters of the history's own, and so does all else."""
    own = "".join(chr(ord("a") + int(digit)) * 2 for digit in f"{place:02}")
    words = (GIVEN[enquiry.given], FAMILY[enquiry.family])
    name = " ".join(word + own if len(word) > 1 else word for word in words if word) or None
    phone = None if enquiry.phone is None else f"+91{place:02}{enquiry.phone}{enquiry.phone}000000"
    mailbox = None if enquiry.mailbox is None else f"m{enquiry.mailbox}{own}@example.org"
    where = None if enquiry.place is None else f"place {enquiry.place} {own}"
    return enquire(
        f"{place}-{key}",
        name,
        phone,
        email_raw=mailbox,
        city_raw=where,
        address_line1_raw=where if enquiry.place == 2 else None,
    )


def _decide(session: Session, journal: Journal, place: int, decision: str) -> None:
    """A decision about the history's own people, where one can be made."""
    mine = session.rows(
        "SELECT assignments.person_id, list(leads.lead_id ORDER BY leads.source_lead_id) "
        "FROM core.assignments AS assignments INNER JOIN core.leads AS leads "
        "ON leads.lead_id = assignments.lead_id WHERE leads.source_lead_id LIKE ? "
        "GROUP BY assignments.person_id ORDER BY assignments.person_id",
        (f"{place}-%",),
    )
    made = session.rows("SELECT event_id FROM core.overrides WHERE is_active ORDER BY event_id")
    if decision == "merge" and len(mine) > 1:
        overrides.merge(session, journal, mine[0][0], mine[-1][0], SIGNED)
    elif decision == "split" and mine and len(mine[0][1]) > 1:
        whole = session.rows(
            "SELECT count(*) FROM core.assignments WHERE person_id = ?", (mine[0][0],)
        )[0][0]
        if whole > 1:
            overrides.split(session, journal, mine[0][0], mine[0][1][:1], SIGNED)
    elif decision == "undo" and made:
        overrides.undo(session, journal, made[0][0], SIGNED)


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
