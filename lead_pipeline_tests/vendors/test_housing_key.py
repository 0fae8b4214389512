"""`housing/1` is frozen: these keys may never change."""

import json

import pytest

from lead_pipeline_tests.vendors.cases import HOUSING_CASE, housing_row, person
from lead_pipeline_tests.vendors.conftest import leads_of, read

ROW = {
    "lead_name": " Zoë STRASSE ",
    "lead_phone": "+91 98765-43210",
    "lead_email": "Zoe@Example.ORG",
    "lead_date": 1_794_981_600,
    "project_id": 1233,
}


def key(**changed: object) -> str:
    (lead,) = leads_of(read(HOUSING_CASE, json.dumps([ROW | changed]).encode()))
    assert lead.key_version == "housing/1"
    return lead.natural_key


@pytest.mark.parametrize(
    ("changed", "frozen"),
    [
        ({}, '["1233","","",1794981600,"9876543210","zoë strasse"]'),
        ({"lead_phone": ""}, '["1233","","",1794981600,"zoe@example.org","zoë strasse"]'),
        ({"lead_phone": "12-34"}, '["1233","","",1794981600,"1234","zoë strasse"]'),
        ({"lead_name": None}, '["1233","","",1794981600,"9876543210",""]'),
        ({"lead_name": "ẞ"}, '["1233","","",1794981600,"9876543210","ss"]'),
        (
            {"project_id": None, "flat_id": 77, "pg_name": " Sunny "},
            '["","77","Sunny",1794981600,"9876543210","zoë strasse"]',
        ),
    ],
)
def test_the_form(changed: dict[str, object], frozen: str) -> None:
    assert key(**changed) == frozen


@pytest.mark.parametrize(
    "changed",
    [
        {"lead_date": "1794981600"},
        {"lead_date": " 1794981600 "},
        {"lead_date": 1_794_981_600_123},
        {"lead_phone": "919876543210"},
        {"lead_phone": "0 98765 43210"},
        {"lead_email": None},
        {"lead_email": "null"},
        {"lead_name": "zoë straße"},
        {"project_id": "1233"},
        {"project_name": "Lake View"},
        {"locality_name": "Powai"},
        {"country_code": "+91"},
        {"new_field": [1, 2]},
    ],
)
def test_another_way_of_writing_is_the_same_lead(changed: dict[str, object]) -> None:
    assert key(**changed) == key()


@pytest.mark.parametrize(
    "changed",
    [
        {"lead_date": 1_794_981_601},
        {"lead_phone": "+91 98765-43211"},
        {"lead_name": "Zoë"},
        {"project_id": 1234},
        {"flat_id": 5},
    ],
)
def test_another_enquiry_is_another_lead(changed: dict[str, object]) -> None:
    assert key(**changed) != key()


def test_no_value_runs_into_the_next() -> None:
    assert key(project_id=None, flat_id="1", pg_name="2") != key(
        project_id=None, flat_id="12", pg_name=""
    )
    assert key(lead_name='a","b') != key(lead_name="a")


def test_a_row_of_the_suite_has_a_key() -> None:
    assert housing_row(person(1))["lead_date"]
