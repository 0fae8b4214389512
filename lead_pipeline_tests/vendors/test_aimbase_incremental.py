"""The call that moves Aimbase's cursor, the one that makes it good, and what each may claim."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lead_pipeline.errors import UnreadableDelivery, VendorError, VendorUnavailable
from lead_pipeline.records import Window
from lead_pipeline.vendors.aimbase import AimbaseClient
from lead_pipeline.vendors.contract import Delivery
from lead_pipeline.vendors.http import HttpClient
from lead_pipeline_tests.vendors.cases import (
    AIMBASE_CASE,
    NOW,
    SECRET,
    aimbase_client,
    housing_client,
)
from lead_pipeline_tests.vendors.conftest import Unlimited, good
from lead_pipeline_tests.vendors.scripted import (
    FolderBodies,
    Reply,
    ScriptedVendor,
    Time,
    one_after_another,
    scripted,
)

GOOD = good(AIMBASE_CASE)
PATH = "/api/IncrementalLeadExport/CB"
SINCE = datetime(2026, 11, 19, tzinfo=UTC)

Ask = Callable[..., list[Delivery]]


@pytest.fixture
def vendor() -> Iterator[ScriptedVendor]:
    with scripted(one_after_another(GOOD)) as running:
        yield running


@pytest.fixture
def client(vendor: ScriptedVendor) -> Iterator[AimbaseClient]:
    time = Time(NOW)
    with HttpClient(clock=time.clock, sleep=time.sleep) as http:
        yield aimbase_client(vendor.base_url, http, mode="incremental")


@pytest.fixture
def new(client: AimbaseClient, bodies: FolderBodies) -> Ask:
    def ask(since: datetime | None = SINCE) -> list[Delivery]:
        return list(client.fetch_new("leads", since, bodies, Unlimited()))

    return ask


def test_what_is_new_is_asked_for_with_no_parameter(vendor: ScriptedVendor, new: Ask) -> None:
    (delivery,) = new()
    assert [asked.target for asked in vendor.asked] == [PATH]
    assert delivery.window == Window(SINCE, NOW)
    assert (delivery.covers, delivery.attempts, delivery.requested_at) == (True, 1, NOW)
    assert delivery.url == f"{vendor.base_url}{PATH}"


@pytest.mark.parametrize("status", [429, 500, 502, 503, 504])
def test_no_failure_is_asked_again(vendor: ScriptedVendor, new: Ask, status: int) -> None:
    vendor.script = one_after_another(Reply(status=status, headers={"Retry-After": "1"}), GOOD)
    with pytest.raises(VendorUnavailable, match="1 attempt") as raised:
        new()
    assert len(vendor.asked) == 1
    assert SECRET not in str(raised.value)


def test_a_cut_answer_is_not_asked_for_again(
    vendor: ScriptedVendor, new: Ask, bodies: FolderBodies
) -> None:
    cut = Reply(GOOD.body[:99], promised=len(GOOD.body), content_type="text/xml")
    vendor.script = one_after_another(cut, GOOD)
    with pytest.raises(VendorUnavailable, match="cut short"):
        new()
    assert len(vendor.asked) == 1
    assert bodies.files() == []


def test_an_unreadable_answer_is_kept_and_claims_nothing(
    vendor: ScriptedVendor, client: AimbaseClient, bodies: FolderBodies
) -> None:
    for content in AIMBASE_CASE.refusals_with_200:
        vendor.script = one_after_another(Reply(content, content_type="text/xml"))
        for asking in (
            client.fetch_new("leads", SINCE, bodies, Unlimited()),
            client.recover("leads", bodies, Unlimited()),
        ):
            delivery = next(asking)
            assert (delivery.window, delivery.covers) == (None, False)
            assert delivery.body.sha256 in bodies.files()
            with pytest.raises(UnreadableDelivery, match="kept as it came"):
                next(asking)


def test_a_record_that_cannot_be_read_is_no_lost_answer(vendor: ScriptedVendor, new: Ask) -> None:
    vendor.script = one_after_another(Reply(AIMBASE_CASE.without_date, content_type="text/xml"))
    (delivery,) = new()
    assert delivery.window is not None


REACH = datetime(2026, 11, 14, 6, tzinfo=UTC)
"""Midnight in Chicago, six days before today."""


@pytest.mark.parametrize(
    ("since", "claims"),
    [
        (None, False),
        (REACH - timedelta(microseconds=1), False),
        (REACH, True),
        (NOW - timedelta(microseconds=1), True),
        (NOW, False),
        (NOW + timedelta(hours=1), False),
    ],
)
def test_nothing_is_claimed_that_may_not_be_so(
    new: Ask, since: datetime | None, claims: bool
) -> None:
    (delivery,) = new(since)
    assert (delivery.window is not None) is claims


def test_a_recovery_asks_for_seven_days_and_may_ask_again(
    vendor: ScriptedVendor, client: AimbaseClient, bodies: FolderBodies
) -> None:
    vendor.script = one_after_another(Reply(status=503), GOOD)
    (delivery,) = client.recover("leads", bodies, Unlimited())
    assert [asked.target for asked in vendor.asked] == [f"{PATH}?Days=7"] * 2
    assert delivery.attempts == 2
    assert delivery.window
    assert delivery.window == Window(REACH, delivery.requested_at)


def test_a_failed_recovery_names_its_days(
    vendor: ScriptedVendor, client: AimbaseClient, bodies: FolderBodies
) -> None:
    vendor.script = one_after_another(Reply(status=400))
    with pytest.raises(VendorError) as raised:
        list(client.recover("leads", bodies, Unlimited()))
    assert raised.value.subject.window == Window(REACH, NOW)


def test_a_shorter_horizon_asks_for_fewer_days(tmp_path: Path, vendor: ScriptedVendor) -> None:
    with HttpClient(clock=lambda: NOW) as http:
        short = aimbase_client(vendor.base_url, http, mode="incremental", horizon=timedelta(days=2))
        (delivery,) = short.recover("leads", FolderBodies(tmp_path), Unlimited())
    assert vendor.asked[0].query == {"Days": "3"}
    assert delivery.window
    assert delivery.window.start == datetime(2026, 11, 18, 6, tzinfo=UTC)


@settings(deadline=None)
@given(st.integers(0, 525_000))
def test_both_readings_of_days_hold_what_is_claimed(minute: int) -> None:
    moment = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minute)
    with HttpClient(clock=lambda: moment) as http:
        client = aimbase_client("https://example.org", http, mode="incremental")
        reach = client._within_reach(moment)
        days = client.plan("leads", reach, moment)
    assert reach.end == moment
    assert moment - reach.start <= timedelta(days=7)
    assert len(days) in {6, 7}
    assert days[0].start <= reach.start < days[0].start + timedelta(hours=1, microseconds=1)


def test_windows_know_no_cursor(bodies: FolderBodies) -> None:
    with HttpClient() as http:
        for client in (
            aimbase_client("https://example.org", http),
            housing_client("https://example.org", http),
        ):
            assert client.moves_cursor is False
            with pytest.raises(ValueError, match=r"cursor|windows"):
                list(client.fetch_new("leads", None, bodies, Unlimited()))
            with pytest.raises(ValueError, match=r"cursor|windows"):
                list(client.recover("leads", bodies, Unlimited()))
        with pytest.raises(ValueError, match="sometimes"):
            aimbase_client("https://example.org", http, mode="sometimes")


def test_an_unknown_stream_is_no_empty_stream(client: AimbaseClient, bodies: FolderBodies) -> None:
    with pytest.raises(ValueError, match="contacts"):
        list(client.fetch_new("contacts", None, bodies, Unlimited()))
    with pytest.raises(ValueError, match="contacts"):
        list(client.recover("contacts", bodies, Unlimited()))


def test_windows_stay_what_they_are(
    vendor: ScriptedVendor, client: AimbaseClient, bodies: FolderBodies
) -> None:
    piece = client.plan("leads", Window(SINCE, SINCE + timedelta(hours=1)), NOW)[0]
    list(client.fetch("leads", piece, bodies, Unlimited()))
    client.probe()
    assert [asked.query for asked in vendor.asked] == [{"Date": "11/18/2026"}, {"Days": "1"}]
