"""What is asked of Qontak: windows, signatures, probes and settings."""

import json
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import pytest

from lead_pipeline.errors import ConfigError
from lead_pipeline.records import Window
from lead_pipeline.vendors.contract import Delivery
from lead_pipeline.vendors.deadline import Countdown
from lead_pipeline.vendors.http import HttpClient
from lead_pipeline.vendors.qontak import QontakClient
from lead_pipeline.vendors.qontak.signature import signature
from lead_pipeline_tests.vendors.cases import (
    NOW,
    SECRET,
    WINDOW,
    contact,
    envelope,
    person,
    qontak_client,
)
from lead_pipeline_tests.vendors.qontak_list import PagedList, honest, silent
from lead_pipeline_tests.vendors.scripted import (
    Asked,
    FolderBodies,
    Reply,
    Script,
    Time,
    one_after_another,
    scripted,
)

EMPTY = Reply(envelope([]))
UNAUTHORIZED = Reply(b'{"message": "HMAC signature does not match"}', status=401)


def fetch(script: Script, folder: Path, window: Window = WINDOW, **given: object) -> list[Delivery]:
    time = Time(NOW)
    with scripted(script) as vendor, HttpClient(clock=time.clock, sleep=time.sleep) as http:
        client = qontak_client(vendor.base_url, http, **given)
        deadline = Countdown(900, time.monotonic)
        return list(client.fetch("contacts_created", window, FolderBodies(folder), deadline))


def contacts(count: int) -> list[dict[str, object]]:
    return [contact(person(number)) for number in range(count)]


def test_creations_are_asked_for_from_the_day_before(tmp_path: Path) -> None:
    asked: list[Asked] = []

    def script(request: Asked) -> Reply:
        asked.append(request)
        return EMPTY

    fetch(script, tmp_path, per_page=25)
    target = "/qontak/crm/contacts?page=1&per_page=25&created_after=17-11-2026"
    assert asked[0].target == target
    assert asked[0].headers["X-Crm-User-Sso-Id"] == "00000000-0000-4000-8000-000000000001"
    assert asked[0].headers["Date"] == format_datetime(NOW, usegmt=True)
    assert "Digest" not in asked[0].headers


@pytest.mark.parametrize("sign_query", [True, False])
def test_the_signature_is_over_what_is_sent(tmp_path: Path, sign_query: bool) -> None:
    asked: list[Asked] = []

    def script(request: Asked) -> Reply:
        asked.append(request)
        return EMPTY

    fetch(script, tmp_path, sign_query=sign_query)
    target = asked[0].target if sign_query else "/qontak/crm/contacts"
    signed = signature(SECRET, asked[0].headers["Date"], "GET", target)
    assert asked[0].headers["Authorization"] == (
        'hmac username="client-1", algorithm="hmac-sha256", headers="date request-line", '
        f'signature="{signed}"'
    )


@pytest.mark.parametrize("totals", [honest, silent])
def test_only_the_last_page_covers_the_window(tmp_path: Path, totals: object) -> None:
    paged = PagedList(contacts(25), totals)  # type: ignore[arg-type]  # one of ours
    deliveries = fetch(paged, tmp_path, per_page=10)
    assert [one.covers for one in deliveries] == [False, False, True]
    assert {one.window for one in deliveries} == {WINDOW}
    assert paged.pages == [1, 2, 3]


def test_pages_that_shift_cover_nothing(tmp_path: Path) -> None:
    def shift(records: list[dict[str, object]], page: int) -> None:
        records.insert(0, contact(person(1000 + page)))

    deliveries = fetch(PagedList(contacts(25), between=shift), tmp_path, per_page=10)
    assert [one.covers for one in deliveries] == [False] * len(deliveries)


def test_a_window_is_asked_for_in_one(tmp_path: Path) -> None:
    with HttpClient() as http:
        client = qontak_client("https://example.org", http)
        week = Window(NOW - timedelta(days=7), NOW + timedelta(days=1))
        assert client.plan("contacts_created", week, NOW) == (Window(week.start, NOW),)
        assert client.refetchable_until(NOW.date()) is None
        assert not client.moves_cursor
        with pytest.raises(ValueError, match="cursor"):
            client.fetch_new("contacts_created", None, FolderBodies(tmp_path), Countdown(9))
        with pytest.raises(ValueError, match="cursor"):
            client.recover("contacts_created", FolderBodies(tmp_path), Countdown(9))


@pytest.mark.parametrize("stream", ["contacts_created", "contacts_info", "stages", "tickets"])
def test_only_scanned_streams_are_scanned(tmp_path: Path, stream: str) -> None:
    with HttpClient() as http:
        client = qontak_client("https://example.org", http)
        with pytest.raises(ValueError, match=stream):
            client.scan(stream, None, FolderBodies(tmp_path), Countdown(9))


# Probing


def accepting(*, with_query: bool) -> Script:
    """A vendor that computes the signature in one form only."""

    def script(asked: Asked) -> Reply:
        target = asked.target if with_query else asked.target.partition("?")[0]
        right = signature(SECRET, asked.headers["Date"], "GET", target)
        return EMPTY if right in asked.headers["Authorization"] else UNAUTHORIZED

    return script


@pytest.mark.parametrize("accepts", [True, False])
@pytest.mark.parametrize("configured", [True, False])
def test_a_probe_finds_the_form_of_the_signature(accepts: bool, configured: bool) -> None:
    time = Time(NOW)
    with (
        scripted(accepting(with_query=accepts)) as vendor,
        HttpClient(clock=time.clock, sleep=time.sleep) as http,
    ):
        vendor.date = format_datetime(NOW + timedelta(seconds=40), usegmt=True)
        probe = qontak_client(vendor.base_url, http, sign_query=configured).probe()
    assert probe.accepted is (accepts == configured)
    assert probe.clock_offset_seconds == 40
    assert len(vendor.asked) == (1 if accepts == configured else 2)
    if accepts != configured:
        assert f"accepts the credentials with sign_query: {str(accepts).lower()}" in (
            probe.explanation
        )
    assert {asked.target for asked in vendor.asked} == {"/qontak/crm/contacts?page=1&per_page=1"}


@pytest.mark.parametrize("status", [401, 403])
def test_a_probe_that_neither_form_satisfies(status: int) -> None:
    time = Time(NOW)
    with (
        scripted(one_after_another(Reply(status=status))) as vendor,
        HttpClient(clock=time.clock, sleep=time.sleep) as http,
    ):
        probe = qontak_client(vendor.base_url, http).probe()
    assert not probe.accepted
    assert f"{status}" in probe.explanation
    assert len(vendor.asked) == 2


@pytest.mark.parametrize("answer", [Reply(status=404), Reply(b'{"meta": {"status": 404}}')])
def test_a_probe_tries_the_other_form_only_where_it_may_help(answer: Reply) -> None:
    time = Time(NOW)
    with (
        scripted(one_after_another(answer)) as vendor,
        HttpClient(clock=time.clock, sleep=time.sleep) as http,
    ):
        assert not qontak_client(vendor.base_url, http).probe().accepted
    assert len(vendor.asked) == 1


def test_a_date_is_made_for_every_attempt(tmp_path: Path) -> None:
    asked: list[Asked] = []
    busy = Reply(status=429, headers={"Retry-After": "7"})
    replies = one_after_another(busy, busy, EMPTY)

    def script(request: Asked) -> Reply:
        asked.append(request)
        return replies(request)

    fetch(script, tmp_path)
    dates = [asked_at.headers["Date"] for asked_at in asked]
    assert dates == [
        format_datetime(NOW + timedelta(seconds=7 * attempt), usegmt=True) for attempt in range(3)
    ]


@pytest.mark.parametrize(
    "wrong",
    [
        {"base_url": "example.org"},
        {"client_id": ""},
        {"client_id": 'a"b'},
        {"client_id": "é"},
        {"client_secret": f"{SECRET}\n"},
        {"sso_id": ""},
        {"sso_id": "a\r\nX: y"},
        {"per_page": 0},
        {"per_page": 1001},
        {"requests_per_second": 0},
        {"requests_per_second": float("nan")},
        {"concurrency": 0},
        {"concurrency": 9},
    ],
)
def test_a_wrong_setting_is_said_before_anything_is_asked(wrong: dict[str, object]) -> None:
    right: dict[str, object] = {
        "account": "main",
        "base_url": "https://example.org",
        "client_id": "client-1",
        "client_secret": SECRET,
        "sso_id": "1",
    }
    with HttpClient() as http, pytest.raises(ConfigError) as raised:
        QontakClient(http=http, **(right | wrong))  # type: ignore[arg-type]  # wrong on purpose
    assert SECRET not in str(raised.value)


def test_an_early_hour_is_asked_for_from_the_day_before_its_own(tmp_path: Path) -> None:
    asked: list[Asked] = []

    def script(request: Asked) -> Reply:
        asked.append(request)
        return Reply(json.dumps({"response": []}).encode())

    start = datetime(2026, 3, 1, 0, 30, tzinfo=UTC)
    fetch(script, tmp_path, Window(start, start + timedelta(hours=1)))
    assert asked[0].query["created_after"] == "28-02-2026"
    assert len(asked) == 1
