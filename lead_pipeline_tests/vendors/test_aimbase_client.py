"""Vendor days, horizon and headers of Aimbase."""

import re
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lead_pipeline.errors import ConfigError
from lead_pipeline.records import Window, day_window
from lead_pipeline.vendors.aimbase import AimbaseClient
from lead_pipeline.vendors.deadline import Countdown
from lead_pipeline.vendors.http import HttpClient
from lead_pipeline_tests.vendors.cases import (
    NOW,
    SECRET,
    WINDOW,
    aimbase_client,
    process_sales_lead,
)
from lead_pipeline_tests.vendors.scripted import (
    FolderBodies,
    Reply,
    Time,
    one_after_another,
    scripted,
)


@pytest.fixture(scope="module")
def client() -> AimbaseClient:
    with HttpClient() as http:
        return aimbase_client("https://example.org", http)


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[misc,arg-type]  # year, month, day, ...


def test_a_utc_day_touches_two_vendor_days(client: AimbaseClient) -> None:
    assert client.plan("leads", day_window(date(2026, 11, 18)), NOW) == (
        Window(utc(2026, 11, 17, 6), utc(2026, 11, 18, 6)),
        Window(utc(2026, 11, 18, 6), utc(2026, 11, 19, 6)),
    )


def test_the_current_vendor_day_ends_now(client: AimbaseClient) -> None:
    plan = client.plan("leads", day_window(NOW.date()), NOW)
    assert plan[-1] == Window(utc(2026, 11, 20, 6), NOW)


def test_a_vendor_day_that_has_not_begun_is_not_asked_for(client: AimbaseClient) -> None:
    early = utc(2026, 11, 20, 5, 59, 59)
    plan = client.plan("leads", day_window(NOW.date()), early)
    assert plan == (Window(utc(2026, 11, 19, 6), early),)


@pytest.mark.parametrize(
    ("day", "hours"), [(date(2026, 3, 8), 23), (date(2026, 11, 1), 25), (date(2026, 7, 4), 24)]
)
def test_days_of_23_and_25_hours(client: AimbaseClient, day: date, hours: int) -> None:
    now = utc(day.year, day.month, day.day, 18) + timedelta(days=2)
    noon = utc(day.year, day.month, day.day, 18)
    (piece,) = client.plan("leads", Window(noon, noon + timedelta(hours=1)), now)
    assert piece.end - piece.start == timedelta(hours=hours)


def test_nothing_past_the_horizon_is_asked_for(client: AimbaseClient) -> None:
    plan = client.plan("leads", day_window(date(2026, 11, 1), date(2026, 11, 14)), NOW)
    assert plan[0].start == utc(2026, 11, 13, 6)
    assert len(plan) == 2
    assert client.plan("leads", day_window(date(2026, 11, 1), date(2026, 11, 12)), NOW) == ()


def test_seven_days_and_today_are_within_reach(client: AimbaseClient) -> None:
    plan = client.plan("leads", day_window(date(2026, 11, 14), NOW.date()), NOW)
    assert len(plan) == 8
    assert plan[0].start == utc(2026, 11, 13, 6)


@settings(deadline=None)
@given(
    start=st.integers(0, 525_000).map(lambda minute: utc(2026, 1, 1) + timedelta(minutes=minute)),
    minutes=st.integers(1, 20_000),
    after=st.integers(-5_000, 20_000),
)
def test_every_plan_tiles_what_can_be_reached(start: datetime, minutes: int, after: int) -> None:
    window = Window(start, start + timedelta(minutes=minutes))
    now = window.end + timedelta(minutes=after)
    with HttpClient() as http:
        client = aimbase_client("https://example.org", http)
        plan = client.plan("leads", window, now)
    for piece, following in pairwise(plan):
        assert piece.end == following.start
    for piece in plan:
        assert piece.end <= now
        assert piece.start < window.end
        assert piece.end > window.start or piece.end == now
    reachable = now - timedelta(days=7)
    if plan and window.start >= reachable:
        assert plan[0].start <= window.start
    if window.start >= reachable and now >= window.end:
        assert plan[-1].end >= window.end


def test_a_day_can_be_asked_for_until_its_first_vendor_day_is_out_of_reach(
    client: AimbaseClient,
) -> None:
    until = client.refetchable_until(date(2026, 11, 14))
    assert until == utc(2026, 11, 21, 6)
    day = day_window(date(2026, 11, 14))
    assert len(client.plan("leads", day, until - timedelta(seconds=1))) == 2
    assert len(client.plan("leads", day, until)) == 1


def test_what_is_asked(tmp_path: Path) -> None:
    time = Time(NOW)
    answer = Reply(process_sales_lead(), content_type="application/xml")
    with (
        scripted(one_after_another(answer)) as vendor,
        HttpClient(clock=time.clock, sleep=time.sleep) as http,
    ):
        client = aimbase_client(vendor.base_url, http)
        list(client.fetch("leads", WINDOW, FolderBodies(tmp_path), Countdown(9, time.monotonic)))
        client.probe()
    day, probe = vendor.asked
    assert day.target == "/api/IncrementalLeadExport/CB?Date=11/18/2026"
    assert probe.target == "/api/IncrementalLeadExport/CB?Days=1"
    form = (
        r'Bearer timestamp="\d+",nonce="[0-9A-Za-z]{50}",signature="[0-9a-f]{64}",publickey="p.+"'
    )
    assert re.fullmatch(form, day.headers["Authenticate"])
    assert "Authorization" not in day.headers


def test_a_refusal_names_what_its_reason_speaks_of(tmp_path: Path) -> None:
    answer = Reply(b"Nonce abc of jane@example.org was seen before", status=401)
    time = Time(NOW)
    with scripted(one_after_another(answer)) as vendor, HttpClient(clock=time.clock) as http:
        probe = aimbase_client(vendor.base_url, http).probe()
    assert "its reason speaks of nonce" in probe.explanation
    assert "abc" not in probe.explanation
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    "wrong",
    [
        {"public_key": 'a"b'},
        {"public_key": "a\nb"},
        {"public_key": ""},
        {"private_key": ""},
        {"nmma_id": ""},
        {"vendor_zone": "America/Nowhere"},
        {"vendor_zone": "../etc"},
        {"base_url": "apimap"},
    ],
)
def test_a_wrong_setting_is_said_before_anything_is_asked(wrong: dict[str, object]) -> None:
    right: dict[str, object] = {
        "account": "main",
        "base_url": "https://example.org",
        "nmma_id": "CB",
        "public_key": "public",
        "private_key": SECRET,
    }
    with HttpClient() as http, pytest.raises(ConfigError) as raised:
        AimbaseClient(http=http, **(right | wrong))  # type: ignore[arg-type]  # wrong on purpose
    assert SECRET not in str(raised.value)
