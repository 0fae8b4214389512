"""The clients against the sandbox: two readings of the same vendors' pages, written apart."""

import json
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from pathlib import Path

import pytest

from lead_pipeline.errors import VendorRefused
from lead_pipeline.records import ParsedLead, Window, day_window
from lead_pipeline.sandbox import Sandbox, SandboxSettings, running_sandbox
from lead_pipeline.vendors.aimbase import AimbaseClient
from lead_pipeline.vendors.contract import Client, NewField, ParsedItem, Unreadable
from lead_pipeline.vendors.deadline import Countdown
from lead_pipeline.vendors.housing import HousingClient
from lead_pipeline.vendors.http import HttpClient
from lead_pipeline_tests.vendors.scripted import FolderBodies

NOW = datetime(2026, 11, 20, 18, 30, tzinfo=UTC)
FIRST, LAST = date(2026, 11, 14), date(2026, 11, 20)
SETTINGS = SandboxSettings(now=NOW, leads_per_day=250, repeats=Fraction(1, 100))


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with running_sandbox(SETTINGS) as running:
        yield running


@pytest.fixture
def http() -> Iterator[HttpClient]:
    with HttpClient(clock=lambda: NOW, sleep=lambda _: None) as client:
        yield client


def housing(sandbox: Sandbox, http: HttpClient, **changed: object) -> HousingClient:
    variables = sandbox.environment()
    given: dict[str, object] = {
        "account": "housing",
        "base_url": variables["HOUSING_BASE_URL"],
        "account_id": variables["HOUSING_ID"],
        "api_key": variables["HOUSING_API_KEY"],
    }
    return HousingClient(http=http, **(given | changed))  # type: ignore[arg-type]  # as above


def aimbase(sandbox: Sandbox, http: HttpClient, **changed: object) -> AimbaseClient:
    variables = sandbox.environment()
    given: dict[str, object] = {
        "account": "aimbase",
        "base_url": variables["AIMBASE_BASE_URL"],
        "nmma_id": variables["AIMBASE_NMMA_ID"],
        "public_key": variables["AIMBASE_PUBLIC_KEY"],
        "private_key": variables["AIMBASE_PRIVATE_KEY"],
    }
    return AimbaseClient(http=http, **(given | changed))  # type: ignore[arg-type]  # as above


def everything(client: Client, window: Window, folder: Path) -> list[ParsedItem]:
    items: list[ParsedItem] = []
    for piece in client.plan("leads", window, NOW):
        for delivery in client.fetch("leads", piece, FolderBodies(folder), Countdown(60)):
            with delivery.body.open() as body:
                items += client.vendor.parse("leads", body, client.reading, {})
    return items


def counted(items: list[ParsedItem]) -> dict[str, int]:
    """Distinct leads by UTC day of creation, the days asked for only."""
    leads = {item.natural_key: item for item in items if isinstance(item, ParsedLead)}
    days = Counter(lead.created_at.date() for lead in leads.values())
    return {f"{day}": count for day, count in sorted(days.items()) if FIRST <= day <= LAST}


def true_counts(sandbox: Sandbox, account: str) -> dict[str, int]:
    return {day: n for day, n in sandbox.truth(FIRST, LAST)["accounts"][account].items() if n}


def test_housing_is_read_to_the_row(sandbox: Sandbox, http: HttpClient, tmp_path: Path) -> None:
    items = everything(housing(sandbox, http), day_window(FIRST, LAST), tmp_path)
    assert counted(items) == true_counts(sandbox, "housing")
    assert not [item for item in items if isinstance(item, Unreadable | NewField)]
    keys = {
        "|".join(str(part) for part in json.loads(item.natural_key))
        for item in items
        if isinstance(item, ParsedLead)
    }
    truth = sandbox.truth(FIRST, LAST)["leads"]
    assert {lead["key"] for lead in truth if lead["account"] == "housing"} <= keys


def test_a_broker_is_read_to_the_row(sandbox: Sandbox, http: HttpClient, tmp_path: Path) -> None:
    client = housing(sandbox, http, endpoint="broker")
    items = everything(client, day_window(FIRST, LAST), tmp_path)
    assert counted(items) == true_counts(sandbox, "housing_broker")
    assert not [item for item in items if isinstance(item, Unreadable | NewField)]


def test_small_answers_are_split_to_the_row(
    sandbox: Sandbox, http: HttpClient, tmp_path: Path
) -> None:
    client = housing(sandbox, http, per_page=50)
    items = everything(client, day_window(FIRST, LAST), tmp_path)
    assert counted(items) == true_counts(sandbox, "housing")


def test_aimbase_is_read_to_the_row(sandbox: Sandbox, http: HttpClient, tmp_path: Path) -> None:
    items = everything(aimbase(sandbox, http), day_window(FIRST, LAST), tmp_path)
    assert counted(items) == true_counts(sandbox, "aimbase")
    assert not [item for item in items if isinstance(item, Unreadable | NewField)]


def test_probes_are_accepted(sandbox: Sandbox, http: HttpClient) -> None:
    assert housing(sandbox, http).probe().accepted
    assert aimbase(sandbox, http).probe().accepted


def test_a_wrong_key_is_refused(sandbox: Sandbox, http: HttpClient) -> None:
    probes = [
        housing(sandbox, http, api_key="wrong").probe(),
        aimbase(sandbox, http, private_key="wrong").probe(),
    ]
    assert [probe.accepted for probe in probes] == [False, False]
    assert all("the key or the account id" in probe.explanation for probe in probes)


def test_a_wrong_clock_is_named(sandbox: Sandbox, tmp_path: Path) -> None:
    with HttpClient(clock=lambda: NOW - timedelta(hours=1)) as http:
        client = housing(sandbox, http)
        (piece,) = client.plan("leads", day_window(LAST), NOW)
        with pytest.raises(VendorRefused, match="3600 seconds behind"):
            list(client.fetch("leads", piece, FolderBodies(tmp_path), Countdown(60)))
