from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lead_pipeline.records import LEAD_COLUMNS, Subject, Window, day_window

NIGHT = datetime(2026, 11, 14, tzinfo=UTC)
days = st.dates(date(2000, 1, 1), date(2100, 1, 1))
moments = st.integers(0, 2**51).map(lambda n: NIGHT + timedelta(microseconds=n))


def test_a_window_needs_aware_times() -> None:
    naive = NIGHT.replace(tzinfo=None)
    with pytest.raises(ValueError, match="aware"):
        Window(naive, NIGHT)
    with pytest.raises(ValueError, match="aware"):
        Window(NIGHT, naive)


@pytest.mark.parametrize("length", [timedelta(0), timedelta(microseconds=-1)])
def test_a_window_ends_after_it_starts(length: timedelta) -> None:
    with pytest.raises(ValueError, match="end after it starts"):
        Window(NIGHT, NIGHT + length)


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        (NIGHT, NIGHT + timedelta(days=1), [14]),
        (NIGHT, NIGHT + timedelta(days=1, microseconds=1), [14, 15]),
        (NIGHT + timedelta(hours=23), NIGHT + timedelta(hours=25), [14, 15]),
        (NIGHT + timedelta(hours=5), NIGHT + timedelta(hours=6), [14]),
    ],
)
def test_days_that_a_window_touches(start: datetime, end: datetime, expected: list[int]) -> None:
    assert [day.day for day in Window(start, end).days()] == expected


def test_days_are_utc_whatever_the_zone() -> None:
    central = timezone(timedelta(hours=-6))
    window = Window(datetime(2026, 11, 14, tzinfo=central), datetime(2026, 11, 15, tzinfo=central))
    assert window.days() == (date(2026, 11, 14), date(2026, 11, 15))
    assert str(window) == "2026-11-14 06:00:00 to 2026-11-15 06:00:00 UTC"


@given(moments, st.timedeltas(timedelta(microseconds=1), timedelta(days=40)))
def test_a_moment_is_in_a_window_only_on_a_day_that_it_touches(
    start: datetime, length: timedelta
) -> None:
    window = Window(start, start + length)
    touched = window.days()
    assert list(touched) == sorted(set(touched))
    assert touched[0] == window.start.date()
    assert day_window(touched[-1]).start < window.end <= day_window(touched[-1]).end


@given(days, st.integers(0, 60))
def test_a_day_window_touches_its_days_and_no_other(first: date, more: int) -> None:
    last = first + timedelta(days=more)
    window = day_window(first, last)
    assert window.days() == tuple(first + timedelta(days=n) for n in range(more + 1))
    assert window.end - window.start == timedelta(days=more + 1)


def test_whole_days_are_shown_without_hours() -> None:
    subject = Subject("housing", "mumbai", day_window(date(2026, 11, 14)))
    assert str(subject) == "housing account mumbai, window 2026-11-14 to 2026-11-15 UTC"
    assert str(Subject("housing", "mumbai")) == "housing account mumbai"


def test_every_lead_column_is_named_once_and_described() -> None:
    names = [column.name for column in LEAD_COLUMNS]
    assert len(names) == len(set(names))
    assert all(column.meaning and column.type for column in LEAD_COLUMNS)


def test_what_identifies_a_person_is_marked_personal() -> None:
    personal = {column.name for column in LEAD_COLUMNS if column.personal}
    identifying = {
        *("full_name", "given_name", "family_name", "company", "email", "email_raw"),
        *("phone", "phone_raw", "phone_2", "address_line1", "address_line2", "postal_code"),
        *("comments", "attributes"),
    }
    assert identifying <= personal
