"""What counts as having a day, case by case. The days are of November 2026, hours are UTC."""

from datetime import UTC, date, datetime, timedelta
from typing import NamedTuple

import pytest

from lead_pipeline.marts import build_coverage, read_coverage
from lead_pipeline.records import Window
from lead_pipeline.warehouse import Session
from lead_pipeline_tests.warehouse.deliveries import Delivery, lead, load

NOW = datetime(2026, 11, 16, 10, tzinfo=UTC)
DAY_14, DAY_15, DAY_16 = (date(2026, 11, day) for day in (14, 15, 16))


def at(day: int, hour: float = 0) -> datetime:
    return datetime(2026, 11, day, tzinfo=UTC) + timedelta(hours=hour)


def asked(
    start: datetime, end: datetime, when: datetime, *, covers: bool = True, error: str | None = None
) -> Delivery:
    """What was asked at the same moment was asked by the same run."""
    run_id = when.isoformat()
    return Delivery((), when, window=Window(start, end), covers=covers, error=error, run_id=run_id)


class Case(NamedTuple):
    requests: list[Delivery]
    expected: list[tuple[int, str, str | None]]
    """Day, status and kind of the last run's error, up to and with today, the 16th."""


MORNING, EVENING = (at(15), at(15, 12)), (at(15, 12), at(16))
TODAY = (16, "missing", None)
CASES = {
    "asked for after it had ended": Case(
        [asked(at(15), at(16), at(16))], [(15, "complete", None), TODAY]
    ),
    "asked for a moment before it ended": Case(
        [asked(at(15), at(16), at(16) - timedelta(microseconds=1))],
        [(15, "partial", None), TODAY],
    ),
    "asked for too early and again after it had ended": Case(
        [asked(at(15), at(15, 9), at(15, 9)), asked(at(15), at(16), at(16, 1))],
        [(15, "complete", None), TODAY],
    ),
    "an answer that was cut off": Case(
        [asked(at(15), at(16), at(16, 1), covers=False)], [(15, "partial", None), TODAY]
    ),
    "a cut-off answer and the halves that were asked for instead": Case(
        [
            asked(at(15), at(16), at(16, 1), covers=False),
            asked(*MORNING, at(16, 1)),
            asked(*EVENING, at(16, 1)),
        ],
        [(15, "complete", None), TODAY],
    ),
    "the later half first": Case(
        [asked(*EVENING, at(16, 1)), asked(*MORNING, at(16, 2))],
        [(15, "complete", None), TODAY],
    ),
    "one half only": Case([asked(*MORNING, at(16, 1))], [(15, "partial", None), TODAY]),
    "one half asked for too early": Case(
        [asked(*MORNING, at(15, 13)), asked(*EVENING, at(16, 1))],
        [(15, "partial", None), TODAY],
    ),
    "a gap between two pieces": Case(
        [
            asked(at(15), at(15, 12) - timedelta(microseconds=1), at(16, 1)),
            asked(*EVENING, at(16, 1)),
        ],
        [(15, "partial", None), TODAY],
    ),
    "pieces that overlap, one inside another": Case(
        [
            asked(at(15), at(15, 20), at(16, 1)),
            asked(at(15, 1), at(15, 2), at(16, 1)),
            asked(at(15, 19), at(16), at(16, 1)),
        ],
        [(15, "complete", None), TODAY],
    ),
    "a request that failed": Case(
        [asked(at(15), at(16), at(16, 1), error="VendorUnavailable")],
        [(15, "missing", "VendorUnavailable"), TODAY],
    ),
    "a failure that a later request made good": Case(
        [
            asked(at(15), at(16), at(16, 1), error="VendorUnavailable"),
            asked(at(15), at(16), at(16, 2)),
        ],
        [(15, "complete", None), TODAY],
    ),
    "a failure after the day was complete": Case(
        [
            asked(at(15), at(16), at(16, 1)),
            asked(at(15), at(16), at(16, 2), error="VendorRefused"),
        ],
        [(15, "complete", "VendorRefused"), TODAY],
    ),
    "a failure that is not made good by another piece of the same run": Case(
        [
            asked(*MORNING, at(16, 1), error="VendorUnavailable"),
            asked(*EVENING, at(16, 1)),
        ],
        [(15, "partial", "VendorUnavailable"), TODAY],
    ),
    "a window of several days": Case(
        [asked(at(14), at(16), at(15, 23))],
        [(14, "complete", None), (15, "partial", None), TODAY],
    ),
    "days nobody asked for in between": Case(
        [asked(at(13), at(14), at(14, 1)), asked(at(15), at(16), at(16, 1))],
        [(13, "complete", None), (14, "missing", None), (15, "complete", None), TODAY],
    ),
    "a vendor's days, which begin in the day before, do not create that day": Case(
        [asked(at(13, 6), at(14, 6), at(16, 7)), asked(at(14, 6), at(15, 6), at(16, 7))],
        [(14, "complete", None), (15, "partial", None), TODAY],
    ),
    "today can only be partial": Case(
        [asked(at(16), at(16, 10), at(16, 10))], [(16, "partial", None)]
    ),
    "a scan has no days": Case([Delivery((), at(16, 1), window=None)], []),
    "nothing was ever asked": Case([], []),
}


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_the_status_of_a_day(session: Session, case: Case) -> None:
    for request in case.requests:
        load(session, request, NOW)
    build_coverage(session, NOW, {})
    found = session.rows("SELECT day, status, last_error FROM ops.coverage ORDER BY day")
    assert [(day.day, status, error) for day, status, error in found] == case.expected


def test_a_row_says_when_it_was_loaded_and_how_many_leads_it_has(session: Session) -> None:
    leads = (
        lead("a", 0, created_at=at(15)),
        lead("b", 1, created_at=at(16) - timedelta.resolution),
    )
    window = Window(at(15), at(16))
    load(session, Delivery(leads, at(16, 1), window=window), at(16, 2))
    load(session, asked(at(15), at(16), at(16, 3), error="VendorUnavailable"), at(16, 4))
    build_coverage(session, NOW, {("mumbai", DAY_15): at(21), ("mumbai", DAY_16): None})
    expected = [
        (
            "housing",
            "mumbai",
            DAY_15,
            "complete",
            2,
            at(16, 2),
            at(16, 3),
            at(21),
            "VendorUnavailable",
        ),
        ("housing", "mumbai", DAY_16, "missing", 0, None, None, None, None),
    ]
    assert session.rows("SELECT * FROM ops.coverage ORDER BY day") == expected


def test_accounts_do_not_cover_each_other(session: Session) -> None:
    window = Window(at(15), at(16))
    load(session, Delivery((), at(16, 1), window=window))
    load(session, Delivery((), at(15, 1), account="pune", window=window))
    load(session, Delivery((), at(15, 1), source="aimbase", account="boats", window=window))
    build_coverage(session, NOW, {("pune", DAY_15): at(22)})
    found = session.rows(
        "SELECT account, status, refetchable_until FROM ops.coverage WHERE day = ? ORDER BY 1",
        (DAY_15,),
    )
    expected = [
        ("boats", "partial", None),
        ("mumbai", "complete", None),
        ("pune", "partial", at(22)),
    ]
    assert found == expected


def test_building_again_forgets_what_was_there(session: Session) -> None:
    load(session, asked(at(15), at(16), at(16, 1)))
    build_coverage(session, NOW, {})
    build_coverage(session, NOW + timedelta(days=1), {})
    days = session.rows("SELECT day FROM ops.coverage ORDER BY day")
    assert [day.day for (day,) in days] == [15, 16, 17]


def test_reading_shows_the_present_and_writes_nothing(session: Session) -> None:
    load(session, asked(at(15), at(16), at(16, 1)))
    read = read_coverage(session, NOW, {})
    assert session.rows("SELECT * FROM ops.coverage") == []
    build_coverage(session, NOW, {})
    assert session.rows("SELECT * FROM ops.coverage ORDER BY day") == read
    assert len(read) == 2
