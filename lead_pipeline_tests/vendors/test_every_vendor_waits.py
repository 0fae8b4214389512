"""Retries, waits, cut bodies and time limits, of every vendor."""

import gzip
from datetime import timedelta
from email.utils import format_datetime

import pytest

from lead_pipeline.errors import UnreadableDelivery, VendorUnavailable
from lead_pipeline.vendors.deadline import Countdown
from lead_pipeline.vendors.http import HttpSettings
from lead_pipeline_tests.vendors.cases import NOW, WINDOW, Case
from lead_pipeline_tests.vendors.conftest import BenchOf, good, leads_of
from lead_pipeline_tests.vendors.scripted import MOST_DRIPS, Reply, one_after_another

BUSY = Reply(status=503)


def test_a_failure_that_stays_ends_with_a_count_and_the_next_command(bench: BenchOf) -> None:
    b = bench(one_after_another(BUSY), HttpSettings(attempts=4))
    with pytest.raises(VendorUnavailable, match="4 attempts") as raised:
        b.fetch()
    assert len(b.vendor.asked) == 4
    assert "503" in str(raised.value)
    assert raised.value.next_step.startswith("lead-pipeline run --account main --from 2026-11-18")
    assert b.bodies.files() == []


def test_back_off_grows_and_is_bounded(bench: BenchOf) -> None:
    b = bench(one_after_another(BUSY), HttpSettings(attempts=12, backoff=1, longest_backoff=8))
    with pytest.raises(VendorUnavailable):
        b.fetch()
    limits = [min(2.0**n, 8.0) for n in range(11)]
    assert all(0 <= slept <= limit for slept, limit in zip(b.time.slept, limits, strict=True))


@pytest.mark.parametrize(
    ("header", "slept"),
    [("7", 7.0), ("0", 1.0), ("-5", None), ("soon", None), ("٣", None), ("250", 100.0)],
)
def test_retry_after_is_obeyed_and_bounded(
    bench: BenchOf, case: Case, header: str, slept: float | None
) -> None:
    wait = Reply(status=429, headers={"Retry-After": header.encode().decode("latin-1")})
    b = bench(one_after_another(wait, good(case)), HttpSettings(longest_retry_after=100))
    b.fetch()
    if slept is None:
        assert b.time.slept[0] <= 1.0
    else:
        assert b.time.slept == [slept]


@pytest.mark.parametrize("dated", [True, False])
def test_retry_after_may_be_a_date(bench: BenchOf, case: Case, dated: bool) -> None:
    """Measured from the vendor's own clock where it tells it, here 3,000 seconds fast."""
    theirs = NOW + timedelta(seconds=3000 if dated else 0)
    later = format_datetime(theirs + timedelta(seconds=42), usegmt=True)
    b = bench(one_after_another(Reply(status=503, headers={"Retry-After": later}), good(case)))
    b.vendor.date = format_datetime(theirs, usegmt=True) if dated else None
    b.fetch()
    assert b.time.slept == [42.0]


@pytest.mark.parametrize("header", ["901", "999999999", "9" * 4000])
def test_a_wait_past_the_time_limit_ends_at_once(bench: BenchOf, header: str) -> None:
    b = bench(one_after_another(Reply(status=503, headers={"Retry-After": header})))
    with pytest.raises(VendorUnavailable, match="asked to wait"):
        b.fetch(seconds=900)
    assert b.time.slept == []
    assert len(b.vendor.asked) == 1


def test_the_time_limit_ends_the_retries(bench: BenchOf) -> None:
    wait = Reply(status=503, headers={"Retry-After": "40"})
    b = bench(one_after_another(wait), HttpSettings(attempts=100))
    with pytest.raises(VendorUnavailable):
        b.fetch(seconds=100)
    assert b.time.slept == [40.0, 40.0]


def test_nothing_is_asked_when_the_time_limit_has_passed(bench: BenchOf, case: Case) -> None:
    b = bench(one_after_another(good(case)))
    with pytest.raises(VendorUnavailable, match="time limit"):
        b.fetch(seconds=0)
    assert b.vendor.asked == []


def test_a_cut_body_is_asked_again_and_leaves_nothing(bench: BenchOf, case: Case) -> None:
    whole = good(case)
    cut = Reply(whole.body[:50], content_type=case.content_type, promised=len(whole.body))
    b = bench(one_after_another(cut, whole))
    (delivery,) = b.fetch()
    assert delivery.attempts == 2
    assert b.bodies.files() == [delivery.body.sha256]


def test_a_body_that_is_always_cut_is_an_error(bench: BenchOf, case: Case) -> None:
    cut = Reply(good(case).body[:50], content_type=case.content_type, promised=5000)
    b = bench(one_after_another(cut), HttpSettings(attempts=3))
    with pytest.raises(VendorUnavailable, match="cut short"):
        b.fetch()
    assert b.bodies.files() == []


def test_a_compressed_body_is_kept_decoded(bench: BenchOf, case: Case) -> None:
    packed = Reply(
        gzip.compress(good(case).body),
        content_type=case.content_type,
        headers={"Content-Encoding": "gzip"},
    )
    b = bench(one_after_another(packed))
    (delivery,) = b.fetch()
    assert delivery.body.length == len(good(case).body)
    assert len(leads_of(b.items(delivery))) == 3


def test_a_compressed_body_that_is_cut_is_asked_again(bench: BenchOf, case: Case) -> None:
    packed = gzip.compress(good(case).body)
    headers = {"Content-Encoding": "gzip"}
    b = bench(
        one_after_another(
            Reply(packed[:-12], content_type=case.content_type, headers=headers),
            Reply(packed, content_type=case.content_type, headers=headers),
        )
    )
    (delivery,) = b.fetch()
    assert delivery.attempts == 2


def test_a_body_beyond_the_limit_is_a_typed_error(bench: BenchOf, case: Case) -> None:
    bomb = Reply(
        gzip.compress(b" " * 3_000_000),
        content_type=case.content_type,
        headers={"Content-Encoding": "gzip"},
    )
    b = bench(one_after_another(bomb), HttpSettings(maximum_bytes=1_000_000))
    with pytest.raises(UnreadableDelivery, match="1,000,000 bytes"):
        b.fetch()
    assert len(b.vendor.asked) == 1
    assert b.bodies.files() == []


@pytest.mark.parametrize(
    "slow",
    [
        Reply(promised=10**9, drip=b" "),
        Reply(promised=10**9, drip=gzip.compress(b""), headers={"Content-Encoding": "gzip"}),
        Reply(drip=b"x", headless=True),
    ],
    ids=["body", "compressed body", "headers"],
)
def test_bytes_that_only_drip_do_not_outlast_the_time_limit(bench: BenchOf, slow: Reply) -> None:
    """The clock here is real: the vendor would drip for ten seconds."""
    b = bench(one_after_another(slow))
    with pytest.raises(VendorUnavailable, match="time limit"):
        list(b.client.fetch(b.case.stream, WINDOW, b.bodies, Countdown(0.3)))
    assert b.bodies.files() == []
    assert 0 < b.vendor.drips < MOST_DRIPS


def test_silence_ends_with_the_limit_of_a_read(bench: BenchOf, case: Case) -> None:
    b = bench(
        one_after_another(Reply(promised=100), good(case)), HttpSettings(read=0.05, attempts=1)
    )
    with pytest.raises(VendorUnavailable, match="1 attempt"):
        b.fetch()
