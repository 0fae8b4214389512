"""Requests: the bytes that are sent, and what is never shown of them."""

import gzip
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from lead_pipeline.errors import VendorRefused
from lead_pipeline.records import Subject
from lead_pipeline.vendors.deadline import Countdown
from lead_pipeline.vendors.headers import clock_offset_seconds, http_date, retry_after_seconds
from lead_pipeline.vendors.http import HttpClient
from lead_pipeline.vendors.inflate import PIECE_BYTES, CutShortError, inflated
from lead_pipeline.vendors.refusals import Asking
from lead_pipeline.vendors.request import Request, redacted
from lead_pipeline_tests.vendors.scripted import FolderBodies, Reply, one_after_another, scripted

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)


def test_what_is_signed_is_what_is_sent(tmp_path: Path) -> None:
    """A signature over the target holds only if no library writes it anew."""
    seen: list[str] = []

    def sign(request: Request, now: datetime) -> Request:
        signed = request.with_query(("at", now.isoformat())).with_headers(("X-Signed", "yes"))
        seen.append(signed.target)
        return signed

    query = (("q", "a b&c=d/é,ü:%2F+~'()*!"), ("empty", ""), ("date", "11/20/2026"))
    with scripted(one_after_another(Reply())) as vendor, HttpClient(clock=lambda: NOW) as http:
        asking = Asking(Subject("vendor", "main"))
        request = Request(vendor.base_url + "/prefix", "/path/%20", query)
        answer = http.ask(request, sign, asking, FolderBodies(tmp_path), Countdown(9))
    assert [asked.target for asked in vendor.asked] == seen
    assert vendor.asked[0].query["q"] == query[0][1]
    assert vendor.asked[0].headers["X-Signed"] == "yes"
    assert vendor.asked[0].headers["User-Agent"].startswith("lead-pipeline/")
    assert "at=" not in answer.url


@pytest.mark.parametrize(
    "name",
    ["hash", "sig", "api_key", "token", "email", "phone", "EMAIL", "Page", "x"],
)
def test_only_harmless_values_stay_in_the_url(name: str) -> None:
    shown = redacted(f"https://user:pass@example.org/a?id=4544&{name}=abc%40123&page=1#abc123")
    assert shown == f"https://example.org/a?id=4544&{name}=…&page=1"


@pytest.mark.parametrize(
    "query",
    [
        "page=1&per_page=25&created_after=17-11-2026",
        "start_date=1&end_date=2&id=a&per_page=3&project_ids=4,5&apartment_names=a+b&flat_ids=6",
        "Date=11/18/2026",
        "Days=7",
    ],
)
def test_what_the_vendors_are_asked_stays_in_the_url(query: str) -> None:
    assert redacted(f"https://example.org/a?{query}") == f"https://example.org/a?{query}"


def test_a_refused_lookup_does_not_name_the_person(tmp_path: Path) -> None:
    query = (("page", "1"), ("email", "ann@example.com"), ("phone", "+6281234567"))
    with (
        scripted(one_after_another(Reply(status=403))) as vendor,
        HttpClient(clock=lambda: NOW) as http,
    ):
        request = Request(vendor.base_url, "/contacts", query)
        asking = Asking(Subject("vendor", "main"))
        with pytest.raises(VendorRefused) as raised:
            http.ask(request, lambda plain, _: plain, asking, FolderBodies(tmp_path), Countdown(9))
    assert "page=1&email=…&phone=…" in str(raised.value)
    assert "ann" not in str(raised.value)
    assert "81234567" not in str(raised.value)


def test_a_request_shows_neither_query_nor_headers() -> None:
    request = Request("https://example.org", "/a", (("hash", "abc"),), (("Authenticate", "abc"),))
    assert "abc" not in repr(request)


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("5", 5.0),
        (" 5 ", 5.0),
        ("0", 0.0),
        ("9" * 5000, float("inf")),
        ("-1", None),
        ("1.5", None),
        ("\u0665", None),
        ("", None),
        (None, None),
        ("Fri, 20 Nov 2026 12:00:09 GMT", 9.0),
        ("Fri, 20 Nov 2026 11:00:00 GMT", 0.0),
        ("Fri, 99 Nov 2026 11:00:00 GMT", None),
    ],
)
def test_retry_after(text: str | None, seconds: float | None) -> None:
    assert retry_after_seconds(text, None, NOW) == seconds


@given(st.text())
@example("0\x1f")
def test_no_header_breaks_the_reading_of_time(text: str) -> None:
    http_date(text)
    clock_offset_seconds(text, NOW)
    retry_after_seconds(text, text, NOW)


def test_the_offset_is_theirs_minus_ours() -> None:
    date = "Fri, 20 Nov 2026 12:00:09 GMT"
    assert clock_offset_seconds(date, NOW - timedelta(seconds=1)) == 10.0
    assert clock_offset_seconds(None, NOW) is None


@given(st.binary(max_size=2000), st.integers(1, 64), st.booleans())
def test_inflating_gives_back_what_was_packed(content: bytes, size: int, twice: bool) -> None:
    packed = gzip.compress(content) * (2 if twice else 1)
    pieces = [packed[start : start + size] for start in range(0, len(packed), size)]
    assert b"".join(inflated(iter(pieces))) == content * (2 if twice else 1)


def test_inflating_stays_in_small_pieces() -> None:
    pieces = list(inflated(iter([gzip.compress(b"\0" * 50_000_000)])))
    assert max(map(len, pieces)) <= PIECE_BYTES
    assert sum(map(len, pieces)) == 50_000_000


@given(st.integers(0, 200))
def test_a_cut_or_damaged_stream_is_said(length: int) -> None:
    packed = gzip.compress(bytes(range(256)))
    with pytest.raises(CutShortError):
        list(inflated(iter([packed[: min(length, len(packed) - 1)]])))
    with pytest.raises(CutShortError):
        list(inflated(iter([packed[:-6] + b"\0" + packed[-5:] + b"rest"])))
