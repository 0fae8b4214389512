"""Faults of single leads, seen over HTTP: which are hit, and what becomes of all of them."""

import zlib
from datetime import timedelta

import orjson
import pytest
from lxml import etree

from lead_pipeline.sandbox import Fault, FaultKind, Sandbox, SandboxSettings, running_sandbox
from lead_pipeline.sandbox.housing_rows import natural_key
from lead_pipeline_tests.sandbox.reader import (
    NOW,
    STAR,
    Reader,
    rows,
    sales_leads,
    text,
)
from lead_pipeline_tests.sandbox.wire import DAY, VENDORS, ask

both = pytest.mark.parametrize("vendor", VENDORS)


def leads(reader: Reader, vendor: str) -> list[bytes]:
    """The leads of a day, one by one, in their order."""
    response = ask(reader, vendor)
    if vendor == "housing":
        return [orjson.dumps(row) for row in rows(response)]
    if vendor == "qontak":
        return [orjson.dumps(record) for record in response.json()["response"]]
    return [etree.tostring(lead, with_tail=False) for lead in sales_leads(response)]


def hit(sandbox: Sandbox) -> int:
    (only,) = sandbox.faults_given()
    return only.records


@both
@pytest.mark.parametrize("kind", [FaultKind.MALFORMED_RECORDS, FaultKind.CHANGED])
def test_about_the_share_is_hit_and_the_others_are_as_they_were(
    faulty_sandbox: Sandbox, faulty_reader: Reader, vendor: str, kind: FaultKind
) -> None:
    before = leads(faulty_reader, vendor)
    faulty_sandbox.set_faults([Fault(kind, share=0.3)])
    after = leads(faulty_reader, vendor)
    assert len(after) == len(before)
    other = sum(old != new for old, new in zip(before, after, strict=True))
    assert other == hit(faulty_sandbox)
    assert 0.1 * len(before) < other < 0.6 * len(before)


@both
def test_vanished_leads_are_missing_and_no_others(
    faulty_sandbox: Sandbox, faulty_reader: Reader, vendor: str
) -> None:
    before = leads(faulty_reader, vendor)
    faulty_sandbox.set_faults([Fault(FaultKind.VANISHED, share=0.3)])
    after = leads(faulty_reader, vendor)
    assert after == [lead for lead in before if lead in after]
    assert len(before) - len(after) == hit(faulty_sandbox) > 0


@both
@pytest.mark.parametrize("share", [0.0, 1.0])
def test_nobody_and_everybody(
    faulty_sandbox: Sandbox, faulty_reader: Reader, vendor: str, share: float
) -> None:
    before = ask(faulty_reader, vendor).content
    faulty_sandbox.set_faults([Fault(FaultKind.VANISHED, share=share)])
    after = ask(faulty_reader, vendor).content
    if share:
        assert leads(faulty_reader, vendor) == []
    else:
        assert after == before
    assert [one.given for one in faulty_sandbox.faults_given()] == [2 if share else 0]


def test_the_same_leads_are_hit_in_every_window_and_at_every_time(
    own_sandbox: Sandbox, own_reader: Reader
) -> None:
    noon = DAY + timedelta(hours=12)
    own_sandbox.set_faults([Fault(FaultKind.VANISHED, share=0.4)])
    whole = rows(own_reader.housing(DAY, DAY + timedelta(days=1)))
    parts = rows(own_reader.housing(noon, DAY + timedelta(days=1)))
    parts += rows(own_reader.housing(DAY, noon - timedelta(seconds=1)))
    assert parts == whole
    own_sandbox.set_clock(NOW + timedelta(hours=9))
    with Reader(own_sandbox, NOW + timedelta(hours=9)) as later:
        assert rows(later.housing(DAY, DAY + timedelta(days=1))) == whole


def test_a_smaller_share_lies_within_a_larger_one(
    faulty_sandbox: Sandbox, faulty_reader: Reader
) -> None:
    kept = []
    for share in (0.2, 0.5):
        faulty_sandbox.set_faults([Fault(FaultKind.VANISHED, share=share)])
        kept.append({str(row) for row in rows(ask(faulty_reader, "housing"))})
    assert kept[1] < kept[0]


def test_another_seed_hits_others() -> None:
    fault = Fault(FaultKind.CHANGED, share=0.5)
    places = []
    for seed in (7, 8):
        with (
            running_sandbox(SandboxSettings(now=NOW, seed=seed)) as sandbox,
            Reader(sandbox) as reader,
        ):
            before = leads(reader, "aimbase")
            sandbox.set_faults([fault])
            after = leads(reader, "aimbase")
        changed = zip(before[:30], after[:30], strict=True)
        places.append([old != new for old, new in changed])
    assert places[0] != places[1]


def test_housings_malformed_rows_cannot_be_read(
    faulty_sandbox: Sandbox, faulty_reader: Reader
) -> None:
    faulty_sandbox.set_faults([Fault(FaultKind.MALFORMED_RECORDS, share=1)])
    found = rows(ask(faulty_reader, "housing"))
    assert found
    assert not any(isinstance(row, dict) and str(row.get("lead_date")).isdigit() for row in found)
    assert {type(row) for row in found} == {dict, str, int, type(None), list}


def test_aimbases_malformed_leads_cannot_be_read(
    faulty_sandbox: Sandbox, faulty_reader: Reader
) -> None:
    faulty_sandbox.set_faults([Fault(FaultKind.MALFORMED_RECORDS, share=1)])
    found = sales_leads(ask(faulty_reader, "aimbase"))
    whats = {
        (
            lead.find(f".//{STAR}DocumentId") is not None,
            lead.findtext(f".//{STAR}DocumentDateTime", "none")[:4],
        )
        for lead in found
    }
    assert whats == {(False, "2026"), (True, "soon"), (True, "none")}


def test_a_field_that_nobody_has_seen(faulty_sandbox: Sandbox, faulty_reader: Reader) -> None:
    before = [row.keys() for row in rows(ask(faulty_reader, "housing"))]
    faulty_sandbox.set_faults([Fault(FaultKind.UNKNOWN_FIELD)])
    found = rows(ask(faulty_reader, "housing"))
    assert [row.keys() - {"lead_temperature"} for row in found] == before
    assert {row["lead_temperature"] for row in found} == {"hot", "cold"}
    elements = sales_leads(ask(faulty_reader, "aimbase"))
    assert [text(lead, "LeadTemperature") for lead in elements] == ["Hot"] * len(elements)
    assert hit(faulty_sandbox) == len(found) + len(elements)


def test_a_field_of_another_type_at_housing(faulty_sandbox: Sandbox, faulty_reader: Reader) -> None:
    faulty_sandbox.set_faults([Fault(FaultKind.CHANGED_TYPE)])
    found = rows(ask(faulty_reader, "housing"))
    assert {type(row["project_name"]) for row in found} == {str, int, dict}
    assert {type(row["lead_phone"]) for row in found} == {str, int}
    assert all(
        isinstance(row["lead_phone"], int) != (not isinstance(row["project_name"], str))
        for row in found
    )


def test_an_element_of_another_type_at_aimbase(
    faulty_sandbox: Sandbox, faulty_reader: Reader
) -> None:
    faulty_sandbox.set_faults([Fault(FaultKind.CHANGED_TYPE)])
    found = sales_leads(ask(faulty_reader, "aimbase"))
    changes = [
        (
            lead.find(f".//{STAR}LeadSource/{STAR}Name") is not None,
            lead.find(f".//{STAR}FamilyName/{STAR}Text") is not None,
            lead.find(f".//{STAR}DocumentId[@checked]") is not None,
        )
        for lead in found
    ]
    assert set(changes) == {(True, False, False), (False, True, False), (False, False, True)}


def test_changed_rows_keep_their_natural_key(
    faulty_sandbox: Sandbox, faulty_reader: Reader
) -> None:
    before = rows(ask(faulty_reader, "housing"))
    faulty_sandbox.set_faults([Fault(FaultKind.CHANGED, share=1)])
    after = rows(ask(faulty_reader, "housing"))
    keys = [[natural_key(row) for row in found] for found in (before, after)]  # type: ignore[arg-type]  # rows as read
    assert keys[0] == keys[1]
    for old, new in zip(before, after, strict=True):
        different = {name for name in old.keys() | new.keys() if old.get(name) != new.get(name)}
        assert different in ({"locality", "project_name"}, {"locality_name", "project_name"})


def test_changed_elements_keep_their_natural_key(
    faulty_sandbox: Sandbox, faulty_reader: Reader
) -> None:
    before = sales_leads(ask(faulty_reader, "aimbase"))
    faulty_sandbox.set_faults([Fault(FaultKind.CHANGED, share=1)])
    after = sales_leads(ask(faulty_reader, "aimbase"))
    for name in ("DocumentId", "DocumentDateTime", "FamilyName"):
        assert [text(lead, name) for lead in before] == [text(lead, name) for lead in after]
    assert {text(lead, "CustomerComments") for lead in after} == {
        "Has called again & bought <elsewhere>"
    }
    assert {text(lead, "LeadStatus") for lead in after} == {"Contacted"}


@both
def test_bytes_that_are_no_utf_8(
    faulty_sandbox: Sandbox, faulty_reader: Reader, vendor: str
) -> None:
    before = ask(faulty_reader, vendor).content
    faulty_sandbox.set_faults([Fault(FaultKind.WRONG_ENCODING)])
    after = ask(faulty_reader, vendor).content
    with pytest.raises(UnicodeDecodeError):
        after.decode()
    assert after.replace(b"\xc3\x28", b"") == before
    assert hit(faulty_sandbox) == 1


@pytest.mark.parametrize("kind", [FaultKind.WRONG_ENCODING, FaultKind.UNKNOWN_FIELD])
def test_where_no_lead_is_nothing_is_given(
    faulty_sandbox: Sandbox, faulty_reader: Reader, kind: FaultKind
) -> None:
    later = NOW + timedelta(days=1)
    before = faulty_reader.housing(later, later).content
    faulty_sandbox.set_faults([Fault(kind, times=1)])
    assert faulty_reader.housing(later, later).content == before
    assert [one.given for one in faulty_sandbox.faults_given()] == [0]
    assert ask(faulty_reader, "housing").content != ask(faulty_reader, "housing").content


@both
def test_a_spoiled_day_is_the_same_day_in_every_sandbox(vendor: str) -> None:
    faults = (Fault(FaultKind.MALFORMED_RECORDS, share=0.3),)
    settings = SandboxSettings(now=NOW, faults=faults)
    seen = set()
    for _ in range(2):
        with running_sandbox(settings) as sandbox, Reader(sandbox) as reader:
            seen.add(zlib.crc32(ask(reader, vendor).content))
    assert len(seen) == 1
