"""Every question of docs/how-to/questions.md has the answer that was worked out without SQL."""

import json
import re
import shutil
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from lead_pipeline.warehouse import Session
from lead_pipeline_tests.house.project import ROOT, text
from lead_pipeline_tests.marts.scripted import insert, push
from lead_pipeline_tests.pipeline.answers import ANSWERS, Deal, Lead, World
from lead_pipeline_tests.pipeline.conftest import FIRST, LAST, NOW
from lead_pipeline_tests.pipeline.conftest import World as Loaded
from lead_pipeline_tests.pipeline.scanning import Crm
from lead_pipeline_tests.pipeline.test_truth import lead_id
from lead_pipeline_tests.sandbox import crm as crm_reader
from lead_pipeline_tests.sandbox.reader import Reader

PAGE = text(ROOT / "docs" / "how-to" / "questions.md")
QUESTION = re.compile(r"^### (\d+)\. ([^\n]+)$.+?^```sql\n(.+?)^```$", re.MULTILINE | re.DOTALL)
QUESTIONS = {int(number): sql for number, _, sql in QUESTION.findall(PAGE)}

LONG_AGO = date(2026, 8, 1)
ASKED_SINCE = datetime(2026, 11, 16, tzinfo=UTC)
GENERATED = datetime(2026, 11, 17, 12, tzinfo=UTC)


@dataclass(frozen=True)
class Published:
    """A snapshot, and what is true of it."""

    crm: Crm
    world: World


def test_there_are_twenty_and_each_has_its_sql() -> None:
    assert list(QUESTIONS) == list(range(1, 21))
    assert len(ANSWERS) == len(QUESTIONS)
    assert PAGE.count("```sql") == len(QUESTIONS)


@pytest.mark.parametrize("number", range(1, 21))
def test_the_answer_is_right(published: Published, number: int) -> None:
    expected = ANSWERS[number - 1](published.world)
    assert expected
    assert published.crm.published(QUESTIONS[number]) == expected


@pytest.fixture(scope="module")
def published(loaded: Loaded, tmp_path_factory: pytest.TempPathFactory) -> Published:
    """Seven days of leads, a CRM read whole, deals that we opened, and copy of three properties."""
    path = tmp_path_factory.mktemp("questions") / "data"
    shutil.copytree(loaded.folder, path, symlinks=True)
    crm = Crm(path, loaded.variables)
    crm.scan(NOW, "contacts", "deals")
    crm.load(NOW)
    leads = _leads(loaded, crm)
    opened = sorted(
        (lead for lead in leads if lead.source == "housing"),
        key=lambda lead: (lead.created_at, lead.lead_id),
    )[:5]
    person_ids = dict(crm.rows("SELECT lead_id, person_id FROM leads WHERE person_id IS NOT NULL"))
    projects = sorted({lead.project for lead in opened if lead.project})[:3]
    with crm.folder(NOW).warehouse.open() as session:
        for lead in opened:
            _push(session, lead, person_ids[lead.lead_id])
        for project in projects:
            _copy(session, project)
        for source in ("housing", "aimbase"):
            _failure(session, source)
    crm.publish(NOW)
    return Published(crm, _world(loaded, crm, leads, opened, projects))


def _push(session: Session, lead: Lead, person_id: str) -> None:
    """A contact once per person, a deal per enquiry; no scan has read them yet."""
    done_at = lead.created_at + timedelta(minutes=5)
    known = session.rows("SELECT 1 FROM ops.pushes WHERE person_id = ?", (person_id,))
    if not known:
        push(session, "contact", f"contact of {person_id}", person_id, done_at)
    push(session, "deal", f"deal of {lead.lead_id}", person_id, done_at, lead.lead_id)


def _copy(session: Session, project: str) -> None:
    fields = {"type": "property.generate-content", "property_id": project}
    insert(
        session,
        "core.objects",
        source="listsmrt",
        account="listsmrt",
        kind="generation",
        natural_key=project,
        created_at=GENERATED,
        first_seen_at=GENERATED,
        fields=json.dumps(fields),
    )


def _failure(session: Session, source: str) -> None:
    """The first time that the account was asked, which it did not answer."""
    insert(
        session,
        "ops.deliveries",
        load_id=0,
        receipt_id=f"first of {source}",
        source=source,
        account=source,
        stream="leads",
        outcome="failed",
        error="VendorUnavailable",
        is_latest=True,
        attempts=0,
        received=0,
        requested_at=ASKED_SINCE,
        received_at=ASKED_SINCE,
    )


def _leads(loaded: Loaded, crm: Crm) -> list[Lead]:
    """What is true of every enquiry that was loaded."""
    there = {lead for (lead,) in crm.rows("SELECT lead_id FROM leads")}
    truth = loaded.sandbox.truth(LONG_AGO, LAST)
    found = [
        Lead(
            lead_id(one),
            one["account"],
            datetime.fromisoformat(one["created_at"]),
            one["person"],
            _project(one["key"]) if one["account"] == "housing" else None,
        )
        for one in (*truth["leads"], *truth["crm"])
    ]
    known = [lead for lead in found if lead.lead_id in there]
    assert {lead.lead_id for lead in known} == there
    return known


def _project(key: str) -> str | None:
    project, flat, *_ = key.split("|")
    return project or flat or None


def _world(
    loaded: Loaded, crm: Crm, leads: list[Lead], opened: list[Lead], projects: list[str]
) -> World:
    person_of = {lead.lead_id: lead.person for lead in leads}
    person_ids = {
        person_of[lead]: person
        for lead, person in crm.published("SELECT lead_id, person_id FROM leads")
    }
    contacts, deals = _crm(loaded)
    by_person: defaultdict[str, list[str]] = defaultdict(list)
    for lead in opened:
        pushed = f"contact of {person_ids[lead.person]}"
        if pushed not in by_person[lead.person]:
            by_person[lead.person].append(pushed)
        about = (lead.created_at + timedelta(minutes=5), "pushed", None, None, None, None)
        deals.append(Deal(f"deal of {lead.lead_id}", *about, frozenset(), lead.lead_id))
    for contact_id, person in contacts.items():
        by_person[person].append(contact_id)
    return World(
        leads=tuple(leads),
        deals=tuple(deals),
        contacts={person: tuple(ids) for person, ids in by_person.items()},
        person_ids=person_ids,
        asked_since={"housing": ASKED_SINCE, "aimbase": ASKED_SINCE, "qontak": NOW},
        known_since=datetime.combine(FIRST, datetime.min.time(), UTC),
        now=NOW,
        copies=tuple((project, GENERATED) for project in projects),
        rows=tuple(_rows(crm, "SELECT account, phone, phone_status, email, email_raw FROM leads")),
        requests=tuple(_rows(crm, "SELECT * FROM ops.deliveries")),
    )


def _rows(crm: Crm, sql: str) -> Iterator[dict[str, Any]]:
    names = [name for name, *_ in crm.published(f"DESCRIBE {sql}")]
    return (dict(zip(names, row, strict=True)) for row in crm.published(sql))


def _crm(loaded: Loaded) -> tuple[dict[str, str], list[Deal]]:
    """Person by contact, oldest first, and the deals, as an independent reader finds them."""
    truth = loaded.sandbox.truth(LONG_AGO, LAST)["crm"]
    alive = sorted(
        (one for one in truth if not one["vanished_at"]), key=lambda one: one["created_at"]
    )
    person_of = {one["key"]: one["person"] for one in alive}
    with Reader(loaded.sandbox, NOW) as reader:
        read = {kind: list(crm_reader.scan(reader, kind)) for kind in ("contacts", "deals")}
    said: defaultdict[str, set[str]] = defaultdict(set)
    for contact in read["contacts"]:
        for deal in contact["crm_deal_ids"] or ():
            said[str(deal)].add(str(contact["id"]))
    deals = [
        Deal(
            str(deal["id"]),
            datetime.fromisoformat(deal["created_at"]),
            deal["crm_deal_status"],
            Decimal(deal["size"]),
            deal["currency"],
            deal["crm_pipeline_name"],
            deal["crm_stage_name"],
            frozenset(
                person_of[contact]
                for contact in {*map(str, deal["crm_lead_ids"]), *said[str(deal["id"])]}
                if contact in person_of
            ),
            None,
        )
        for deal in read["deals"]
    ]
    return person_of, deals
