"""A month written by hand, and what its funnel must be, counted by hand."""

import shutil
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from lead_pipeline.marts import build_marts
from lead_pipeline.records import lead_id_of
from lead_pipeline.warehouse import Session, Warehouse
from lead_pipeline_tests.marts.scripted import at, contact, crm_object, deal, enquiry, insert, push

SEA_VIEW = {"interest_kind": "property", "interest_id": "7", "interest_name": "Sea View"}
GARDEN = {"interest_kind": "property", "interest_id": "8", "interest_name": "Garden"}
DECK = {"interest_kind": "boat", "interest_name": "Deck Boat"}

ASHA, WAS_ASHA, RAVI, MEERA, JOHN, LATA = ("P1", "P2", "P3", "P4", "P5", "P6")


@pytest.fixture(scope="module")
def month(made_once: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Session]:
    """November 2026, made once; tests that use it only read."""
    path = tmp_path_factory.mktemp("month") / "warehouse.duckdb"
    shutil.copyfile(made_once, path)
    with Warehouse(path, wait_seconds=0).open() as session:
        _month(session)
        build_marts(session)
        yield session


def _month(session: Session) -> None:
    """Its Mondays are the 2nd, the 9th and the 16th."""
    enquiry(session, "H1", "housing", ASHA, at(2, 10), **SEA_VIEW)
    enquiry(session, "H2", "housing", ASHA, at(4, 9), **SEA_VIEW)
    insert(
        session,
        "core.past_assignments",
        lead_id="H2",
        person_id=WAS_ASHA,
        assigned_at=at(4, 10),
        ended_at=at(6),
    )
    session.run("UPDATE core.assignments SET assigned_at = ? WHERE lead_id = 'H2'", (at(6),))
    enquiry(session, "A1", "aimbase", RAVI, at(3, 8), **DECK)
    enquiry(session, "H3", "housing", RAVI, at(10, 8), **GARDEN)
    enquiry(session, "H4", "housing", MEERA, at(11, 8), **SEA_VIEW)
    enquiry(session, "A2", "aimbase", MEERA, at(12, 9), **DECK)
    enquiry(session, "H5", "housing", JOHN, at(18, 9), **GARDEN)
    enquiry(session, "H6", "housing", LATA, at(19, 9), **SEA_VIEW)
    _contacts(session)
    _deals(session)


def _contacts(session: Session) -> None:
    """Meera's was made after she enquired, John walked in; the others are ours, Lata's is gone."""
    contact(session, "11", MEERA, at(12, 13))
    contact(session, "12", JOHN, at(5, 9))
    push(session, "contact", "21", WAS_ASHA, at(4, 11))
    push(session, "contact", "22", RAVI, at(3, 12))
    push(session, "contact", "23", LATA, at(19, 10))
    crm_object(session, "contact", "21", at(4, 11))
    crm_object(session, "contact", "23", at(19, 10), vanished_at=at(20))
    own = lead_id_of("qontak", "qontak", "qontak/1", "21")
    enquiry(session, own, "qontak", None, at(4, 11))
    insert(session, "core.own_leads", lead_id=own)


def _deals(session: Session) -> None:
    """D1, D8, D9: ours. D2: linked to two people. D5: to none. D6: gone. D7: before anything."""
    deal(session, "D1", at(4, 12), "won", ("100.50", "IDR"), ("21",))
    push(session, "deal", "D1", WAS_ASHA, at(4, 12), "H2")
    deal(session, "D2", at(11, 12), "won", ("2000", "USD"), ("22", "11"))
    deal(session, "D3", at(13), "lost", ("500", "IDR"), ("11",))
    deal(session, "D4", at(20), "won", ("200.25", "IDR"), ("12",))
    deal(session, "D5", at(17), "won", ("10", "USD"))
    deal(session, "D6", at(12), "won", ("999", "IDR"), ("22",), vanished_at=at(14))
    deal(session, "D7", at(1), "nurturing", ("1", "IDR"), ("12",))
    push(session, "deal", "D8", JOHN, at(18, 11), "H5")
    deal(session, "D9", at(19, 12), " WON ", None, ("23",))
    push(session, "deal", "D9", LATA, at(19, 12), "H6")


Touched = tuple[int, int, int, int, dict[str, Decimal], int]
"""Deals, won, lost, unknown, amounts of the won, won without an amount."""
NONE: Touched = (0, 0, 0, 0, {}, 0)
LOST: Touched = (1, 0, 1, 0, {}, 0)
UNKNOWN: Touched = (1, 0, 0, 1, {}, 0)
UNPRICED: Touched = (1, 1, 0, 0, {}, 1)
WON_AND_UNKNOWN: Touched = (2, 1, 0, 1, {"IDR": Decimal("200.25")}, 0)


def _won(amount: str, currency: str) -> Touched:
    """One deal, won, of which the amount is known."""
    return (1, 1, 0, 0, {currency: Decimal(amount)}, 0)


FIRST, SECOND, THIRD = date(2026, 11, 2), date(2026, 11, 9), date(2026, 11, 16)
EXPECTED = [
    # Week, source, project; enquiries, people, new, contacts; by first touch; by last; vanished
    (date(2026, 10, 26), None, None, (0, 0, 0, 0), UNKNOWN, UNKNOWN, 0),  # D7
    (FIRST, "aimbase", "Deck Boat", (1, 1, 1, 1), _won("2000", "USD"), NONE, 0),  # A1: D2
    (FIRST, "housing", "Sea View", (2, 1, 1, 1), *[_won("100.50", "IDR")] * 2, 0),  # H1, H2: D1
    (FIRST, "qontak", None, (1, 1, 1, 1), _won("200.25", "IDR"), NONE, 0),  # 12: D4
    (SECOND, "aimbase", "Deck Boat", (1, 1, 0, 1), NONE, LOST, 0),  # A2: D3
    (SECOND, "housing", "Garden", (1, 1, 0, 1), NONE, NONE, 1),  # H3: D6
    (SECOND, "housing", "Sea View", (1, 1, 1, 1), LOST, _won("2000", "USD"), 0),  # H4: D3, D2
    (SECOND, "qontak", None, (1, 1, 0, 1), NONE, NONE, 0),  # 11
    (THIRD, "housing", "Garden", (1, 1, 0, 1), UNKNOWN, WON_AND_UNKNOWN, 0),  # H5: D8, D4
    (THIRD, "housing", "Sea View", (1, 1, 1, 0), UNPRICED, UNPRICED, 0),  # H6: D9
    (THIRD, None, None, (0, 0, 0, 0), *[_won("10", "USD")] * 2, 0),  # D5
]

COUNTS = ["deals", "won", "lost", "unknown", "won_amounts", "won_without_amount"]
TOUCH = {
    touch: "(" + ", ".join(f"{touch}_touch_{name}" for name in COUNTS) + ")"
    for touch in ("first", "last")
}


def test_the_funnel_is_the_one_counted_by_hand(month: Session) -> None:
    found = month.rows(
        "SELECT week, source, project, (enquiries, people, new_people, contacts), "
        f"{TOUCH['first']}, {TOUCH['last']}, vanished_deals FROM marts.lead_funnel "
        "ORDER BY week, source, project"
    )
    assert found == EXPECTED


def test_every_deal_says_whose_it_is(month: Session) -> None:
    walk_in = lead_id_of("qontak", "qontak", "qontak/1", "12")
    assert month.rows(
        "SELECT deal_id, outcome, attribution, first_touch_lead_id, last_touch_lead_id "
        "FROM marts.deal_outcomes ORDER BY deal_id"
    ) == [
        ("D1", "won", "our enquiry", "H2", "H2"),
        ("D2", "won", "touches", "A1", "H4"),
        ("D3", "lost", "touches", "H4", "A2"),
        ("D4", "won", "touches", walk_in, "H5"),
        ("D5", "won", "no contact", None, None),
        ("D6", "won", "touches", "A1", "H3"),
        ("D7", "unknown", "no enquiry before", None, None),
        ("D8", "pushed", "our enquiry", "H5", "H5"),
        ("D9", "won", "our enquiry", "H6", "H6"),
    ]


def test_an_enquiry_says_how_far_it_came(month: Session) -> None:
    found = {
        lead: rest
        for lead, *rest in month.rows(
            "SELECT lead_id, person_id, contact_id, in_crm_at, first_touch_won, last_touch_won "
            "FROM marts.enquiry_outcomes"
        )
    }
    assert found["H1"] == [ASHA, "21", at(4, 11), 0, 0]
    assert found["H2"] == [ASHA, "21", at(4, 11), 1, 1]
    assert found["A1"] == [RAVI, "22", at(3, 12), 1, 0]
    # The contact was there before: the deal is the first that the CRM got after the enquiry.
    assert found["H3"] == [RAVI, "22", at(12), 0, 0]
    assert found["H6"] == [LATA, None, at(19, 10), 1, 1]
    assert len(found) == 10


def test_won_amounts_of_a_project_are_those_of_its_last_touches(month: Session) -> None:
    assert month.rows(
        "SELECT source, project, enquiries, people, new_people, deals, won, won_amounts "
        "FROM marts.project_performance ORDER BY source, project"
    ) == [
        ("aimbase", "Deck Boat", 2, 2, 1, 1, 0, {}),
        ("housing", "Garden", 2, 2, 0, 2, 1, {"IDR": Decimal("200.25")}),
        (
            *("housing", "Sea View", 4, 3, 3, 3, 3),
            {"IDR": Decimal("100.50"), "USD": Decimal(2000)},
        ),
    ]


def test_amounts_that_no_sum_can_hold_stop_nothing(session: Session) -> None:
    for number in range(30):
        deal(session, f"D{number}", at(5), "won", ("9" * 28, "IDR"))
    build_marts(session)
    assert session.rows(
        "SELECT last_touch_won, last_touch_won_amounts, last_touch_won_without_amount "
        "FROM marts.lead_funnel"
    ) == [(30, {}, 30)]


def test_a_deal_without_a_date_is_counted_too(session: Session) -> None:
    deal(session, "D1", None, "won", ("5", "IDR"))
    build_marts(session)
    assert session.rows(
        "SELECT week, last_touch_won, last_touch_won_amounts FROM marts.lead_funnel"
    ) == [(None, 1, {"IDR": Decimal(5)})]


def test_people_by_source_and_what_sources_share(month: Session) -> None:
    columns = "enquiries, people, new_people, returning_people, shared_people"
    assert month.rows(f"SELECT source, {columns} FROM marts.people_by_source ORDER BY source") == [
        ("aimbase", 2, 2, 1, 0, 2),
        ("housing", 6, 5, 3, 1, 3),
        ("qontak", 2, 2, 1, 0, 2),
    ]
    assert month.rows(
        "SELECT source, other_source, people, people_of_source, came_here_first "
        "FROM marts.source_overlap ORDER BY source, other_source"
    ) == [
        ("aimbase", "aimbase", 2, 2, 1),
        ("aimbase", "housing", 2, 2, 1),
        ("aimbase", "qontak", 1, 2, 0),
        ("housing", "aimbase", 2, 5, 1),
        ("housing", "housing", 5, 5, 3),
        ("housing", "qontak", 2, 5, 1),
        ("qontak", "aimbase", 1, 2, 0),
        ("qontak", "housing", 2, 2, 1),
        ("qontak", "qontak", 2, 2, 1),
    ]
