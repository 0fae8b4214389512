"""Which value of a field survives, by each policy that rules/golden_record.csv can name."""

import pytest

from lead_pipeline.errors import ConfigError
from lead_pipeline.identity.golden_record import build_people
from lead_pipeline.journal import Journal
from lead_pipeline.warehouse import Session
from lead_pipeline_tests.identity.enquiries import ONE, TWO, arrive, enquire, settle
from lead_pipeline_tests.warehouse.deliveries import CREATED, NOW, Delivery, lead, load

CITIES = ("Pune", "Pune", "Mumbai", "Delhi")


def _city(session: Session, policy: str, sources: str = "") -> tuple[str, str]:
    """The city that survives, and its source."""
    policies = [{"field": "city", "policy": policy, "sources": sources}]
    build_people(session, policies, everything=True)
    ((city, source),) = session.rows("SELECT city, city_source FROM people")
    return city, source


def _known(session: Session, journal: Journal) -> None:
    """One person of four enquiries, and last one from another source, where they named no city."""
    arrive(
        session,
        *(
            enquire(str(number), "Asha Rao", ONE, city_raw=city)
            for number, city in enumerate(CITIES)
        ),
    )
    boat = lead("boat", full_name_raw="Asha Rao", phone_raw=ONE, city_raw="Goa")
    old = boat._replace(created_at=CREATED.replace(year=2020), key_version="aimbase/1")
    load(session, Delivery((old,), NOW, source="aimbase", account="boats"))
    settle(session, journal)


def test_who_enquired_once_is_as_that_enquiry_says(session: Session, journal: Journal) -> None:
    _known(session, journal)
    arrive(session, enquire("once", "Ravi Menon", TWO, city_raw="Kochi"))
    settle(session, journal)
    said = ("Ravi Menon", "housing", "Kochi", "housing", CREATED, None, None, None)
    assert (*said, CREATED, CREATED, "housing", 1, 1, {"housing": 1}) in session.rows(
        "SELECT full_name, full_name_source, city, city_source, city_at, email, email_source, "
        "email_at, first_enquiry_at, last_enquiry_at, first_source, enquiries, sources, "
        "enquiries_by_source FROM people"
    )
    assert session.rows("SELECT enquiries FROM people ORDER BY 1") == [(1,), (5,)]


def test_the_newest(session: Session, journal: Journal) -> None:
    _known(session, journal)
    assert _city(session, "newest") == ("Delhi", "housing")


def test_the_most_frequent_and_of_equals_the_newest(session: Session, journal: Journal) -> None:
    _known(session, journal)
    assert _city(session, "most_frequent") == ("Pune", "housing")
    arrive(session, enquire("more", "Asha Rao", ONE, city_raw="Mumbai"), hour=5)
    settle(session, journal, 5)
    assert _city(session, "most_frequent") == ("Mumbai", "housing")


def test_the_first_source_that_has_one(session: Session, journal: Journal) -> None:
    _known(session, journal)
    assert _city(session, "source_order", "aimbase|housing") == ("Goa", "aimbase")
    assert _city(session, "source_order", "qontak|housing") == ("Delhi", "housing")


def test_a_policy_that_is_none(session: Session, journal: Journal) -> None:
    _known(session, journal)
    with pytest.raises(ConfigError, match="has the policy loudest for city"):
        _city(session, "loudest")
