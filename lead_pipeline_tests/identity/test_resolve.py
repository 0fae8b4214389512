import json
import shutil
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from lead_pipeline import normalise
from lead_pipeline.errors import JournalError
from lead_pipeline.identity import Resolution, resolve
from lead_pipeline.journal import Journal
from lead_pipeline.warehouse import Session, Warehouse
from lead_pipeline_tests.identity.who_is_who import assigned
from lead_pipeline_tests.warehouse.deliveries import CREATED, NOW, Delivery, lead, load

ONE, TWO, THREE = "+919000000001", "+919000000002", "+919000000003"
MAIL = "asha@example.com"
FIRST, SECOND, THIRD = (f"P00000000{number}" for number in (1, 2, 3))


def _arrive(session: Session, hours: int = 0, **phones: str | None) -> None:
    """Leads by natural key, with their phones."""
    leads = tuple(
        lead(key, index, source_lead_id=key, phone_raw=phone)
        for index, (key, phone) in enumerate(phones.items())
    )
    load(session, Delivery(leads, NOW + timedelta(hours=hours)))


def test_without_leads_there_are_no_people(session: Session, journal: Journal) -> None:
    assert resolve(session, journal, NOW) == Resolution(0, 0)
    assert journal.size() == 0


def test_ids_are_minted_in_the_order_in_which_people_came(
    session: Session, journal: Journal
) -> None:
    _arrive(session, 1, b=TWO)
    _arrive(session, 0, a=ONE)
    assert resolve(session, journal, NOW) == Resolution(2, 2)
    assert assigned(session) == {"a": FIRST, "b": SECOND}


def test_resolving_again_decides_nothing_new(session: Session, journal: Journal) -> None:
    _arrive(session, a=ONE, b=TWO, c=ONE)
    resolve(session, journal, NOW)
    decided = journal.path.read_bytes()
    assert resolve(session, journal, NOW) == Resolution(0, 2)
    assert journal.path.read_bytes() == decided


def test_the_journal_says_who_when_and_which_leads(session: Session, journal: Journal) -> None:
    _arrive(session, a=ONE, b=ONE)
    resolve(session, journal, NOW)
    ids = sorted(row[0] for row in session.rows("SELECT lead_id FROM leads"))
    entry = json.loads(journal.path.read_text())
    at = NOW.isoformat()
    assert entry == {"kind": "assigned", "at": at, "person_id": FIRST, "lead_ids": ids}


def test_when_people_merge_the_oldest_id_stays_and_the_other_is_never_used_again(
    session: Session, journal: Journal
) -> None:
    _arrive(session, 0, a=ONE)
    _arrive(session, 1, b=TWO, c=TWO)
    resolve(session, journal, NOW)
    assert assigned(session) == {"a": FIRST, "b": SECOND, "c": SECOND}
    _arrive(session, 2, b=ONE, c=ONE)
    assert resolve(session, journal, NOW) == Resolution(2, 1)
    _arrive(session, 3, d=THREE)
    resolve(session, journal, NOW)
    assert assigned(session) == {"a": FIRST, "b": FIRST, "c": FIRST, "d": THIRD}


def test_when_people_split_most_of_the_leads_keep_the_id(
    session: Session, journal: Journal
) -> None:
    _arrive(session, a=ONE, b=ONE, c=ONE)
    resolve(session, journal, NOW)
    _arrive(session, 1, a=TWO)
    assert resolve(session, journal, NOW) == Resolution(1, 2)
    assert assigned(session) == {"a": SECOND, "b": FIRST, "c": FIRST}


def test_two_spellings_of_one_mailbox_are_one_person(session: Session, journal: Journal) -> None:
    spellings = ["asha.rao@gmail.com", "asharao+flats@gmail.com", "asharao@example.com"]
    leads = [lead(text, n, source_lead_id=text, email_raw=text) for n, text in enumerate(spellings)]
    load(session, Delivery(tuple(leads)))
    resolve(session, journal, NOW)
    people = assigned(session)
    assert [people[text] for text in spellings] == [FIRST, FIRST, SECOND]


def test_the_golden_record_and_its_evidence(session: Session, journal: Journal) -> None:
    hour = timedelta(hours=1)

    def enquiry(key: str, index: int, hours: int, **fields: Any) -> Any:  # noqa: ANN401
        return lead(key, index, source_lead_id=key, created_at=CREATED + hours * hour, **fields)

    first = enquiry("a", 0, 0, full_name_raw="A. Rao", phone_raw=ONE, country_raw="IN")
    second = enquiry("b", 1, 2, phone_raw=ONE, phone_2_raw=TWO, email_raw=MAIL)
    lonely = enquiry("d", 2, 1, full_name_raw="Nobody")
    load(session, Delivery((first, second, lonely)))
    third = enquiry("c", 0, 1, full_name_raw="Asha Rao", email_raw=MAIL)
    load(session, Delivery((third,), NOW + hour, source="aimbase", account="boats"))
    assert resolve(session, journal, NOW) == Resolution(4, 2)
    names = (
        "person_id, full_name, email, phone, country, first_enquiry_at, last_enquiry_at, "
        "first_source, enquiries, sources"
    )
    assert session.rows(f"SELECT {names} FROM people ORDER BY person_id") == [
        (FIRST, "Asha Rao", MAIL, ONE, "IN", CREATED, CREATED + 2 * hour, "housing", 3, 2),
        (SECOND, "Nobody", None, None, None, CREATED + hour, CREATED + hour, "housing", 1, 1),
    ]
    links = session.rows(
        "SELECT leads.source_lead_id, links.person_id, rule, linked.source_lead_id, weight "
        "FROM person_links AS links INNER JOIN leads ON leads.lead_id = links.lead_id "
        "LEFT JOIN leads AS linked ON linked.lead_id = links.linked_lead_id ORDER BY ALL"
    )
    assert links == [
        ("b", FIRST, "same phone", "a", 0.96),
        ("c", FIRST, "same e-mail", "b", 0.965),
        ("d", SECOND, "only enquiry", None, None),
    ]


def test_every_shared_phone_is_a_line_of_evidence(session: Session, journal: Journal) -> None:
    leads = [lead(key, n, phone_raw=ONE, phone_2_raw=TWO) for n, key in enumerate("ab")]
    load(session, Delivery(tuple(leads)))
    resolve(session, journal, NOW)
    links = session.rows("SELECT person_id, rule FROM person_links")
    assert links == [(FIRST, "same phone")] * 2
    assert session.rows("SELECT DISTINCT length(rules_version) FROM person_links") == [(12,)]


def test_a_crash_between_journal_and_commit_mints_nobody_twice(
    warehouse: Warehouse, journal: Journal, tmp_path: Path
) -> None:
    with warehouse.open() as session:
        _arrive(session, a=ONE, b=TWO, c=ONE)
    before = tmp_path / "before.duckdb"
    shutil.copyfile(warehouse.path, before)
    decided = _resolve(warehouse, journal)
    size = journal.size()
    shutil.copyfile(before, warehouse.path)
    with warehouse.open() as session:
        assert set(assigned(session).values()) == {None}
    assert _resolve(warehouse, journal) == decided
    assert journal.size() == size
    with warehouse.open() as session:
        _arrive(session, 1, d=THREE)
    assert _resolve(warehouse, journal) == decided | {"d": THIRD}


def _resolve(warehouse: Warehouse, journal: Journal) -> dict[str, str]:
    with warehouse.open() as session:
        normalise.install(session)
        resolve(session, journal, NOW)
        return assigned(session)


def test_what_the_journal_says_last_counts(session: Session, journal: Journal) -> None:
    _arrive(session, a=ONE)
    ((lead_id,),) = session.rows("SELECT lead_id FROM leads")
    for person in (THIRD, SECOND):
        journal.append([{"kind": "assigned", "person_id": person, "lead_ids": [lead_id]}])
    journal.append([{"kind": "something else"}])
    resolve(session, journal, NOW)
    assert assigned(session) == {"a": SECOND}
    _arrive(session, 1, b=TWO)
    resolve(session, journal, NOW)
    assert assigned(session)["b"] == "P000000004"


def test_a_journal_that_cannot_be_written_changes_nothing(
    session: Session, journal: Journal
) -> None:
    _arrive(session, a=ONE)
    resolve(session, journal, NOW)
    _arrive(session, 1, b=ONE)
    people = session.rows("SELECT * FROM people")
    journal.path.rename(journal.path.with_suffix(".away"))
    with pytest.raises(JournalError, match="restore the journal"):
        resolve(session, journal, NOW)
    assert session.rows("SELECT * FROM people") == people
    assert assigned(session) == {"a": FIRST, "b": None}
    journal.path.with_suffix(".away").rename(journal.path)
    resolve(session, journal, NOW)
    assert assigned(session) == {"a": FIRST, "b": FIRST}
