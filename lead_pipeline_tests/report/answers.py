"""Answers to the page's questions, made by hand."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from lead_pipeline.report.section import Answer

TODAY = date(2026, 11, 20)
"""A Friday."""
NOW = datetime.combine(TODAY, time(9, 40), UTC)


def answer(name: str, *rows: Mapping[str, Any]) -> Answer:
    return Answer(name, "SELECT 1", list(rows[0]) if rows else [], rows)


def days(*sources: str, **of_yesterday: Any) -> Answer:  # noqa: ANN401 - columns of their own types
    """Yesterday and today of all sources and of each; 60 enquiries, as a week before."""
    usual = {"state": "complete", "enquiries": 60, "people": 50, "new_people": 40}
    before = {"state_week_before": "complete", "enquiries_week_before": 60}
    usual |= {**before, "people_week_before": 50}
    rows = [
        {"day": day, "source": source, **usual, **(of_yesterday if day < TODAY else {})}
        for source in ("all", *sources)
        for day in (TODAY - timedelta(days=1), TODAY)
    ]
    return answer("days", *rows)


def coverage(account: str, *states: str, **of_each: Any) -> Answer:  # noqa: ANN401 - likewise
    """The days of an account up to today, the last."""
    usual = {"last_asked_at": NOW, "last_loaded_at": NOW, "refetchable_until": None}
    rows = []
    for back, state in enumerate(reversed(states)):
        row = {"account": account, "day": TODAY - timedelta(days=back), "state": state}
        row |= {**usual, "hours_left": None, "last_error": None, **of_each}
        rows.append(row)
    return answer("coverage", *reversed(rows))
