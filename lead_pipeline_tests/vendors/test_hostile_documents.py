"""A document that attacks its reader is refused in words, or read for what it says."""

import json
import subprocess
import sys

import pytest

from lead_pipeline.vendors.contract import UnreadableDocument
from lead_pipeline_tests.vendors.cases import AIMBASE_CASE, HOUSING_CASE, housing_row, person
from lead_pipeline_tests.vendors.conftest import leads_of, new_fields_of, read, unreadable_of
from lead_pipeline_tests.vendors.hostile import HOSTILE, ROW, SALES_LEADS, Hostile, with_field

SECRET_FILE = "root:"


@pytest.mark.parametrize("hostile", HOSTILE, ids=str)
def test_a_hostile_document(hostile: Hostile) -> None:
    if hostile.ends == "document refused":
        with pytest.raises(UnreadableDocument) as raised:
            read(hostile.case, hostile.content)
        assert len(str(raised.value)) < 200
        assert "Person" not in str(raised.value)
        return
    items = read(hostile.case, hostile.content)
    assert SECRET_FILE not in str(items)
    unreadable = unreadable_of(items)
    if hostile.ends == "record refused":
        assert [(item.record_index, bool(item.place and item.reason)) for item in unreadable] == [
            (0, True)
        ]
        assert "Person" not in unreadable[0].reason
    else:
        assert unreadable == []
        assert len(leads_of(items)) == 1


@pytest.mark.parametrize(
    "number", ["18446744073709551616", "-" + "9" * 40, "1234567890123456789", "9" * 300]
)
def test_whole_numbers_keep_all_their_digits(number: str) -> None:
    row_with_number = with_field('"x"', number)
    (lead,) = leads_of(read(HOUSING_CASE, f"[{row_with_number}]".encode()))
    assert lead.attributes == f'{{"x":{number}}}'
    row: dict[str, object] = housing_row(person(1)) | {"project_id": int(number)}
    (lead,) = leads_of(read(HOUSING_CASE, json.dumps([row]).encode()))
    assert lead.interest_id == number


def test_of_a_deep_record_the_others_go_on() -> None:
    deep = with_field('"x"', "[" * 1000 + "]" * 1000)
    items = read(HOUSING_CASE, f"[{ROW},{deep},{ROW}]".encode())
    assert [item.record_index for item in unreadable_of(items)] == [1]
    assert [item.record_index for item in leads_of(items)] == [0, 2]


@pytest.mark.parametrize("beside", ['"x"', r'"\u0022:"', r'"\":"', '{"x": "x"}', '{"x" : 1}', '""'])
def test_of_an_ambiguous_record_the_others_go_on(beside: str) -> None:
    ambiguous = with_field('"lead_name"', '"x"')
    ambiguous = f'{ambiguous[:-1]},"other":{beside}}}'
    items = read(HOUSING_CASE, f"[{ROW},{ambiguous},{ROW}]".encode())
    assert [item.reason for item in unreadable_of(items)] == ["gives a name twice"]
    assert [item.record_index for item in leads_of(items)] == [0, 2]


@pytest.mark.parametrize(
    ("old", "new", "path", "kept"),
    [
        ("<SalesLead>", "<SalesLead>loose", "SalesLead/text()", "loose"),
        ("</Header>", "</Header>loose", "SalesLead/text()", "loose"),
        (
            "</GivenName>",
            "</GivenName>loose",
            "Header/IndividualProspect/PersonName/text()",
            "loose",
        ),
        ("<SalesVehicle>", "<SalesVehicle>loose", "Detail/SalesVehicle/text()", "loose"),
    ],
)
def test_text_where_none_belongs_is_kept(old: str, new: str, path: str, kept: str) -> None:
    items = read(AIMBASE_CASE, SALES_LEADS.replace(old, new, 1).encode())
    assert new_fields_of(items) == [path]
    assert json.loads(leads_of(items)[0].attributes)[path] == kept


def test_text_around_a_child_stays_whole() -> None:
    content = SALES_LEADS.replace("Person 1", "Per<b>x</b>son <i/>1")
    (lead,) = leads_of(read(AIMBASE_CASE, content.encode()))
    assert lead.given_name_raw == "Per son 1"


@pytest.mark.parametrize("place", ["<SalesLead>", "</DataArea>"])
def test_text_between_leads_is_refused(place: str) -> None:
    content = SALES_LEADS.replace(place, f"loose{place}")
    with pytest.raises(UnreadableDocument, match="text of its own"):
        read(AIMBASE_CASE, content.encode())


def test_xml_attributes_of_one_local_name_are_all_kept() -> None:
    marks = '<SalesLead xmlns:p="urn:p" xmlns:q="urn:q" m="0" p:m="1" q:m="2">'
    (lead,) = leads_of(read(AIMBASE_CASE, SALES_LEADS.replace("<SalesLead>", marks).encode()))
    attributes = json.loads(lead.attributes)
    kept = ("SalesLead/@m", "SalesLead/@{urn:p}m", "SalesLead/@{urn:q}m")
    assert [attributes[name] for name in kept] == ["0", "1", "2"]


READ_ALL = r"""
import re
from pathlib import Path
from lead_pipeline.vendors.contract import UnreadableDocument
from lead_pipeline_tests.vendors.conftest import read
from lead_pipeline_tests.vendors.hostile import HOSTILE
def peak():
    return int(re.search(r"VmHWM:\s+(\d+) kB", Path("/proc/self/status").read_text())[1]) / 1024
before = peak()
for hostile in HOSTILE:
    try:
        read(hostile.case, hostile.content)
    except UnreadableDocument:
        pass
print(peak() - before)
"""


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="the peak is read from /proc")
def test_hostile_documents_take_little_memory() -> None:
    done = subprocess.run([sys.executable, "-c", READ_ALL], check=True, capture_output=True)
    largest = max(len(hostile.content) for hostile in HOSTILE) / 1024**2
    assert float(done.stdout) < 20 * largest
