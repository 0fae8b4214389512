"""What Qontak sends, and what it may send."""

import io
import json
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from lead_pipeline.records import ParsedObject
from lead_pipeline.vendors.contract import ParsedItem, UnreadableDocument
from lead_pipeline.vendors.qontak import QONTAK
from lead_pipeline.vendors.qontak.envelope import Totals, opened
from lead_pipeline_tests.vendors.cases import contact, envelope, person
from lead_pipeline_tests.vendors.conftest import new_fields_of, unreadable_of

DEAL: dict[str, object] = {
    "id": 65,
    "name": "Unit 7",
    "created_at": "2026-11-12T18:50:20.474+07:00",
    "updated_at": "2026-11-13T00:00:00+00:00",
    "currency": "IDR",
    "size": "1500000000.50",
    "closed_date": None,
    "crm_company_id": [25],
    "crm_lead_ids": [33, 34],
    "product_association_price": [12, "3.50", None],
}
TYPES = {
    "budget": "Number",
    "visit": "Date",
    "kinds": "Multiple select",
    "note": "Text area",
    "kind": "Dropdown select",
}
TEMPLATE = json.dumps(
    {
        "response": [
            {"id": 100 + place, "name": name, "type": kind, "additional_field": True}
            for place, (name, kind) in enumerate(TYPES.items())
        ]
    }
).encode()


def items(stream: str, *records: object, template: bytes | None = None) -> list[ParsedItem]:
    sides = {} if template is None else {f"{stream}_info": io.BytesIO(template)}
    return list(QONTAK.parse(stream, io.BytesIO(envelope(list(records))), {}, sides))


def read(stream: str, record: object, template: bytes | None = None) -> ParsedObject:
    (found,) = (
        item for item in items(stream, record, template=template) if isinstance(item, ParsedObject)
    )
    return found


def fields(stream: str, record: object) -> dict[str, object]:
    found: dict[str, object] = json.loads(read(stream, record).fields)
    return found


def additional(*entries: dict[str, object]) -> dict[str, dict[str, object]]:
    record = contact(person(1)) | {"additional_fields": list(entries)}
    found: dict[str, dict[str, object]] = json.loads(
        read("contacts", record, TEMPLATE).additional_fields
    )
    return found


def test_a_contact_is_an_object_and_an_enquiry() -> None:
    found = read("contacts", contact(person(7)) | {"crm_deal_ids": [3], "job_title": "CEO"})
    lead = found.lead
    assert lead is not None
    assert (found.kind, found.key_version, found.natural_key) == ("contact", "qontak/1", "5007")
    assert (lead.key_version, lead.natural_key, lead.source_lead_id) == ("qontak/1", "5007", "5007")
    assert (lead.created_at, lead.updated_at) == (found.created_at, found.updated_at)
    assert (lead.given_name_raw, lead.family_name_raw) == ("Person 7", None)
    assert (lead.email_raw, lead.phone_raw) == ("person7@example.org", "9876500007")
    assert (lead.channel, lead.status, lead.company_raw) == ("Website", "New", "Lake View")
    assert json.loads(lead.attributes) == {"crm_deal_ids": [3], "job_title": "CEO"}
    assert found.attributes == found.additional_fields == "{}"


def test_both_streams_of_contacts_read_the_same() -> None:
    record = contact(person(1)) | {"New": 1}
    assert items("contacts", record) == items("contacts_created", record)


def test_a_deal() -> None:
    found = read("deals", DEAL)
    assert (found.kind, found.natural_key, found.lead) == ("deal", "65", None)
    assert found.created_at == datetime(2026, 11, 12, 11, 50, 20, 474000, UTC)
    kept = json.loads(found.fields)
    assert kept["size"] == "1500000000.50"
    assert kept["created_at"] == "2026-11-12T11:50:20.474000+00:00"
    assert kept["crm_company_id"] == [25]
    assert kept["product_association_price"] == ["12", "3.50", None]
    assert "closed_date" not in kept


def test_times_are_written_the_same_beside_a_number_of_many_digits() -> None:
    for written in ("0999-01-02T03:04:05Z", "2026-11-12T18:50:20.5+07:00"):
        plain, long = (
            fields("deals", {"id": number, "created_at": written}) for number in (1, 10**30)
        )
        assert long == plain | {"id": 10**30}


def test_fields_are_compact_and_sorted() -> None:
    turned = dict(reversed(DEAL.items()))
    assert read("deals", turned).fields == read("deals", DEAL).fields
    assert " " not in read("deals", DEAL | {"name": "x"}).fields


@pytest.mark.parametrize("identifier", [12, "12", " 12 "])
def test_an_id_is_text_whatever_it_came_as(identifier: object) -> None:
    assert read("tasks", {"id": identifier}).natural_key == "12"


def test_an_id_stays_as_it_came_among_the_fields() -> None:
    assert fields("tasks", {"id": "12", "crm_deal_id": 4}) == {"id": "12", "crm_deal_id": 4}


@pytest.mark.parametrize("identifier", [None, "", " ", True, 1.5, [], {}, "a\nb", "x" * 201])
def test_a_record_without_a_usable_id(identifier: object) -> None:
    (unreadable,) = unreadable_of(items("tasks", {"id": 1}, {"id": identifier}, {"id": 2}))
    assert (unreadable.record_index, unreadable.place) == (1, "record 1, field id")


def test_a_record_that_is_none() -> None:
    found = items("companies", {"id": 1}, None, 5, "text", [])
    assert [one.place for one in unreadable_of(found)] == [f"record {n}" for n in range(1, 5)]


@pytest.mark.parametrize(
    "size", ["soon", "1,500", "1e9", "", True, [], {}, "9" * 29, 10**30, 1e300]
)
def test_a_size_that_is_no_decimal(size: object) -> None:
    found = items("deals", DEAL | {"size": size})
    if size == "":
        assert "size" not in fields("deals", DEAL | {"size": size})
        return
    (unreadable,) = unreadable_of(found)
    assert unreadable.place == "record 0, field size"


@pytest.mark.parametrize(
    ("size", "text"), [(0, "0"), (1.5, "1.5"), ("-3", "-3"), (1e20, "100000000000000000000")]
)
def test_a_size_is_a_decimal(size: object, text: str) -> None:
    assert Decimal(str(fields("deals", DEAL | {"size": size})["size"])) == Decimal(text)


@pytest.mark.parametrize("name", ["created_at", "updated_at", "closed_date", "start_date"])
@pytest.mark.parametrize(
    "value",
    [
        "yesterday",
        "2026-11-12",
        "2026-11-12T18:50:20",
        "2026-13-12T18:50:20Z",
        "0001-01-01T00:00:00+07:00",
        "2026-W46-4T18:50:20Z",
        "٢٠٢٦-11-12T18:50:20Z",
        1794981600,
        True,
        [],
    ],
)
def test_a_timestamp_that_is_none(name: str, value: object) -> None:
    (unreadable,) = unreadable_of(items("deals", DEAL | {name: value}))
    assert unreadable.place == f"record 0, field {name}"
    assert "Unit" not in unreadable.reason


def test_a_contact_without_a_date_is_no_enquiry() -> None:
    record = {name: value for name, value in contact(person(1)).items() if name != "created_at"}
    (unreadable,) = unreadable_of(items("contacts", record))
    assert unreadable.reason == "is missing"
    assert read("companies", record).created_at is None


def test_a_field_of_another_type_is_kept_and_reported() -> None:
    record = contact(person(1)) | {"email": ["a"], "job_title": {"en": "CEO"}, "crm_deal_ids": 1.5}
    found = items("contacts", record)
    assert sorted(new_fields_of(found)) == [
        "crm_deal_ids:number",
        "email:array",
        "job_title:object",
    ]
    read_anyway = read("contacts", record)
    assert json.loads(read_anyway.attributes) == {
        "email": ["a"],
        "job_title": {"en": "CEO"},
        "crm_deal_ids": 1.5,
    }
    assert read_anyway.lead is not None
    assert read_anyway.lead.email_raw is None


def test_links_come_as_one_or_as_many() -> None:
    for value in (25, "25", [25], []):
        found = items("deals", DEAL | {"crm_company_id": value})
        assert new_fields_of(found) == []
        assert fields("deals", DEAL | {"crm_company_id": value})["crm_company_id"] == value


def test_a_new_field_is_reported_once_a_page() -> None:
    found = items("tasks", {"id": 1, "mood": 1}, {"id": 2, "mood": None})
    assert new_fields_of(found) == ["mood"]
    assert json.loads(read("tasks", {"id": 1, "mood": 1}).attributes) == {"mood": 1}


@pytest.mark.parametrize(
    ("name", "value", "typed"),
    [
        ("budget", "1500", 1500),
        ("budget", "12.50", 12.5),
        ("budget", 7, 7),
        ("visit", "2026-11-20", "2026-11-20"),
        ("visit", "20-11-2026", "2026-11-20"),
        ("visit", "2026-11-20T07:00:00+07:00", "2026-11-20T00:00:00+00:00"),
        ("kinds", "435,436", [435, 436]),
        ("kinds", "435", [435]),
        ("kinds", "sea view, loft", ["sea view", "loft"]),
        ("note", "12", "12"),
        ("kind", "435", "435"),
        ("unknown", "12", "12"),
        ("budget", "", ""),
    ],
)
def test_additional_fields_have_the_types_of_the_template(
    name: str, value: object, typed: object
) -> None:
    entry = {"id": 9, "name": name, "value": value, "value_name": "so"}
    assert additional(entry) == {name: {"id": 9, "value": typed, "value_name": "so"}}
    found = items("contacts", contact(person(1)) | {"additional_fields": [entry]})
    assert new_fields_of(found) == []


@pytest.mark.parametrize(("name", "value"), [("budget", "much"), ("visit", "soon"), ("kinds", 1.5)])
def test_a_value_that_is_not_of_its_type_stays_and_is_reported(name: str, value: object) -> None:
    entry = {"id": 9, "name": name, "value": value, "value_name": None}
    record = contact(person(1)) | {"additional_fields": [entry]}
    found = items("contacts", record, template=TEMPLATE)
    assert new_fields_of(found) == [f"additional_fields.{name}:not a {TYPES[name].lower()}"]
    assert additional(entry)[name]["value"] == value


def test_the_id_of_a_field_decides_before_its_name() -> None:
    entry = {"id": 100, "name": "renamed", "value": "5", "value_name": None}
    assert additional(entry)["renamed"]["value"] == 5


def test_additional_fields_without_any_value_are_left_out() -> None:
    assert additional({"id": 1, "name": "a", "value": None, "value_name": None}) == {}
    kept = {"id": 1, "name": "a", "value": None, "value_name": "A"}
    assert additional(kept) == {"a": {"id": 1, "value": None, "value_name": "A"}}


def test_two_additional_fields_of_one_name() -> None:
    twice: list[dict[str, object]] = [
        {"id": n, "name": "a", "value": n, "value_name": None} for n in (1, 2)
    ]
    assert set(additional(*twice)) == {"a", "a #2"}


@pytest.mark.parametrize("entries", [{"a": 1}, "text", [1], [{"value": 1}]])
def test_additional_fields_of_an_unknown_shape_are_kept(entries: object) -> None:
    found = items("contacts", contact(person(1)) | {"additional_fields": entries})
    assert new_fields_of(found) == ["additional_fields:unknown shape"]
    kept = read("contacts", contact(person(1)) | {"additional_fields": entries})
    assert json.loads(kept.attributes) == {"additional_fields": entries}


def test_what_an_additional_field_says_more_is_kept_and_reported() -> None:
    entry = {"id": 1, "name": "a", "value": "x", "value_name": "x", "unit": "m"}
    record = contact(person(1)) | {"additional_fields": [entry]}
    assert new_fields_of(items("contacts", record)) == ["additional_fields.unit"]
    assert additional(entry)["a"]["unit"] == "m"


def test_a_template_holds_no_records_of_its_own() -> None:
    assert list(QONTAK.parse("contacts_info", io.BytesIO(TEMPLATE), {}, {})) == []
    with pytest.raises(UnreadableDocument):
        list(QONTAK.parse("contacts_info", io.BytesIO(b'{"response": [1]}'), {}, {}))


def test_stages_and_pipelines_are_kinds_of_their_own() -> None:
    stage = {"id": 4, "name": "Open", "order": 1, "crm_pipeline_id": 4, "win_probability": "10"}
    assert read("stages", stage).kind == "stage"
    assert read("pipelines", {"id": 4, "name": "Sales", "active": True}).kind == "pipeline"


def test_totals_have_two_names() -> None:
    envelopes = [
        {"response": [], "page": 2, "total_page": 3, "current_data": 0, "total_data": 30},
        {"response": [], "current_page": "2", "total_page": "3", "total_current_data": "0"},
        {"response": [], "page": "two", "total_data": -1, "total_page": True},
    ]
    assert [opened(one).totals for one in envelopes] == [
        Totals(30, 3, 0, 2),
        Totals(None, 3, 0, 2),
        Totals(),
    ]


def test_an_unknown_field_of_the_envelope_is_reported_beside_its_records() -> None:
    body = io.BytesIO(envelope([{"id": 1}], links={}))
    assert new_fields_of(list(QONTAK.parse("tasks", body, {}, {}))) == ["links"]
