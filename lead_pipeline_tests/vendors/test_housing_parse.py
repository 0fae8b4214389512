"""What Housing sends, and what it may send."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lead_pipeline.records import ParsedLead
from lead_pipeline.vendors.contract import NewField, ParsedItem, Unreadable
from lead_pipeline_tests.vendors.cases import HOUSING_CASE, housing_row, person
from lead_pipeline_tests.vendors.conftest import leads_of, new_fields_of, read, unreadable_of

ROW = housing_row(person(1))


def items(*rows: object) -> list[ParsedItem]:
    return read(HOUSING_CASE, json.dumps(list(rows)).encode())


def lead(**changed: object) -> ParsedLead:
    (found,) = leads_of(items(ROW | changed))
    return found


def test_the_sample_of_the_document() -> None:
    sample = {
        "lead_name": "Akshay",
        "lead_phone": "987654321",
        "lead_email": "null",
        "project_id": 1233,
        "project_name": "ABC Projects",
        "locality": "Powai",
        "lead_date": "143534543",
    }
    (found,) = items(sample)
    assert isinstance(found, ParsedLead)
    assert found.created_at.isoformat() == "1974-07-20T06:42:23+00:00"
    assert (found.full_name_raw, found.phone_raw, found.email_raw) == ("Akshay", "987654321", None)
    assert (found.interest_kind, found.interest_id) == ("property", "1233")
    assert (found.interest_name, found.interest_locality) == ("ABC Projects", "Powai")
    assert found.attributes == "{}"


def test_both_envelopes_hold_the_same() -> None:
    rows = [housing_row(person(number)) for number in range(5)]
    wrapped = read(HOUSING_CASE, json.dumps({"data": rows}).encode())
    assert wrapped == items(*rows)
    assert len(leads_of(wrapped)) == 5


def test_an_unknown_field_of_the_envelope_is_reported_beside_its_rows() -> None:
    found = read(HOUSING_CASE, json.dumps({"data": [ROW], "total": 1}).encode())
    assert new_fields_of(found) == ["total"]
    assert len(leads_of(found)) == 1


def test_a_byte_order_mark_does_not_matter() -> None:
    assert read(HOUSING_CASE, b"\xef\xbb\xbf" + json.dumps([ROW]).encode()) == items(ROW)


@pytest.mark.parametrize("email", ["", "null", "NULL", " null ", None])
def test_no_email(email: str | None) -> None:
    assert lead(lead_email=email).email_raw is None


def test_known_optional_fields_are_kept_by_their_names() -> None:
    optional = {
        "apartment_names": ["2BHK", "3BHK"],
        "city_name": "Mumbai",
        "max_price": 1.5e7,
        "min_area": None,
        "property_field": {"a": [1]},
        "service_type": "buy",
    }
    found = items(ROW | optional)
    assert new_fields_of(found) == []
    assert json.loads(leads_of(found)[0].attributes) == optional


def test_both_spellings_of_locality() -> None:
    row = {name: value for name, value in ROW.items() if name != "locality"}
    (spelled,) = leads_of(items(row | {"locality_name": "Bandra"}))
    assert spelled.interest_locality == "Bandra"
    both = lead(locality_name="Bandra")
    assert both.interest_locality == "Powai"
    assert json.loads(both.attributes) == {"locality_name": "Bandra"}


def test_a_brokers_flat() -> None:
    found = lead(project_id=None, project_name=None, flat_id="F9", pg_name="Sunny")
    assert (found.interest_id, found.interest_name) == ("F9", "Sunny")
    assert lead(flat_id=9).attributes == '{"flat_id":"9"}'


def test_the_calling_code_goes_along() -> None:
    assert lead(country_code="+91").phone_country_code == "+91"


def test_an_optional_field_of_another_type_is_kept_and_reported() -> None:
    found = items(ROW | {"country_code": 91, "project_name": ["A"]})
    assert sorted(new_fields_of(found)) == ["country_code:integer", "project_name:array"]
    (only,) = leads_of(found)
    assert json.loads(only.attributes) == {"country_code": 91, "project_name": ["A"]}
    assert (only.phone_country_code, only.interest_name) == (None, None)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("lead_date", None),
        ("lead_date", ""),
        ("lead_date", "soon"),
        ("lead_date", "1_794_981_600"),
        ("lead_date", "١٧٩٤٩٨١٦٠٠"),
        ("lead_date", "1794981600.0"),
        ("lead_date", 1794981600.0),
        ("lead_date", True),
        ("lead_date", -1),
        ("lead_date", 0),
        ("lead_date", 99_999_999_999),
        ("lead_date", 10**18),
        ("lead_date", 10**30),
        ("lead_date", "9" * 5000),
        ("lead_phone", 9876543210),
        ("lead_phone", ["1"]),
        ("lead_email", False),
        ("lead_name", {"first": "A"}),
        ("project_id", 1.5),
        ("project_id", True),
        ("flat_id", []),
    ],
)
def test_a_key_field_that_cannot_be_read(field: str, value: object) -> None:
    found = items(ROW, ROW | {field: value})
    (unreadable,) = unreadable_of(found)
    assert unreadable.place == f"record 1, field {field}"
    assert leads_of(found) == leads_of(items(ROW))


def test_without_phone_and_email_nobody_can_be_found() -> None:
    (unreadable,) = unreadable_of(items(ROW | {"lead_phone": "n/a", "lead_email": "null"}))
    assert "neither" in unreadable.reason


def test_milliseconds_are_seconds_and_reported() -> None:
    found = items(ROW | {"lead_date": 1_794_981_600_999})
    assert leads_of(found)[0].created_at.timestamp() == 1_794_981_600
    assert new_fields_of(found) == ["lead_date:milliseconds"]


def test_what_is_no_row_stands_alone() -> None:
    found = items(ROW, None, 5, "text", [], ROW)
    assert [entry.record_index for entry in unreadable_of(found)] == [1, 2, 3, 4]
    assert [entry.record_index for entry in leads_of(found)] == [0, 5]


WORDS = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
SCALARS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | WORDS
)
VALUES = SCALARS | st.lists(SCALARS, max_size=2) | st.dictionaries(WORDS, SCALARS, max_size=2)
KNOWN = [*ROW, "locality_name", "flat_id", "pg_name", "country_code", "max_price"]
ROWS = st.fixed_dictionaries({}, optional=dict.fromkeys([*KNOWN, "", "unknown"], VALUES))


@given(st.lists(ROWS | SCALARS, max_size=4))
def test_every_row_is_read_or_named(rows: list[object]) -> None:
    found = items(*rows)
    counted = [item for item in found if not isinstance(item, NewField)]
    assert [item.record_index for item in counted] == list(range(len(rows)))
    for item in counted:
        if isinstance(item, Unreadable):
            assert item.place.startswith(f"record {item.record_index}")
        else:
            assert item.natural_key


@given(st.dictionaries(WORDS, VALUES, max_size=3))
def test_what_nobody_knows_loses_nothing(extra: dict[str, object]) -> None:
    unknown = {f"new {name}": value for name, value in extra.items()}
    found = items(ROW | unknown)
    assert sorted(new_fields_of(found)) == sorted(unknown)
    plain, (only,) = lead(), leads_of(found)
    assert only._replace(attributes="") == plain._replace(attributes="")
    assert set(json.loads(only.attributes)) == set(unknown)


TEXT = WORDS.map(str.strip)


@given(name=TEXT, phone=TEXT, email=TEXT.filter(lambda text: text.lower() != "null"))
def test_text_is_kept_as_it_came(name: str, phone: str, email: str) -> None:
    row = ROW | {"lead_name": name, "lead_phone": phone, "lead_email": email}
    (item,) = items(row)
    if isinstance(item, ParsedLead):
        assert item.full_name_raw == (name or None)
        assert item.phone_raw == (phone or None)
        assert item.email_raw == (email or None)
    else:
        assert isinstance(item, Unreadable)
        assert not email
