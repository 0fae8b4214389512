"""How long after it was made an enquiry is here."""

from collections.abc import Sequence

from lead_pipeline.report.draw import Level, level_bars
from lead_pipeline.report.section import Answer, Panel, Row, Section, Sentence
from lead_pipeline.report.words import ENOUGH, counted, duration

EMPTY = (
    "No enquiry was made since its account was first asked. Here will be how soon after it was "
    "made an enquiry is here. Next: lead-pipeline run --days 1, now and again"
)


def speed_section(answer: Answer) -> Section:
    """Two panels: half, and nine in ten, of each source's enquiries."""
    rows = answer.rows
    return Section(
        "speed",
        _finding(answer),
        "From the moment of an enquiry to our first having it; of enquiries of the last 28 UTC "
        "days, made since the account was first asked.",
        answer,
        panels=_panels(answer),
        empty=None if rows else EMPTY,
        is_half=True,
    )


def sentences(answer: Answer) -> list[Sentence]:
    """The slowest source."""
    rows = [row for row in answer.rows if row["enquiries"] >= ENOUGH]
    if not rows:
        return []
    slow = max(rows, key=lambda row: row["median_minutes"])
    linked = f"Half of {slow['source']}'s enquiries"
    return [Sentence(linked, f" were here within {_said(slow['median_minutes'])}.", "speed")]


def _said(minutes: float) -> str:
    return duration(minutes * 60)


def _finding(answer: Answer) -> str:
    if not answer.rows:
        return "From an enquiry to our having it"
    slow = max(answer.rows, key=lambda row: row["median_minutes"])
    if len(answer.rows) == 1:
        return f"Half of the enquiries are here within {_said(slow['median_minutes'])}"
    quick = min(answer.rows, key=lambda row: row["median_minutes"])
    return (
        f"Half of {quick['source']}'s enquiries are here within {_said(quick['median_minutes'])}, "
        f"of {slow['source']}'s within {_said(slow['median_minutes'])}"
    )


def _panels(answer: Answer) -> list[Panel]:
    most = max((row["nine_in_ten_minutes"] for row in answer.rows), default=0)
    shares = {
        "Half are here within": "median_minutes",
        "Nine in ten are here within": "nine_in_ten_minutes",
    }
    return [_panel(heading, answer.rows, column, most) for heading, column in shares.items()]


def _panel(heading: str, rows: Sequence[Row], column: str, most: float) -> Panel:
    levels = [Level(row["source"], row[column], None, _said(row[column])) for row in rows]
    remark = f"of {counted(sum(row['enquiries'] for row in rows), 'enquiry', 'enquiries')}"
    return Panel(heading, remark, level_bars(levels, most, f"{heading}, by source"))
