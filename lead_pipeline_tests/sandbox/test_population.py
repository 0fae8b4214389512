from collections import Counter
from datetime import date

import phonenumbers
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lead_pipeline.sandbox.people import Home, person
from lead_pipeline.sandbox.population import Planner, Population
from lead_pipeline.sandbox.settings import ACCOUNTS, SandboxSettings

DAYS = st.dates(min_value=date(2000, 1, 1), max_value=date(2060, 1, 1))


@settings(max_examples=300, deadline=None)
@given(home=st.sampled_from(Home), number=st.integers(0, 10**8), seed=st.integers(0, 10**6))
def test_phones_are_valid_numbers_of_their_country(home: Home, number: int, seed: int) -> None:
    for phone in person(seed, home, number).phones:
        parsed = phonenumbers.parse(home.value + phone)
        assert phonenumbers.is_valid_number(parsed)
        region = "IN" if home is Home.INDIA else "US"
        assert phonenumbers.region_code_for_number(parsed) == region


@pytest.mark.parametrize("home", Home)
def test_nobody_shares_a_phone_or_an_email(home: Home) -> None:
    people = [person(7, home, number) for number in range(200_000, 210_000)]
    for identifiers in (
        Counter(phone for somebody in people for phone in somebody.phones),
        Counter(email for somebody in people for email in somebody.emails),
    ):
        assert len(identifiers) == 2 * len(people)


@settings(max_examples=25, deadline=None)
@given(day=DAYS, others=st.lists(DAYS, max_size=3), account=st.sampled_from(ACCOUNTS))
def test_a_day_does_not_depend_on_what_was_asked_before(
    day: date, others: list[date], account: str
) -> None:
    asked_first = Population(SandboxSettings()).day(account, day)
    population = Population(SandboxSettings())
    for other in others:
        population.day(account, other)
    assert population.day(account, day) == asked_first


@settings(max_examples=25, deadline=None)
@given(day=DAYS, account=st.sampled_from(ACCOUNTS))
def test_nobody_enquires_twice_in_one_second(day: date, account: str) -> None:
    enquiries = Population(SandboxSettings(leads_per_day=300)).day(account, day)
    made = {(enquiry.created // 1000, enquiry.home, enquiry.number) for enquiry in enquiries}
    assert len(made) == len(enquiries)
    assert [enquiry.index for enquiry in enquiries] == list(range(len(enquiries)))
    assert sorted(enquiries, key=lambda enquiry: enquiry.created // 1000) == list(enquiries)


def test_a_second_enquiry_in_one_second_moves_to_the_next() -> None:
    planner = Planner(SandboxSettings(), "housing", date(2026, 11, 14))
    seconds = [planner.planned(86_399, number, indian=True)[0] for number in (1, 1, 1, 2)]
    assert seconds == [86_399, 0, 1, 86_399]


def test_the_volume_is_the_one_asked_for() -> None:
    population = Population(SandboxSettings(leads_per_day=2000))
    for account in ACCOUNTS:
        assert abs(len(population.day(account, date(2026, 11, 14))) - 2000) < 50


def test_seeds_accounts_and_days_differ() -> None:
    day, next_day = date(2026, 11, 14), date(2026, 11, 15)
    drawn = [
        Population(SandboxSettings(seed=seed)).day(account, when)[0].bits
        for seed in (1, 2)
        for account in ACCOUNTS
        for when in (day, next_day)
    ]
    assert len(set(drawn)) == len(drawn)
