"""What the page says happened: right where there is enough of it, silent where there is not."""

from datetime import timedelta
from typing import Any

import pytest

from lead_pipeline.report import calendar, daily, funnel, overlap, quality, speed
from lead_pipeline.report.section import Sentence
from lead_pipeline.report.words import NARROW
from lead_pipeline_tests.report.answers import NOW, TODAY, answer, coverage, days

THURSDAY = "on Thursday 19 November"


def said(sentences: list[Sentence]) -> list[str]:
    return [one.linked + one.rest for one in sentences]


@pytest.mark.parametrize(
    ("yesterday", "expected"),
    [
        (
            {"enquiries": 75},
            (
                f"75 enquiries from 50 people {THURSDAY}, 25{NARROW}% more than the 60 enquiries "
                "of the Thursday before."
            ),
        ),
        (
            {"enquiries": 1, "people": 1, "new_people": 0, "enquiries_week_before": 3},
            (
                f"1 enquiry from 1 person {THURSDAY}, 2 fewer than the 3 enquiries of the Thursday "
                "before."
            ),
        ),
        ({"state_week_before": "partial"}, f"60 enquiries from 50 people {THURSDAY}."),
        ({"state_week_before": None}, f"60 enquiries from 50 people {THURSDAY}."),
        (
            {"state": "partial"},
            f"At least 60 enquiries from 50 people {THURSDAY}; housing is not complete.",
        ),
    ],
)
def test_the_newest_day(yesterday: dict[str, Any], expected: str) -> None:
    assert said(daily.sentences(days("housing", **yesterday)))[0] == expected


def test_new_people_are_told_only_where_they_are_some_and_known() -> None:
    assert said(daily.sentences(days("housing")))[1:] == [
        "40 of these 50 people had never enquired before."
    ]
    for yesterday in ({"new_people": 0}, {"new_people": 50}, {"state": "partial"}):
        assert len(daily.sentences(days("housing", **yesterday))) == 1
    assert daily.sentences(answer("days")) == []
    assert daily.sentences(days("housing", enquiries=0)) == []


def test_all_is_well() -> None:
    found = calendar.sentences(coverage("housing", "complete", "complete", "partial"), TODAY)
    assert said(found) == ["Every day up to yesterday is complete, in every account."]
    assert calendar.sentences(coverage("housing", "lost", "complete", "partial"), TODAY) == []
    assert calendar.sentences(answer("coverage"), TODAY) == []


def test_a_vendor_that_does_not_answer() -> None:
    found = coverage(
        *("aimbase", "complete", "partial", "missing", "missing"),
        last_loaded_at=NOW - timedelta(days=2),
        last_error="VendorUnavailable",
        refetchable_until=NOW + timedelta(days=3),
    )
    assert said(calendar.sentences(found, TODAY)) == [
        (
            "aimbase has not answered since Wed 18 Nov, 09:40 UTC: 18 to 19 Nov are not whole, and "
            "18 Nov is lost on Mon 23 Nov, 09:40 UTC, unless it is read before."
        )
    ]


def test_accounts_in_one_state_share_a_sentence() -> None:
    rows = [
        row
        for account in ("housing", "qontak")
        for row in coverage(account, "partial", "complete", "partial").rows
    ]
    assert said(calendar.sentences(answer("coverage", *rows), TODAY)) == [
        (
            "housing and qontak can still be completed: 18 Nov is not whole and can be fetched at "
            "any time."
        )
    ]


@pytest.mark.parametrize(
    ("hours", "finding"),
    [
        (72, "1 day of aimbase will be lost within 72 hours"),
        (73, "1 day of aimbase can still be completed"),
    ],
)
def test_what_is_about_to_be_lost_is_the_title(hours: int, finding: str) -> None:
    found = coverage(
        *("aimbase", "missing", "partial"),
        refetchable_until=NOW + timedelta(hours=hours),
        hours_left=hours,
    )
    section = calendar.coverage_section(found, TODAY)
    assert section.finding == finding
    assert section.notes[0].command == (
        "lead-pipeline run --account aimbase --from 2026-11-19 --to 2026-11-19"
    )


def test_a_source_that_cannot_be_called_is_named() -> None:
    def asked(enquiries: int, with_phone: int) -> list[str]:
        row = {"source": "housing", "enquiries": enquiries, "with_phone": with_phone}
        return said(quality.sentences(answer("quality", row)))

    expected = f"Only 75{NARROW}% of housing's enquiries have a phone that can be called."
    assert asked(100, 75) == [expected]
    assert asked(100, 95) == []
    assert asked(20, 1) == []


def test_what_came_of_it_is_told_once_something_did() -> None:
    row = {"source": "all", "enquiries": 900, "contacts": 20, "deals": 7, "deals_won": 2}
    assert said(funnel.sentences(answer("funnel", row))) == [
        "7 deals, 2 of them won, came of 900 enquiries in 90 days."
    ]
    for change in ({"deals_won": 0}, {"contacts": 0}):
        assert funnel.sentences(answer("funnel", row | change)) == []


def test_overlap_and_speed() -> None:
    one = {"systems": "housing", "number_of_systems": 1, "people": 90}
    two = {"systems": "aimbase + housing", "number_of_systems": 2, "people": 10}
    assert said(overlap.sentences(answer("overlap", one, two))) == [
        "10 of 100 people enquired in more than one system."
    ]
    assert overlap.sentences(answer("overlap", one)) == []
    quick = {"step": "fetched", "source": "a", "measured": 60, "half_within_seconds": 720}
    slow = {**quick, "source": "b", "half_within_seconds": 7200}
    few = {**slow, "source": "c", "measured": 3, "half_within_seconds": 10**6}
    assert said(speed.sentences(answer("speed", quick, slow, few))) == [
        "Half of b's enquiries were here within 2.0 hours."
    ]
