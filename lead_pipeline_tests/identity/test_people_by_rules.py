"""Which rules tie enquiries and which do not, one small case each."""

import pytest

from lead_pipeline.identity.reference import limit
from lead_pipeline.journal import Journal
from lead_pipeline.warehouse import Session
from lead_pipeline_tests.identity.enquiries import (
    ONE,
    arrive,
    enquire,
    people,
    settle,
    together,
)

FAR = "+919871234567"
SAME: list[tuple[str, str | None]] = [
    ("Asha Rao", "ASHA RAO"),
    ("Asha Rao", "Rao, Asha"),
    ("Asha Rao", "Rao Asha"),
    ("Asha Rao", "Ms. Asha Rao"),
    ("Asha Rao", "Smt Asha Rao ji"),
    ("Asha Rao", "Asha Roa"),
    ("Asha Rao", "A. Rao"),
    ("Asha Rao", "Asha"),
    ("Asha Rao", "Asha Devi Rao"),
    ("Asha Rao", None),
    ("Asha Rao", "test test"),
    ("William Stone", "Bill Stone"),
    ("Wahyu Kusuma", "Wahyu"),
    ("José Núñez", "Jose Nunez"),
    ("राहुल शर्मा", "श्री राहुल शर्मा"),
    ("王伟", "王伟"),
    ("Иван Петров", "Петров Иван"),
    ("محمد علي", "محمد علي"),
]
OTHERS: list[tuple[str, str | None]] = [
    ("Asha Rao", "Vikram Rao"),
    ("Asha Rao", "Asha Menon"),
    ("Asha Rao", "Vikram"),
    ("Asha Rao", "V. Rao"),
    ("राहुल शर्मा", "अनिता शर्मा"),
]


@pytest.fixture(scope="module")
def places() -> dict[str, str]:
    """A phone for each pair of names, so that all of them are resolved at once."""
    return {
        f"{one}|{other}": f"+9198{index:02}{index:02}{index:02}{index:02}"
        for index, (one, other) in enumerate(SAME + OTHERS)
    }


def test_names_that_share_a_phone(
    session: Session, journal: Journal, places: dict[str, str]
) -> None:
    arrive(
        session,
        *(
            enquire(f"{pair}#{side}", name, places[pair])
            for pair, names in ((f"{a}|{b}", (a, b)) for a, b in SAME + OTHERS)
            for side, name in enumerate(names)
        ),
    )
    settle(session, journal)
    found = people(session)
    for one, other in SAME + OTHERS:
        pair = f"{one}|{other}"
        is_one = frozenset({f"{pair}#0", f"{pair}#1"}) in found
        assert is_one == ((one, other) in SAME), pair


def test_a_broker_has_many_clients(session: Session, journal: Journal) -> None:
    clients = ("Asha Rao", "Vikram Seth", "Meera Iyer", "Kabir Das")
    arrive(
        session,
        *(enquire(f"{name}{n}", name, ONE) for name in clients for n in range(2)),
        enquire("nobody", None, ONE),
        enquire("part", "Asha", ONE),
    )
    settle(session, journal)
    expected = {frozenset({f"{name}0", f"{name}1"}) for name in clients[1:]}
    expected |= {frozenset({"Asha Rao0", "Asha Rao1", "part"}), frozenset({"nobody"})}
    assert people(session) == expected


def test_a_part_of_two_names_is_neither(session: Session, journal: Journal) -> None:
    arrive(
        session,
        enquire("a", "Asha Rao", ONE),
        enquire("b", "Asha Menon", ONE),
        enquire("c", "Asha", ONE),
    )
    settle(session, journal)
    assert people(session) == together("a", "b", "c")


def test_who_gives_a_part_of_two_names_twice_may_be_either_each_time(
    session: Session, journal: Journal
) -> None:
    mail = {"email_raw": "asha@example.com"}
    arrive(session, enquire("c", "Asha", ONE), enquire("d", "Asha", ONE))
    settle(session, journal)
    assert people(session) == together("cd")
    arrive(session, enquire("a", "Asha Rao", ONE), enquire("b", "Asha Menon", ONE), hour=1)
    settle(session, journal, 1)
    assert people(session) == together("a", "b", "c", "d")
    arrive(session, enquire("c", "Asha", ONE, **mail), enquire("d", "Asha", ONE, **mail), hour=2)
    settle(session, journal, 2)
    assert people(session) == together("a", "b", "cd")


def test_a_new_name_takes_back_what_only_one_name_allowed(
    session: Session, journal: Journal
) -> None:
    arrive(session, enquire("a", "Asha Rao", ONE), enquire("c", "Asha", ONE))
    settle(session, journal)
    assert people(session) == together("ac")
    arrive(session, enquire("b", "Asha Menon", ONE), hour=1)
    settle(session, journal, 1)
    assert people(session) == together("a", "b", "c")


def test_second_chances_need_the_same_name_in_full(session: Session, journal: Journal) -> None:
    home = {"address_line1_raw": "12 Lake Road", "city_raw": "Pune"}
    arrive(
        session,
        enquire("a", "Asha Rao", ONE),
        enquire("b", "Asha Rao", ONE.replace("90000", "90600")),
        enquire("c", "Kabir Das", "+919811111112", **home),
        enquire("d", "Kabir Das", "+919822222223", **home),
        enquire("e", "Vikram Seth", "+919833333334", postal_code_raw="411001"),
        enquire("f", "Vikram Seth", FAR, postal_code_raw="411001"),
        enquire("g", "Meera", "+919844444445", postal_code_raw="411001"),
        enquire("h", "Meera", "+919855555556", postal_code_raw="411001"),
    )
    settle(session, journal)
    assert people(session) == together("ab", "cd", "ef", "g", "h")


def test_a_digit_amiss_ties_nobody_whose_name_many_have(session: Session, journal: Journal) -> None:
    """Else each of a hundred thousand tests would be compared with every other."""
    phones = [f"+9190000{number:05}" for number in range(int(limit("rare_name_leads")) + 1)]
    leads = [enquire(phone, "Asha Rao", phone) for phone in phones]
    arrive(session, *leads[:2])
    settle(session, journal)
    assert people(session) == {frozenset(phones[:2])}
    arrive(session, *leads, hour=1)
    settle(session, journal, 1)
    assert people(session) == {frozenset({phone}) for phone in phones}


def test_an_office_mailbox_ties_only_the_same_name(session: Session, journal: Journal) -> None:
    office = {"email_raw": "sales@agency.example"}
    arrive(
        session,
        enquire("a", "Asha Rao", **office),
        enquire("b", "Asha Rao", **office),
        enquire("c", "A. Rao", **office),
        enquire("d", None, **office),
    )
    settle(session, journal)
    assert people(session) == together("ab", "c", "d")


def test_two_names_in_full_stay_apart_whoever_is_between(
    session: Session, journal: Journal
) -> None:
    """A nameless enquiry has the phone of one and the e-mail of the other."""
    mail = {"email_raw": "home@example.com"}
    arrive(
        session,
        enquire("a", "Asha Rao", ONE),
        enquire("b", "Vikram Seth", **mail),
        enquire("c", None, ONE, **mail),
    )
    settle(session, journal)
    assert people(session) == together("a", "bc")
