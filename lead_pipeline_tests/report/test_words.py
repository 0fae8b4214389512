"""How numbers, days and moments are said."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lead_pipeline.report.words import (
    NARROW,
    against,
    counted,
    duration,
    full_moment,
    listed,
    moment,
    percent,
    share_of,
    spans,
)


@pytest.mark.parametrize(
    ("part", "whole", "said"),
    [
        (0, 400, "0_%"),
        (1, 400, "under 1_%"),
        (399, 400, "over 99_%"),
        (400, 400, "100_%"),
        (48, 400, "12_%"),
    ],
)
def test_a_percentage_never_says_all_or_nothing_of_some(part: int, whole: int, said: str) -> None:
    assert percent(part, whole) == said.replace("_", NARROW)


@given(st.integers(0, 1000), st.integers(0, 1000))
def test_a_share_of_few_is_said_in_counts(part: int, more: int) -> None:
    whole = part + more
    if whole:
        assert ("%" in share_of(part, whole)) is (whole >= 50)


@pytest.mark.parametrize(
    ("now", "before", "said"),
    [
        (412, 468, "12_% fewer than the 468"),
        (500, 400, "25_% more than the 400"),
        (400, 400, "as many as the 400"),
        (12, 15, "3 fewer than the 15"),
        (1200, 3, "1,197 more than the 3"),
        (0, 60, "60 fewer than the 60"),
    ],
)
def test_a_comparison(now: int, before: int, said: str) -> None:
    assert against(now, before) == said.replace("_", NARROW)


def test_moments_have_their_zone() -> None:
    value = datetime(2026, 11, 28, 6, tzinfo=UTC)
    assert moment(value) == "Sat 28 Nov, 06:00 UTC"
    assert full_moment(value) == "Saturday 28 November 2026, 06:00 UTC"


def test_lists_and_counts() -> None:
    assert [listed(list("abc"[:length])) for length in range(4)] == [
        "",
        "a",
        "a and b",
        "a, b and c",
    ]
    assert counted(1, "enquiry", "enquiries") == "1 enquiry"
    assert counted(1200, "day") == "1,200 days"


@pytest.mark.parametrize(
    ("seconds", "said"),
    [(40, "40 seconds"), (720, "12 minutes"), (12_600, "3.5 hours"), (190_000, "2.2 days")],
)
def test_durations(seconds: float, said: str) -> None:
    assert duration(seconds) == said


def test_neighbouring_days_are_drawn_together() -> None:
    first = date(2026, 10, 30)
    days = [first + timedelta(days=number) for number in (0, 1, 2, 5, 7, 8)]
    assert spans(days) == "30 Oct to 1 Nov, 4 Nov and 6 to 7 Nov"
