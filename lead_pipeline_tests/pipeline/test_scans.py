"""Scans that end otherwise than hoped for: nothing is lost, and what is said helps."""

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any, BinaryIO

import pytest

from lead_pipeline import normalise
from lead_pipeline.identity import OwnContact, record_own_contacts
from lead_pipeline.pipeline import sources
from lead_pipeline.pipeline.account import Account
from lead_pipeline.pipeline.delivery import load_receipts
from lead_pipeline.pipeline.load import load_account, pending
from lead_pipeline.pipeline.replay import retry_quarantine
from lead_pipeline.pipeline.scan import RESUME_WITHIN, scan_stream
from lead_pipeline.pipeline.scan_verdicts import judge_scans
from lead_pipeline.vendors.contract import ParsedItem, Reading, UnreadableDocument
from lead_pipeline.vendors.http import HttpSettings
from lead_pipeline.vendors.qontak import QONTAK
from lead_pipeline_tests.pipeline.scanning import (
    DAY,
    EVERYTHING,
    FIRST,
    LOST,
    SCANNED,
    Crm,
    pages_of,
)
from lead_pipeline_tests.vendors.qontak_list import PagedList, silent, task, tasks
from lead_pipeline_tests.vendors.scripted import Asked, Reply, scripted
from lead_pipeline_tests.warehouse.fixtures import put_warehouse

NEXT, THIRD, SOON = FIRST + DAY, FIRST + 2 * DAY, FIRST + timedelta(hours=1)
CREATED = "2026-11-14T08:00:00.000+07:00"
TWICE = HttpSettings(attempts=2)
PATH = "/qontak/crm/"


@dataclass
class Vendor:
    """A list that can be changed at any time; while `failure` is set, that answers page `at`."""

    paged: PagedList
    failure: Reply | None = None
    at: int = 3

    def __call__(self, asked: Asked) -> Reply:
        if self.failure and asked.query.get("page") == str(self.at):
            return self.failure
        return self.paged(asked)


@contextmanager
def crm_of(vendor: Vendor, path: Path) -> Iterator[Crm]:
    """An account with that vendor, 7 records a page."""
    put_warehouse(path / "data")
    with scripted(vendor) as server:
        names = ("QONTAK_CLIENT_ID", "QONTAK_CLIENT_SECRET", "QONTAK_SSO_ID")
        yield Crm(path / "data", {"QONTAK_BASE_URL": server.base_url, **dict.fromkeys(names, "x")})


def contact(number: int, **more: object) -> dict[str, object]:
    return {"id": number, "first_name": f"N{number}", "created_at": CREATED, **more}


def test_what_comes_back_has_not_vanished(tmp_path: Path) -> None:
    vendor = Vendor(PagedList(tasks(10)))
    with crm_of(vendor, tmp_path) as crm:
        crm.scan_one(FIRST)
        gone = vendor.paged.records.pop(3)
        crm.scan_one(NEXT)
        assert crm.gone("task") == {"t3": NEXT}
        vendor.paged.records.append(gone)
        crm.scan_one(THIRD)
        assert crm.gone("task") == {}
        assert len(crm.alive("task")) == 10
        del vendor.paged.records[-1]
        crm.scan_one(THIRD + DAY)
        assert crm.gone("task") == {"t3": THIRD + DAY}
    assert crm.rows(LOST) == []


def test_one_object_instead_of_a_list_is_a_list_of_one(tmp_path: Path) -> None:
    vendor = Vendor(PagedList(tasks(8)))
    with crm_of(vendor, tmp_path) as crm:
        crm.scan_one(FIRST)
        said = {"page": 2, "total_page": 2, "current_data": 1, "total_data": 8}
        vendor.failure = Reply(json.dumps({"response": task(7), **said}).encode())
        vendor.at = 2
        outcome = crm.scan_one(NEXT)
    assert outcome.verdict
    assert outcome.verdict.complete
    assert len(crm.alive("task")) == 8


def test_a_page_that_is_read_twice_is_counted_twice(tmp_path: Path) -> None:
    """Without totals the list is read again, into the same pack; and a day later once more."""
    vendor = Vendor(PagedList(tasks(3), silent))
    with crm_of(vendor, tmp_path) as crm:
        for now in (FIRST, NEXT):
            outcome = crm.scan_one(now)
            assert outcome.verdict
            assert outcome.verdict.complete
    counts = "SELECT received, new, unchanged, repeated FROM ops.deliveries WHERE stream = 'tasks'"
    assert crm.rows(f"{counts} ORDER BY load_id") == [(6, 3, 0, 3), (6, 0, 3, 3)]


def _reads_more(
    stream: str, body: BinaryIO, reading: Reading, beside: Mapping[str, BinaryIO]
) -> Iterator[ParsedItem]:
    """A later version of the parser, which knows when `soon` is."""
    read = body.read().replace(b'"soon"', json.dumps(CREATED).encode())
    return QONTAK.parse(stream, BytesIO(read), reading, beside)


@pytest.mark.parametrize("mended", ["by a better parser", "by a later scan"])
def test_a_scan_with_quarantined_records_misses_nobody(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, mended: str
) -> None:
    vendor = Vendor(PagedList([contact(1), contact(2), contact(3)]))
    with crm_of(vendor, tmp_path) as crm:
        crm.scan_one(FIRST, "contacts")
        vendor.paged.records[1:] = [contact(2, created_at="soon")]
        outcome = crm.scan_one(NEXT, "contacts")
        assert outcome.verdict
        assert outcome.verdict.complete
        assert crm.known() == {"1": None, "2": None, "3": None}
        if mended == "by a better parser":
            better = replace(QONTAK, parse=_reads_more)
            monkeypatch.setattr(sources, "SOURCES", {"qontak": better})
            (line,) = retry_quarantine(crm.folder(THIRD), ["qontak"], (), lambda landed: landed)
            assert (line.received, line.quarantined) == (2, 0)
            assert crm.known() == {"1": None, "2": None, "3": NEXT}
        else:
            vendor.paged.records[1] = contact(2)
            crm.scan_one(THIRD, "contacts")
            assert crm.known() == {"1": None, "2": None, "3": THIRD}
    assert crm.rows("SELECT vanished_at FROM core.leads WHERE source_lead_id = '3'") == [
        (crm.known()["3"],)
    ]
    assert crm.rows(LOST) == []


def test_an_incomplete_scan_misses_nobody_whatever_it_saw(tmp_path: Path) -> None:
    vendor = Vendor(PagedList(tasks(20)))
    with crm_of(vendor, tmp_path) as crm:
        crm.scan_one(FIRST)
        vendor.paged.records[:] = tasks(17)
        vendor.paged.totals = lambda *_: {"total_data": 20}
        outcome = crm.scan_one(NEXT)
        assert outcome.verdict
        assert not outcome.verdict.complete
        assert crm.gone("task") == {}
        verdict = crm.verdict(NEXT)
        assert verdict
        assert "the scan is not whole, so nothing of it counts as vanished" in verdict.what
        vendor.paged.totals = None
        crm.scan_one(THIRD)
        assert crm.gone("task") == dict.fromkeys(("t17", "t18", "t19"), THIRD)
        assert crm.verdict(THIRD) is None


FAILURES = {
    "401": (Reply(status=401), "VendorRefused", "lead-pipeline doctor --account qontak"),
    "403": (Reply(status=403), "VendorRefused", "lead-pipeline doctor --account qontak"),
    "503": (Reply(status=503), "VendorUnavailable", "lead-pipeline run --scan --account qontak"),
    "unreadable": (
        Reply(b'{"response": "no"}'),
        "UnreadableDelivery",
        "then lead-pipeline run --scan --account qontak",
    ),
}


@pytest.mark.parametrize(
    "kind",
    [kind if kind == "503" else pytest.param(kind, marks=pytest.mark.slow) for kind in FAILURES],
)
def test_a_scan_that_is_cut_short_goes_on_where_it_stopped(tmp_path: Path, kind: str) -> None:
    reply, error, next_step = FAILURES[kind]
    vendor = Vendor(PagedList(tasks(30)))
    with crm_of(vendor, tmp_path) as crm:
        crm.scan_one(FIRST - DAY)
        vendor.paged.records[29] = task(99)
        vendor.paged.pages.clear()
        vendor.failure = reply
        outcome = crm.scan_one(FIRST, http=TWICE)
        assert outcome.verdict is None
        assert outcome.failure
        assert outcome.failure.error == error
        assert next_step in str(outcome.failure.message)
        _names_the_stream(crm, FIRST)
        assert crm.gone("task") == {}
        vendor.failure = None
        assert crm.scan_one(SOON).verdict
        assert crm.verdict(SOON) is None
    assert vendor.paged.pages == [1, 2, 3, 4, 5]
    assert [pages_of(scan) for scan in crm.kept("tasks")] == [[1, 2, 3, 4, 5]] * 2
    assert crm.gone("task") == {"t29": FIRST}
    bodies = [body for scan in crm.kept("tasks") for body in _uncovered(scan)]
    assert bodies == ([reply.body] if kind == "unreadable" else [])
    assert crm.rows(LOST) == []


def _names_the_stream(crm: Crm, now: datetime) -> None:
    verdict = crm.verdict(now)
    assert verdict
    assert "qontak could not be read in full:\n  - tasks: " in verdict.what
    assert verdict.next_step.endswith("lead-pipeline run --scan --account qontak")


def _uncovered(scan: Any) -> Iterator[bytes]:  # noqa: ANN401 - a kept scan
    """What was kept although nobody could read it."""
    for pack in scan.packs():
        for page in pack.pages():
            if not page.receipt.covers:
                with pack.open(page) as body:
                    yield body.read()


def test_a_deadline_that_passes_amid_a_scan(tmp_path: Path) -> None:
    vendor = Vendor(PagedList(tasks(30)), Reply(b"{", promised=10_000, drip=b" "))
    with crm_of(vendor, tmp_path) as crm:
        outcome = crm.scan_one(FIRST, http=TWICE, scan_deadline_seconds=2)
        assert outcome.failure
        assert outcome.failure.error == "VendorUnavailable"
        _names_the_stream(crm, FIRST)
        vendor.failure = None
        assert crm.scan_one(SOON).verdict
    assert vendor.paged.pages == [1, 2, 3, 4, 5]
    assert len(crm.alive("task")) == 30


@pytest.mark.parametrize("goes_on", [True, False])
def test_a_scan_is_given_up_after_half_a_day(tmp_path: Path, goes_on: bool) -> None:
    vendor = Vendor(PagedList(tasks(30)), Reply(status=503))
    with crm_of(vendor, tmp_path) as crm:
        crm.scan_one(FIRST, http=TWICE)
        vendor.failure = None
        later = FIRST + RESUME_WITHIN + timedelta(seconds=0 if goes_on else 1)
        assert crm.scan_one(later).verdict
        assert crm.verdict(later) is None
    if goes_on:
        assert vendor.paged.pages == [1, 2, 3, 4, 5]
        return
    assert vendor.paged.pages == [1, 2, 1, 2, 3, 4, 5]
    assert crm.rows("SELECT complete, reason, began_at FROM ops.scans ORDER BY scan_id") == [
        (False, "given up: it was cut short and could not go on", FIRST),
        (True, "30 ids, and its totals say so", later),
    ]


def test_who_finds_another_one_scanning_asks_nothing(tmp_path: Path) -> None:
    vendor = Vendor(PagedList(tasks(10)))
    with crm_of(vendor, tmp_path) as crm:
        with crm.folder(FIRST).scans.hold("qontak", "qontak", "tasks", FIRST, RESUME_WITHIN):
            outcome = crm.scan_one(FIRST)
        assert outcome.failure
        assert "is scanning tasks, so this one did not" in str(outcome.failure.message)
        assert "nothing was asked" in str(outcome.failure.message)
        assert vendor.paged.pages == []
        _names_the_stream(crm, FIRST)
        crm.scan_one(SOON)
        assert crm.verdict(SOON) is None


def test_a_half_set_account_is_named(tmp_path: Path) -> None:
    crm = Crm(tmp_path / "data", {})
    account = Account("qontak", QONTAK, "loopback", None, ("QONTAK_SSO_ID",))
    outcome = scan_stream(crm.folder(FIRST), account, SCANNED["tasks"], "run")
    crm.load(FIRST)
    assert outcome.failure
    assert outcome.failure.error == "ConfigError"
    assert "QONTAK_SSO_ID is not set" in str(outcome.failure.message)
    assert "lead-pipeline doctor --account qontak" in str(outcome.failure.message)
    _names_the_stream(crm, FIRST)


def test_a_page_that_the_loader_cannot_read_is_red(tmp_path: Path) -> None:
    """Although the scan saw its ids, and called itself whole."""

    def refuses(*_: object) -> Iterator[ParsedItem]:
        raise UnreadableDocument("it is not what it was")

    vendor = Vendor(PagedList(tasks(10)))
    with crm_of(vendor, tmp_path) as crm:
        crm.scan_one(FIRST)
        vendor.paged.records[:] = tasks(9)
        crm.scan(NEXT, "tasks")
        load_account(crm.folder(NEXT), replace(QONTAK, parse=refuses), "qontak")
        assert crm.gone("task") == {}
        _names_the_stream(crm, NEXT)
        crm.scan_one(THIRD)
        assert crm.verdict(THIRD) is None
        assert crm.gone("task") == {"t9": THIRD}


@pytest.mark.slow
def test_the_order_of_loading_leaves_no_trace(tmp_path: Path) -> None:
    """Backwards, judged after each: what had vanished for a while, and had said other things."""
    vendor = Vendor(PagedList([contact(1), contact(2)]))
    with crm_of(vendor, tmp_path) as crm:
        for number, said in enumerate(([1], [2], [1, 2], [2])):
            now = FIRST + number * DAY
            vendor.paged.records[:] = [contact(one, job_title=f"On day {number}") for one in said]
            crm.scan_one(now, "contacts")
        before = list(map(crm.rows, EVERYTHING))
        folder = crm.folder(now)
        folder.warehouse.remove()
        with folder.warehouse.open() as session:
            normalise.install(session)
            landed: Sequence[Any] = list(pending(folder, session, QONTAK, "qontak"))
            for one in reversed(landed):
                list(load_receipts(folder, session, [one]))
                judge_scans(folder, session, QONTAK, "qontak")
    assert list(map(crm.rows, EVERYTHING)) == before
    assert crm.known() == {"1": FIRST + 3 * DAY, "2": None}


@pytest.mark.slow
def test_a_contact_of_ours_is_no_enquiry_even_if_it_was_one(tmp_path: Path) -> None:
    vendor = Vendor(PagedList([contact(1), contact(2)]))
    with crm_of(vendor, tmp_path) as crm:
        crm.scan_one(FIRST, "contacts")
        crm.publish(FIRST)
        ours = "SELECT contact_id, lead_id FROM crm_contacts ORDER BY contact_id"
        (_, (_, lead_id)) = crm.published(ours)
        assert len(crm.published("SELECT lead_id FROM leads")) == 2
        own = OwnContact("qontak", "qontak", "2", lead_id)
        record_own_contacts(crm.folder(FIRST).journal, FIRST, [own])
        vendor.paged.records[1] = contact(2, job_title="Changed")
        crm.scan_one(NEXT, "contacts")
        crm.publish(NEXT)
    assert crm.published("SELECT source_lead_id FROM leads") == [("1",)]
    assert len(crm.published(ours)) == 2
