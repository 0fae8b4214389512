"""What we wrote into the CRM is no enquiry, whenever that becomes known."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from lead_pipeline import normalise
from lead_pipeline.identity import OwnContact, record_own_contacts, resolve
from lead_pipeline.journal import Journal
from lead_pipeline.records import lead_id_of
from lead_pipeline.warehouse import Session, Warehouse
from lead_pipeline_tests.warehouse.deliveries import NOW, Delivery, lead, load

KEYS = ("101", "102")


def lead_id(key: str) -> str:
    return lead_id_of("housing", "mumbai", "housing/1", key)


def own(keys: Sequence[str]) -> list[OwnContact]:
    return [OwnContact("housing", "mumbai", key, lead_id(key)) for key in keys]


def found(session: Session) -> list[str]:
    return [row[0] for row in session.rows("SELECT lead_id FROM leads ORDER BY lead_id")]


@pytest.mark.parametrize("when", ["before it came", "after it was resolved", "twice"])
def test_our_own_contact_is_no_enquiry(tmp_path: Path, when: str) -> None:
    journal = Journal(tmp_path / "journal.jsonl")
    with Warehouse(tmp_path / "warehouse.duckdb", 1).open() as session:
        normalise.install(session)
        if when != "after it was resolved":
            record_own_contacts(journal, NOW, own(KEYS[:1]))
        load(session, Delivery(tuple(lead(key, n) for n, key in enumerate(KEYS))))
        resolve(session, journal, NOW)
        if when != "before it came":
            record_own_contacts(journal, NOW, own(KEYS[:1]))
            resolve(session, journal, NOW)
        assert found(session) == [lead_id(KEYS[1])]
        assert session.rows("SELECT count(*) FROM people") == [(1,)]
        assert session.rows("SELECT lead_id FROM person_links") == [(lead_id(KEYS[1]),)]


def test_a_new_warehouse_knows_it_from_the_journal(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "journal.jsonl")
    delivery = Delivery(tuple(lead(key, n) for n, key in enumerate(KEYS)))
    for name in ("first", "second"):
        with Warehouse(tmp_path / f"{name}.duckdb", 1).open() as session:
            normalise.install(session)
            load(session, delivery)
            resolve(session, journal, NOW)
            if name == "first":
                record_own_contacts(journal, NOW, own(KEYS[1:]))
            else:
                assert found(session) == [lead_id(KEYS[0])]
