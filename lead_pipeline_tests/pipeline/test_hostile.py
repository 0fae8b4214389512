"""Whatever text a vendor sends in whatever field: through to the snapshot, or quarantined."""

import json
import unicodedata
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from lead_pipeline.pipeline.folder import DataFolder
from lead_pipeline.pipeline.load import load_account
from lead_pipeline.pipeline.outcome import build_reports, publish_snapshot, resolve_people
from lead_pipeline.records import Receipt, day_window
from lead_pipeline.settings import Settings
from lead_pipeline.warehouse import open_snapshot
from lead_pipeline_tests.pipeline.naughty import CONTROLS, NAUGHTY
from lead_pipeline_tests.vendors.cases import (
    AIMBASE_CASE,
    HOUSING_CASE,
    Case,
    escaped,
    housing_row,
    person,
    process_sales_lead,
)
from lead_pipeline_tests.vendors.hostile import HOSTILE, Hostile
from lead_pipeline_tests.warehouse.fixtures import put_warehouse

NOW = datetime(2026, 11, 20, 18, 30, tzinfo=UTC)
LEDGER = (
    "SELECT outcome, received, new + changed + unchanged + stale + repeated + quarantined, "
    "quarantined FROM ops.deliveries ORDER BY load_id"
)
CLEANED = {
    *("full_name", "given_name", "family_name", "address_line1", "city", "region", "postal_code"),
    *("interest_id", "interest_name", "interest_locality", "channel", "status", "request_type"),
    "comments",
}
"""Columns whose blanks and invisible marks are tidied, and whose spellings of nothing are null."""
TELLS_NOTHING = {"null", "none", "undefined", "n/a", "-"}

HOUSING_PLACES = {
    "lead_name": "full_name",
    "lead_phone": "phone_raw",
    "lead_email": "email_raw",
    "project_id": "interest_id",
    "project_name": "interest_name",
    "locality": "interest_locality",
    "pg_name": "pg_name",
    "flat_id": "flat_id",
    "city_name": "city_name",
    "nobody_knows": "nobody_knows",
}
"""Where each field's text is found again: a column, or else an attribute."""

_PROSPECT = "Header/IndividualProspect"
AIMBASE_PLACES = {
    f"{_PROSPECT}/PersonName/GivenName": "given_name",
    f"{_PROSPECT}/PersonName/FamilyName": "family_name",
    f"{_PROSPECT}/Address/AddressLine": "address_line1",
    f"{_PROSPECT}/Address/City": "city",
    f"{_PROSPECT}/Address/StateOrProvince": "region",
    f"{_PROSPECT}/Address/PostalCode": "postal_code",
    f"{_PROSPECT}/Contact/Telephone": "phone_raw",
    f"{_PROSPECT}/Contact/EmailAddress": "email_raw",
    f"{_PROSPECT}/MarketingMailInd": "MarketingMailInd",
    f"{_PROSPECT}/PurchaseEarliestDate": "PurchaseEarliestDate",
    "Header/DocumentId": "source_lead_id",
    "Header/LeadSource": "channel",
    "Header/CustomerComments": "comments",
    "Header/Nobody/Knows": "Header/Nobody/Knows",
    "Header/Nobody/@knows": "Header/Nobody/@knows",
    "Detail/LeadStatus": "status",
    "Detail/LeadRequestType": "request_type",
    "Detail/LeadIndustryType": "LeadIndustryType",
    "Detail/SalesVehicle/ModelDescription": "interest_name",
}
"""Where the text at each path is found again, alike."""


class Intake:
    """A data folder into which documents are landed as if a vendor had sent them."""

    def __init__(self, path: Path) -> None:
        put_warehouse(path)
        self.folder = DataFolder(path, Settings(data_dir=path, now=NOW))
        self._landed = 0

    def land(self, case: Case, content: bytes) -> None:
        body = self.folder.bodies.store([content])
        self._landed += 1
        receipt = Receipt(
            receipt_id=f"{self._landed:04}",
            run_id="run",
            source=case.vendor.source,
            account="main",
            environment="loopback",
            stream="leads",
            window=day_window(NOW.date()),
            covers=True,
            requested_at=NOW,
            received_at=NOW,
            attempts=1,
            reading={"default_country": "IN"},
            status=200,
            sha256=body.sha256,
            length=body.length,
        )
        self.folder.receipts.write(receipt)

    def publish(self) -> None:
        for case in (HOUSING_CASE, AIMBASE_CASE):
            load_account(self.folder, case.vendor, "main")
        resolve_people(self.folder)
        build_reports(self.folder, [])
        publish_snapshot(self.folder)

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        with open_snapshot(self.folder.path) as session:
            return session.rows(sql)

    def leads(self) -> dict[int, dict[str, Any]]:
        """By the place of their record; what has no column of its own is taken from attributes."""
        with open_snapshot(self.folder.path) as session:
            frame = session.frame("SELECT * FROM leads").astype(object)
        found = {}
        for lead in frame.where(frame.notna(), None).to_dict("records"):
            attributes = json.loads(lead["attributes"])
            found[lead["record_index"]] = {**attributes, **lead}
        return found


@pytest.fixture
def intake(tmp_path: Path) -> Intake:
    return Intake(tmp_path / "data")


def bare(text: str | None) -> str:
    """A text without what cleaning may take away: blanks, controls, invisible marks."""
    composed = unicodedata.normalize("NFC", text or "")
    return "".join(
        letter
        for letter in composed
        if not (letter.isspace() or unicodedata.category(letter) in {"Cc", "Cf", "Zs"})
        and letter not in "\u3164\uffa0\u2800"
    )


def folded(text: str) -> str:
    """What is left where capitals do not matter."""
    return unicodedata.normalize("NFKD", bare(text).upper()).casefold()


def is_kept(place: str, sent: str, lead: dict[str, Any]) -> bool:
    """Whether a text is where it belongs: untouched, or with all that can be seen if cleaned."""
    kept = lead.get(place)
    if place not in CLEANED:
        return (kept or "") in {sent, sent.strip()}
    if kept is None:
        return sent.strip().casefold() in TELLS_NOTHING or not bare(sent).strip("./-_")
    if place == "postal_code":
        return folded(kept) == folded(sent)
    return bare(kept) == bare(sent)


def sales_lead_with(identifier: int, path: str, text: str) -> str:
    """The smallest SalesLead with a text at a path."""
    moment = "<DocumentDateTime>2026-11-18T06:00:00Z</DocumentDateTime>"
    header = (
        moment if path == "Header/DocumentId" else f"{moment}<DocumentId>{identifier}</DocumentId>"
    )
    above, _, last = path.rpartition("/")
    parts = above.split("/")
    written = "".join(f"&#{ord(sign)};" if sign in '\r\n\t"' else escaped(sign) for sign in text)
    if last.startswith("@"):
        inner = f'<{parts.pop()} {last[1:]}="{written}"/>'
    else:
        inner = f"<{last}>{written}</{last}>"
    for name in reversed(parts[1:]):
        inner = f"<{name}>{inner}</{name}>"
    if parts[0] == "Header":
        return f"<SalesLead><Header>{header}{inner}</Header></SalesLead>"
    return f"<SalesLead><Header>{header}</Header><Detail>{inner}</Detail></SalesLead>"


def balanced(intake: Intake) -> list[tuple[str, int, int]]:
    """(outcome, received, quarantined) of each load; every row is accounted for."""
    loads = intake.rows(LEDGER)
    assert [load for load in loads if load[1] != load[2]] == []
    return [(outcome, received, quarantined) for outcome, received, _, quarantined in loads]


def test_naughty_texts_in_every_field_of_housing(intake: Intake) -> None:
    texts = [text for text in (*NAUGHTY, *CONTROLS) if text.strip().casefold() != "null"]
    sent = [(field, text) for text in texts for field in HOUSING_PLACES]
    rows = [housing_row(person(index)) | {field: text} for index, (field, text) in enumerate(sent)]
    intake.land(HOUSING_CASE, json.dumps(rows).encode())
    intake.publish()
    leads = intake.leads()
    assert balanced(intake) == [("loaded", len(sent), 0)]
    assert len(leads) == len(sent)
    assert [
        (field, text[:40], leads[index].get(HOUSING_PLACES[field]))
        for index, (field, text) in enumerate(sent)
        if not is_kept(HOUSING_PLACES[field], text, leads[index])
    ] == []


def test_naughty_texts_in_every_place_of_aimbase(intake: Intake) -> None:
    texts = [text for text in NAUGHTY if not set(text) & set("\x1f\ufffe\uffff")]
    pairs = [(path, text) for text in texts for path in AIMBASE_PLACES]
    sent = [(path, text) for path, text in pairs if not (path.endswith("Ind") and text == "0")]
    written = (sales_lead_with(index, *pair) for index, pair in enumerate(sent))
    intake.land(AIMBASE_CASE, process_sales_lead(*written))
    intake.publish()
    leads = intake.leads()
    nameless = [text for path, text in sent if path == "Header/DocumentId" and not text.strip()]
    assert balanced(intake) == [("loaded", len(sent), len(nameless))]
    assert [
        (path, text[:40], leads[index].get(AIMBASE_PLACES[path]))
        for index, (path, text) in enumerate(sent)
        if index in leads and not is_kept(AIMBASE_PLACES[path], text, leads[index])
    ] == []


@pytest.mark.slow
def test_hostile_documents_stop_nothing_else(
    intake: Intake, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO")
    for hostile in HOSTILE:
        intake.land(hostile.case, hostile.content)
    names = {"a\nERROR b": 1, "\x1b[31m": 1, "\u202e": 1}
    intake.land(HOUSING_CASE, json.dumps([housing_row(person(1)) | names]).encode())
    for case in (HOUSING_CASE, AIMBASE_CASE):
        intake.land(case, case.document([person(77, name="Sound Person")]))
    intake.publish()
    balanced(intake)
    found = dict(intake.rows("SELECT sha256, (outcome, quarantined > 0) FROM ops.deliveries"))
    expected = {sha256(one.content).hexdigest(): ending(one) for one in HOSTILE}
    assert {digest: found[digest] for digest in expected} == expected
    ((sound,),) = intake.rows("SELECT count(*) FROM leads WHERE full_name = 'Sound Person'")
    assert sound == 2
    ((without_reason,),) = intake.rows(
        "SELECT count(*) FROM ops.quarantine WHERE coalesce(reason, '') = '' OR place = ''"
    )
    assert without_reason == 0
    logged = [record.getMessage() for record in caplog.records]
    assert max(map(len, logged)) < 25_000
    assert {sign for sign in "".join(logged) if not sign.isprintable()} <= {"\n"}
    assert "\nERROR b" not in caplog.text


def ending(hostile: Hostile) -> tuple[str, bool]:
    """(outcome, whether something of it is quarantined)."""
    outcome = "unreadable" if hostile.ends == "document refused" else "loaded"
    return outcome, hostile.ends == "record refused"
