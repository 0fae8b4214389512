"""A list that Qontak gives page by page, and the ways in which it may."""

import json
from collections.abc import Callable, Container
from dataclasses import dataclass, field
from pathlib import Path

from lead_pipeline.records import ParsedObject
from lead_pipeline.vendors.contract import Delivery, ScanVerdict
from lead_pipeline.vendors.deadline import Countdown
from lead_pipeline.vendors.http import HttpClient
from lead_pipeline.vendors.qontak import QontakClient
from lead_pipeline.vendors.qontak.envelope import opened
from lead_pipeline.vendors.qontak.paging import Page, page_of
from lead_pipeline_tests.vendors.cases import NOW, qontak_client
from lead_pipeline_tests.vendors.scripted import (
    Asked,
    FolderBodies,
    Reply,
    Script,
    ScriptedVendor,
    Time,
    scripted,
)

TEMPLATE = json.dumps(
    {
        "response": [
            {"id": None, "name": "first_name", "type": "Text", "additional_field": False},
            {"id": 7, "name": "budget", "type": "Number", "additional_field": True},
        ]
    }
).encode()


@dataclass
class PagedList:
    """A script. `totals` writes what a page says of the list, from records, asked page and rows.

    `between` is called with the list after every page, and may change it.
    """

    records: list[dict[str, object]]
    totals: Callable[[int, int, int, int], dict[str, object]] | None = None
    between: Callable[[list[dict[str, object]], int], None] | None = None
    cap: int = 1000
    template: bytes = TEMPLATE
    pages: list[int] = field(default_factory=list)

    def __call__(self, asked: Asked) -> Reply:
        if asked.target.endswith("/info"):
            return Reply(self.template)
        page, size = int(asked.query["page"]), min(self.cap, int(asked.query["per_page"]))
        self.pages.append(page)
        rows = self.records[(page - 1) * size : page * size]
        said = (self.totals or honest)(len(self.records), page, len(rows), size)
        reply = Reply(json.dumps({"meta": {"status": 200}, "response": rows} | said).encode())
        if self.between is not None:
            self.between(self.records, page)
        return reply


def honest(records: int, page: int, rows: int, size: int) -> dict[str, object]:
    return {
        "page": page,
        "total_page": -(-records // size),
        "current_data": rows,
        "total_data": records,
    }


def silent(*_: int) -> dict[str, object]:
    return {}


def task(number: int) -> dict[str, object]:
    return {"id": f"t{number}", "name": f"Call {number}"}


def tasks(count: int) -> list[dict[str, object]]:
    return [task(number) for number in range(count)]


@dataclass
class Scan:
    """What one scan gave."""

    vendor: ScriptedVendor
    client: QontakClient
    time: Time
    deliveries: list[Delivery] = field(default_factory=list)
    verdict: ScanVerdict | None = None
    error: Exception | None = None

    @property
    def complete(self) -> bool:
        assert self.verdict is not None
        return self.verdict.complete

    def ids(self) -> set[str]:
        """The ids of all objects that came."""
        found = set()
        for delivery in self.deliveries:
            with delivery.body.open() as body:
                items = self.client.vendor.parse(delivery.stream, body, {}, {})
                found |= {item.natural_key for item in items if isinstance(item, ParsedObject)}
        return found


def scan(
    script: Script, folder: Path, stream: str = "tasks", resume: str | None = None, **given: object
) -> Scan:
    """Scan with 10 a page, unless told otherwise; a VendorError ends up in `error`."""
    held = Time(NOW)
    settings = {"per_page": 10, "sleep": held.sleep, "monotonic": held.monotonic} | given
    with scripted(script) as vendor, HttpClient(clock=held.clock, sleep=held.sleep) as http:
        found = Scan(vendor, qontak_client(vendor.base_url, http, **settings), held)
        deadline = Countdown(900, held.monotonic)
        try:
            for item in found.client.scan(stream, resume, FolderBodies(folder), deadline):
                assert found.verdict is None
                if isinstance(item, ScanVerdict):
                    found.verdict = item
                else:
                    found.deliveries.append(item)
        except Exception as error:  # noqa: BLE001 - handed to the test, which says which it wants
            found.error = error
    return found


def page_from(
    rows: list[int], said: dict[str, object], nameless: Container[int] = frozenset()
) -> Page:
    """A page of these ids, some of which the vendor leaves out."""
    records = [{"name": row} if row in nameless else {"id": row} for row in rows]
    return page_of(opened({"response": records} | said))
