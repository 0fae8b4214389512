"""Random leads that arrive in slices, and sometimes change: who is who, and who stays who."""

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from lead_pipeline.identity import resolve
from lead_pipeline.journal import Journal
from lead_pipeline.warehouse import Session
from lead_pipeline_tests.identity.who_is_who import (
    Contact,
    assigned,
    check_continuity,
    connected,
    forget,
    groups_of,
)
from lead_pipeline_tests.warehouse.deliveries import NOW, Delivery, lead, load

PHONES = ("+919000000001", "+919000000002", "+919000000003", "+919000000004")
EMAILS = ("a@example.com", "b@example.com", "c@example.com")
contacts = st.builds(
    Contact,
    phone=st.none() | st.sampled_from(PHONES),
    phone_2=st.none() | st.sampled_from(PHONES),
    email=st.none() | st.sampled_from(EMAILS),
)
slices = st.lists(
    st.dictionaries(st.sampled_from("abcdefgh"), contacts, min_size=1, max_size=5),
    min_size=1,
    max_size=3,
)
rare = settings(
    max_examples=8,
    deadline=None,
    # The examples are small; shrinking them further would load for minutes.
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


def _load(session: Session, number: int, contacts: dict[str, Contact]) -> None:
    leads = [
        lead(
            key,
            index,
            source_lead_id=key,
            phone_raw=contact.phone,
            phone_2_raw=contact.phone_2,
            email_raw=contact.email,
        )
        for index, (key, contact) in enumerate(contacts.items())
    ]
    load(session, Delivery(tuple(leads), NOW + timedelta(hours=number)))


def _forget(session: Session, journal: Journal | None = None) -> None:
    forget(session)
    if journal:
        journal.path.unlink(missing_ok=True)


@pytest.mark.slow
@rare
@given(slices)
def test_people_are_what_is_connected_and_stay_who_they_are(
    session: Session, journal: Journal, slices: list[dict[str, Contact]]
) -> None:
    _forget(session, journal)
    known: dict[str, Contact] = {}
    people: dict[str, str] = {}
    used: set[str] = set()
    for number, arriving in enumerate(slices):
        _load(session, number, arriving)
        known |= arriving
        resolution = resolve(session, journal, NOW)
        now = assigned(session)
        assert groups_of(now) == connected(known)
        assert resolution.people == len(set(now.values()))
        assert resolution.moved_leads == sum(people.get(lead) != now[lead] for lead in now)
        check_continuity(people, now, used)
        people, used = now, used | set(now.values())
    _rebuilt(session, journal, slices, people)


def _rebuilt(
    session: Session, journal: Journal, slices: list[dict[str, Contact]], people: dict[str, str]
) -> None:
    """From what was landed and what was decided alone, everybody is who they were."""
    size, minted = journal.size(), session.rows("SELECT minted_people FROM core.progress")
    _forget(session)
    for number, arriving in reversed(list(enumerate(slices))):
        _load(session, number, arriving)
    assert resolve(session, journal, NOW).moved_leads == 0
    assert assigned(session) == people
    assert journal.size() == size
    assert session.rows("SELECT minted_people FROM core.progress") == minted


@pytest.mark.parametrize("size", [2, 3, 64, 65])
def test_a_long_chain_is_one_person(session: Session, journal: Journal, size: int) -> None:
    """Each lead shares its phone with the one before and its second phone with the one after."""
    order = [(number * 37) % size if size > 60 else number for number in range(size)]
    chain = {
        str(number): Contact(f"+91900000{number:04}", f"+91900000{number + 1:04}")
        for number in order
    }
    _load(session, 0, chain)
    assert resolve(session, journal, NOW).people == len(connected(chain)) == 1
