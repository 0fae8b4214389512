"""Leads that change, go and come back; and who everybody was at any time."""

import pytest

from lead_pipeline.errors import WarehouseUnusable
from lead_pipeline.journal import Journal
from lead_pipeline.warehouse import Session
from lead_pipeline_tests.identity.enquiries import (
    ONE,
    TWO,
    arrive,
    enquire,
    lead_id,
    moment,
    people,
    settle,
    together,
)
from lead_pipeline_tests.identity.who_is_who import assigned

FIRST, SECOND = "P000000001", "P000000002"


def _erase(session: Session, key: str) -> str:
    erased = lead_id(session, key)
    for table in ("core.leads", "core.lead_history"):
        session.run(f"DELETE FROM {table} WHERE lead_id = ?", (erased,))
    return erased


def test_an_update_of_an_old_lead_moves_it(session: Session, journal: Journal) -> None:
    arrive(session, enquire("a", "Asha Rao", ONE), enquire("b", "Asha Rao", ONE))
    settle(session, journal)
    arrive(session, enquire("b", "Kabir Das", TWO), hour=1)
    assert settle(session, journal, 1).moved_leads == 1
    assert people(session) == together("a", "b")
    assert session.rows("SELECT full_name FROM people ORDER BY person_id") == [
        ("Asha Rao",),
        ("Kabir Das",),
    ]


def test_an_enquiry_that_came_again_as_it_was_still_counts(
    session: Session, journal: Journal
) -> None:
    arrive(session, enquire("a", "Asha Rao", ONE))
    settle(session, journal)
    arrive(session, enquire("a", "Asha Rao", ONE), hour=1)
    settle(session, journal, 1)
    arrive(session, enquire("b", "Asha Rao", ONE), hour=2)
    settle(session, journal, 2)
    assert session.rows("SELECT enquiries FROM people") == [(2,)]


def test_an_enquiry_that_cannot_be_found_stops_the_golden_record(
    session: Session, journal: Journal
) -> None:
    arrive(session, enquire("a", "Asha Rao", ONE))
    settle(session, journal)
    session.run("UPDATE core.identity_leads SET version_number = -1")
    arrive(session, enquire("b", "Asha Rao", ONE), hour=1)
    with pytest.raises(WarehouseUnusable, match="1 enquiries") as caught:
        settle(session, journal, 1)
    assert "lead-pipeline rebuild" in str(caught.value)
    assert session.rows("SELECT enquiries FROM people") == [(1,)]


def test_erasing_the_bridge_parts_what_it_tied(session: Session, journal: Journal) -> None:
    mail = {"email_raw": "asha@example.com"}
    arrive(
        session,
        enquire("a", "Asha Rao", ONE),
        enquire("b", "Asha Rao", ONE, **mail),
        enquire("c", "Asha Rao", **mail),
    )
    settle(session, journal)
    assert people(session) == together("abc")
    erased = _erase(session, "b")
    settle(session, journal, 1)
    assert people(session) == together("a", "c")
    assert assigned(session)["a"] == FIRST
    for table in ("core.identity_leads", "core.assignments"):
        assert session.rows(f"SELECT * FROM {table} WHERE lead_id = ?", (erased,)) == []
    assert session.rows("SELECT count(*) FROM core.evidence") == [(0,)]
    assert session.rows(
        "SELECT person_id, valid_to FROM person_history WHERE lead_id = ?", (erased,)
    ) == [(FIRST, moment(1))]


def test_who_is_erased_is_found_though_the_journal_knows_no_numbers(
    session: Session, journal: Journal
) -> None:
    arrive(session, enquire("a", "Asha Rao", ONE), enquire("b", "Kabir Das", TWO))
    settle(session, journal)
    session.run("DELETE FROM core.assignments; UPDATE core.progress SET journal_bytes = 0")
    erased = _erase(session, "b")
    settle(session, journal, 1)
    assert session.rows("SELECT lead_id FROM core.assignments") == [(lead_id(session, "a"),)]
    assert session.rows("SELECT lead_id FROM core.past_assignments") == [(erased,)]


def test_who_is_erased_leaves_no_person_and_no_id_to_others(
    session: Session, journal: Journal
) -> None:
    arrive(session, enquire("a", "Asha Rao", ONE), enquire("b", "Kabir Das", TWO))
    settle(session, journal)
    _erase(session, "b")
    settle(session, journal, 1)
    assert session.rows("SELECT person_id FROM people") == [(FIRST,)]
    arrive(session, enquire("c", "Meera Iyer", "+919871234567"), hour=2)
    settle(session, journal, 2)
    assert assigned(session) == {"a": FIRST, "c": "P000000003"}
    arrive(session, enquire("b", "Kabir Das", TWO), hour=3)
    settle(session, journal, 3)
    assert assigned(session)["b"] == SECOND, "who comes back is who they were"


def test_a_vanished_contact_stays_who_it_was(session: Session, journal: Journal) -> None:
    arrive(session, enquire("a", "Asha Rao", ONE), enquire("b", "Asha Rao", ONE))
    settle(session, journal)
    session.run("UPDATE core.leads SET vanished_at = now() WHERE source_lead_id = 'b'")
    assert settle(session, journal, 1).moved_leads == 0
    assert people(session) == together("ab")


def test_the_past_can_be_told(session: Session, journal: Journal) -> None:
    arrive(session, enquire("a", "Asha Rao", ONE), hour=0)
    arrive(session, enquire("b", "Asha Rao", TWO.replace("90000", "98765")), hour=0)
    settle(session, journal)
    then = assigned(session)
    arrive(
        session, enquire("b", "Asha Rao", ONE), enquire("c", "Kabir Das", "+919871234567"), hour=1
    )
    settle(session, journal, 1)
    assert assigned(session) == {"a": FIRST, "b": FIRST, "c": "P000000003"}
    as_it_was = dict(
        session.rows(
            "SELECT leads.source_lead_id, history.person_id FROM person_history AS history "
            "INNER JOIN leads ON leads.lead_id = history.lead_id "
            "WHERE valid_from <= $at AND (valid_to > $at OR valid_to IS NULL)",
            {"at": moment(0)},
        )
    )
    assert as_it_was == then
    assert session.rows("SELECT * FROM person_redirects") == [(SECOND, FIRST, moment(1), None)]
    assert session.rows(
        "SELECT happened_at, kind, from_person_id, to_person_id, leads FROM person_events"
    ) == [(moment(1), "moved", SECOND, FIRST, 1)]
