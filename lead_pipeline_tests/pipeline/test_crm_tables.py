"""What analysts have of the CRM: exact amounts, UTC, ids as text, links, additional fields."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from lead_pipeline_tests.pipeline.scanning import FIRST, KINDS, Crm
from lead_pipeline_tests.vendors.qontak_list import TEMPLATE, PagedList
from lead_pipeline_tests.vendors.scripted import Asked, Reply, scripted

LARGE = "1234567890123456789012345678.0123456789"
MADE = {"created_at": "2026-11-14T08:00:00.000+07:00", "updated_at": "2026-11-14T03:00:00Z"}
BUDGET = {"additional_fields": [{"id": 7, "name": "budget", "value": "1500", "value_name": None}]}
OBJECTS: dict[str, list[dict[str, object]]] = {
    "contacts": [
        {
            "id": 1,
            "first_name": "Sari",
            "email": " Sari@Example.ORG ",
            "crm_source_name": "Walk In",
            "crm_company_id": 7,
            "crm_deal_ids": [5],
            **MADE,
            **BUDGET,
        },
        {"id": 2, "first_name": "Budi", **MADE},
    ],
    "companies": [{"id": 7, "name": "Sentosa", "annual_revenue": "12.50", **MADE}],
    "deals": [
        {
            "id": 5,
            "name": "Ruko",
            "size": LARGE,
            "currency": "IDR",
            "closed_date": "2026-11-15T01:30:00+07:00",
            "crm_lead_ids": [1, 2],
            "crm_company_id": [7],
            **MADE,
        },
        {"id": 6, "name": "Rumah", "size": "-0.1", **MADE},
    ],
    "tasks": [{"id": "0000000000000000000000e1", "crm_deal_id": 5, "crm_person_id": 2, **MADE}],
}
LINKS = {
    (("contact", "1"), ("company", "7")),
    (("contact", "1"), ("deal", "5")),
    (("contact", "2"), ("deal", "5")),
    (("deal", "5"), ("company", "7")),
    (("task", "0000000000000000000000e1"), ("deal", "5")),
    (("task", "0000000000000000000000e1"), ("contact", "2")),
}


def _answered(asked: Asked) -> Reply:
    stream = asked.target.partition("?")[0].split("/")[3]
    return PagedList(OBJECTS[stream], template=TEMPLATE)(asked)


@pytest.fixture(scope="module")
def crm(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Crm]:
    """One scan of each stream, published."""
    names = ("QONTAK_CLIENT_ID", "QONTAK_CLIENT_SECRET", "QONTAK_SSO_ID")
    with scripted(_answered) as vendor:
        variables = {"QONTAK_BASE_URL": vendor.base_url, **dict.fromkeys(names, "x")}
        crm = Crm(tmp_path_factory.mktemp("crm") / "data", variables)
        crm.scan(FIRST, *KINDS)
        crm.load(FIRST)
        crm.publish(FIRST)
        yield crm


def test_amounts_are_exact(crm: Crm) -> None:
    assert crm.published("SELECT amount FROM crm_deals ORDER BY deal_id") == [
        (Decimal(LARGE),),
        (Decimal("-0.1"),),
    ]
    assert crm.published("SELECT annual_revenue FROM crm_companies") == [(Decimal("12.5"),)]


def test_times_are_utc(crm: Crm) -> None:
    ((created, updated, closed),) = crm.published(
        "SELECT created_at, updated_at, closed_at FROM crm_deals WHERE deal_id = '5'"
    )
    assert created == datetime(2026, 11, 14, 1, tzinfo=UTC)
    assert updated == datetime(2026, 11, 14, 3, tzinfo=UTC)
    assert closed == datetime(2026, 11, 14, 18, 30, tzinfo=UTC)


def test_ids_are_text_as_they_came(crm: Crm) -> None:
    assert crm.published("SELECT task_id, contact_id, deal_id FROM crm_tasks") == [
        ("0000000000000000000000e1", "2", "5")
    ]
    assert crm.published("SELECT contact_id, company_id FROM crm_deals ORDER BY deal_id") == [
        (None, "7"),
        (None, None),
    ]


def test_every_link_is_there_in_both_directions(crm: Crm) -> None:
    found = crm.published("SELECT from_kind, from_id, to_kind, to_id FROM crm_links")
    there = [((kind, key), (other, its)) for kind, key, other, its in found]
    assert sorted(there) == sorted([*LINKS, *((end, start) for start, end in LINKS)])


def test_additional_fields_have_their_names_and_types(crm: Crm) -> None:
    ((text,),) = crm.published("SELECT additional_fields FROM crm_contacts WHERE contact_id = '1'")
    assert json.loads(text)["budget"]["value"] == 1500
    assert json.loads(text).keys() == {"budget"}


def test_a_contact_and_its_enquiry_are_one(crm: Crm) -> None:
    assert crm.published(
        "SELECT contact_id, crm_contacts.channel, leads.channel, crm_contacts.email, leads.email "
        "FROM crm_contacts INNER JOIN leads USING (lead_id) ORDER BY contact_id"
    ) == [
        ("1", "Walk In", "Walk In", " Sari@Example.ORG ", "sari@example.org"),
        ("2", None, None, None, None),
    ]
