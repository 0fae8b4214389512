"""What every test of a vendor is given."""

import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from lead_pipeline.records import ParsedLead, ParsedObject, Window
from lead_pipeline.vendors.contract import Client, Delivery, NewField, ParsedItem, Unreadable
from lead_pipeline.vendors.deadline import Countdown
from lead_pipeline.vendors.http import HttpClient, HttpSettings
from lead_pipeline_tests.vendors.cases import CASES, NOW, WINDOW, Case, person
from lead_pipeline_tests.vendors.scripted import (
    FolderBodies,
    Reply,
    Script,
    ScriptedVendor,
    Time,
    scripted,
)


@dataclass
class Bench:
    """One vendor on loopback, one client of it, and a time that only sleeping moves."""

    case: Case
    vendor: ScriptedVendor
    client: Client
    http: HttpClient
    time: Time
    bodies: FolderBodies

    def fetch(self, window: Window = WINDOW, seconds: float = 900) -> list[Delivery]:
        deadline = Countdown(seconds, self.time.monotonic)
        return list(self.client.fetch(self.case.stream, window, self.bodies, deadline))

    def items(self, delivery: Delivery) -> list[ParsedItem]:
        with delivery.body.open() as body:
            return list(self.case.vendor.parse(self.case.stream, body, self.client.reading, {}))


BenchOf = Callable[..., Bench]


@pytest.fixture(params=CASES, ids=str)
def case(request: pytest.FixtureRequest) -> Case:
    chosen: Case = request.param
    return chosen


@pytest.fixture
def bodies(tmp_path: Path) -> FolderBodies:
    folder = tmp_path / "bodies"
    folder.mkdir()
    return FolderBodies(folder)


@pytest.fixture
def bench(case: Case, bodies: FolderBodies) -> Iterator[BenchOf]:
    """Builds the bench of the case at hand around a script."""
    closing = []

    def build(script: Script, settings: HttpSettings | None = None) -> Bench:
        time = Time(NOW)
        serving = scripted(script)
        vendor = serving.__enter__()
        http = HttpClient(settings, clock=time.clock, sleep=time.sleep)
        closing.append((http, serving))
        client = case.client(vendor.base_url, http)
        return Bench(case, vendor, client, http, time, bodies)

    yield build
    for http, serving in closing:
        http.close()
        serving.__exit__(None, None, None)


def leads_of(items: list[ParsedItem]) -> list[ParsedLead]:
    """The enquiries, those that contacts are among them."""
    found = (item.lead if isinstance(item, ParsedObject) else item for item in items)
    return [item for item in found if isinstance(item, ParsedLead)]


def unreadable_of(items: list[ParsedItem]) -> list[Unreadable]:
    return [item for item in items if isinstance(item, Unreadable)]


def new_fields_of(items: list[ParsedItem]) -> list[str]:
    return [item.path for item in items if isinstance(item, NewField)]


def good(case: Case, count: int = 3) -> Reply:
    people = [person(number) for number in range(count)]
    return Reply(case.document(people), content_type=case.content_type)


def read(case: Case, content: bytes) -> list[ParsedItem]:
    """Parse with nothing but the vendor constant: no client, no credentials."""
    return list(case.vendor.parse(case.stream, io.BytesIO(content), {}, {}))


class Unlimited:
    """A deadline that never comes."""

    def remaining(self) -> float:
        return 900.0
