"""Chunks, splits and windows of Housing."""

import json
import math
import random
from collections import Counter
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lead_pipeline.errors import ConfigError, UnreadableDelivery, VendorRefused
from lead_pipeline.records import Window, day_window
from lead_pipeline.vendors.contract import Delivery
from lead_pipeline.vendors.deadline import Countdown
from lead_pipeline.vendors.housing import HousingClient
from lead_pipeline.vendors.http import HttpClient
from lead_pipeline_tests.vendors.cases import (
    HOUSING_CASE,
    NOW,
    SECRET,
    WINDOW,
    housing_client,
    housing_row,
    person,
)
from lead_pipeline_tests.vendors.conftest import leads_of, read
from lead_pipeline_tests.vendors.scripted import (
    Asked,
    FolderBodies,
    Reply,
    Script,
    Time,
    one_after_another,
    scripted,
)

START = int(WINDOW.start.timestamp())


@pytest.fixture
def client() -> HousingClient:
    with HttpClient() as http:
        return housing_client("https://example.org", http)


def at(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


def test_a_week_is_asked_for_in_chunks_of_two_days(client: HousingClient) -> None:
    week = day_window(NOW.date() - timedelta(days=6), NOW.date())
    plan = client.plan("leads", week, NOW)
    assert [piece.end - piece.start for piece in plan] == [timedelta(days=2)] * 3 + [
        timedelta(hours=12)
    ]


@settings(deadline=None)
@given(
    start=st.floats(START - 1e6, START + 1e6),
    length=st.floats(0.001, 1e6),
    now=st.floats(START - 1e6, START + 1e6),
    most=st.integers(1, 200_000),
)
def test_every_plan_tiles_the_window_up_to_now(
    start: float, length: float, now: float, most: int
) -> None:
    with HttpClient() as http:
        client = housing_client(
            "https://example.org", http, max_window=timedelta(seconds=max(most, 5000))
        )
        window = Window(at(start), at(start) + timedelta(seconds=length))
        plan = client.plan("leads", window, at(now))
    if not plan:
        assert at(now) < window.start + timedelta(seconds=1)
        return
    assert plan[0].start == at(math.floor(window.start.timestamp()))
    assert plan[-1].end <= at(now)
    assert plan[-1].end >= min(window.end, at(now) - timedelta(seconds=1))
    for piece, after in pairwise(plan):
        assert piece.end == after.start
    for piece in plan:
        assert piece.end - piece.start <= timedelta(seconds=max(most, 5000))
        assert piece.start.microsecond == piece.end.microsecond == 0


def fetch(script: Script, folder: Path, window: Window = WINDOW, **given: object) -> list[Delivery]:
    time = Time(NOW)
    with scripted(script) as vendor, HttpClient(clock=time.clock, sleep=time.sleep) as http:
        client = housing_client(vendor.base_url, http, **given)
        deadline = Countdown(900, time.monotonic)
        return list(client.fetch("leads", window, FolderBodies(folder), deadline))


def test_what_is_asked(tmp_path: Path) -> None:
    asked: list[Asked] = []

    def script(request: Asked) -> Reply:
        asked.append(request)
        return Reply(b"[]")

    fetch(script, tmp_path, endpoint="broker", flat_ids=("1", "2"), per_page=50)
    assert asked[0].target.startswith("/api/v0/get-broker-leads?")
    query = asked[0].query
    assert len(query.pop("hash")) == 64
    assert query == {
        "start_date": str(START),
        "end_date": str(START + 86400),
        "current_time": str(int(NOW.timestamp())),
        "id": "4544",
        "per_page": "50",
        "flat_ids": "1,2",
    }


def test_parts_of_a_second_are_asked_for_whole(tmp_path: Path) -> None:
    window = Window(at(START + 0.25), at(START + 10.25))
    (delivery,) = fetch(one_after_another(Reply(b"[]")), tmp_path, window)
    assert delivery.window == Window(at(START), at(START + 11))


class CuttingVendor:
    """Holds leads at known seconds and cuts off silently; both readings of its edges."""

    def __init__(self, seconds: list[int], *, ignores: bool, first: bool, last: bool) -> None:
        self.seconds = sorted(seconds)
        self.ignores, self.first, self.last = ignores, first, last
        self.asked: list[tuple[int, int]] = []

    def __call__(self, request: Asked) -> Reply:
        start, end = int(request.query["start_date"]), int(request.query["end_date"])
        self.asked.append((start, end))
        found = [
            housing_row(person(number, created=str(second)))
            for number, second in enumerate(self.seconds)
            if (start < second or (self.first and start == second))
            and (second < end or (self.last and second == end))
        ]
        most = 100 if self.ignores else int(request.query["per_page"])
        return Reply(json.dumps(found[:most]).encode())


@settings(deadline=None, max_examples=10)
@given(
    count=st.integers(0, 500),
    spread=st.integers(15, 300),
    seed=st.integers(0, 2**32),
    per_page=st.sampled_from([40, 100, 250]),
    ignores=st.booleans(),
    last=st.booleans(),
)
def test_splitting_loses_nothing(
    count: int, spread: int, seed: int, per_page: int, ignores: bool, last: bool
) -> None:
    chance = random.Random(seed)
    drawn = Counter(START + 20 * chance.randrange(spread) for _ in range(count))
    most = min(per_page, 100) - 1
    vendor = CuttingVendor(
        [second for second, leads in drawn.items() for _ in range(min(leads, most))],
        ignores=ignores,
        first=True,
        last=last,
    )
    window = Window(at(START), at(START + 6000))
    with TemporaryDirectory() as folder:
        deliveries = fetch(vendor, Path(folder), window, per_page=per_page)
        covering = [delivery for delivery in deliveries if delivery.covers]
        found = set()
        for delivery in covering:
            with delivery.body.open() as body:
                found |= {lead.natural_key for lead in leads_of(read(HOUSING_CASE, body.read()))}
    everything = json.dumps(
        [
            housing_row(person(number, created=str(second)))
            for number, second in enumerate(vendor.seconds)
        ]
    ).encode()
    assert found == {lead.natural_key for lead in leads_of(read(HOUSING_CASE, everything))}
    windows = [delivery.window for delivery in covering if delivery.window]
    assert windows[0].start == window.start
    assert windows[-1].end == window.end
    assert all(one.end == after.start for one, after in pairwise(windows))


@pytest.mark.parametrize("count", [100, 1000])
def test_a_full_second_is_an_error_after_what_came_before(tmp_path: Path, count: int) -> None:
    vendor = CuttingVendor([START + 3] * count, ignores=False, first=True, last=False)
    with pytest.raises(UnreadableDelivery, match="single second"):
        fetch(vendor, tmp_path, Window(at(START), at(START + 8)))
    assert vendor.asked[-1] == (START + 3, START + 4)


@pytest.mark.parametrize("count", [99, 101, 999, 1001, 5000])
def test_no_other_count_is_split(tmp_path: Path, count: int) -> None:
    rows = [housing_row(person(number)) for number in range(count)]
    (delivery,) = fetch(one_after_another(Reply(json.dumps(rows).encode())), tmp_path)
    assert delivery.covers


def test_an_error_object_with_200_is_a_refusal_and_kept(tmp_path: Path) -> None:
    answer = Reply(b'{"apiErrors": {"message": "jane@example.org"}}')
    with pytest.raises(VendorRefused) as raised:
        fetch(one_after_another(answer), tmp_path)
    assert "jane" not in str(raised.value)
    assert raised.value.status == 200
    assert len(list(tmp_path.iterdir())) == 1


def test_a_probe_asks_for_one_second() -> None:
    time = Time(NOW)
    with (
        scripted(one_after_another(Reply(b"[]"), Reply(b'{"apiErrors": {"a": 1}}'))) as vendor,
        HttpClient(clock=time.clock, sleep=time.sleep) as http,
    ):
        client = housing_client(vendor.base_url, http)
        assert client.probe().accepted
        assert not client.probe().accepted
    query = vendor.asked[0].query
    assert int(query["end_date"]) - int(query["start_date"]) == 1
    assert int(query["end_date"]) == int(NOW.timestamp())


def test_every_day_can_be_asked_for_again(client: HousingClient) -> None:
    assert client.refetchable_until(NOW.date()) is None


@pytest.mark.parametrize(
    "wrong",
    [
        {"base_url": "example.org"},
        {"base_url": "ftp://example.org"},
        {"base_url": "https://user:secret@example.org"},
        {"base_url": "https://example.org?x=1"},
        {"api_key": ""},
        {"api_key": f"{SECRET}\n"},
        {"account_id": " 4544"},
        {"per_page": 0},
        {"per_page": 1001},
        {"max_window": timedelta(0)},
    ],
)
def test_a_wrong_setting_is_said_before_anything_is_asked(wrong: dict[str, object]) -> None:
    right: dict[str, object] = {
        "account": "main",
        "base_url": "https://example.org",
        "account_id": "4544",
        "api_key": SECRET,
    }
    with HttpClient() as http, pytest.raises(ConfigError) as raised:
        HousingClient(http=http, **(right | wrong))  # type: ignore[arg-type]  # wrong on purpose
    assert "secret" not in str(raised.value).replace("secrets", "").lower()
