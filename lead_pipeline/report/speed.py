"""How long after it was made an enquiry is here, is shown, is in the CRM, is worked on."""

from collections.abc import Sequence

from lead_pipeline.report.draw import Level, level_bars
from lead_pipeline.report.section import Answer, Key, Panel, Row, Section, Sentence
from lead_pipeline.report.words import ENOUGH, counted, duration

EMPTY = (
    "No enquiry of the last 28 days was made after its account was first asked, and older ones "
    "could not have come sooner; the first run after a new enquiry fills this. Here will be how "
    "soon after it was made an enquiry is here, and in the CRM. "
    "Next: lead-pipeline run --days 1, now and again"
)
HEADINGS = {
    "fetched": "Here",
    "published": "In the published file",
    "in the CRM": "In the CRM",
    "first task done": "First task done",
}
FIRST_STEP = "fetched"


def speed_section(answer: Answer) -> Section:
    """A panel for each step, a bar for each source: half, and nine in ten, of its enquiries."""
    return Section(
        "speed",
        _finding(_fetched(answer)),
        "From the moment of an enquiry to each step after it; enquiries of the last 28 UTC days "
        "that were made since their account was first asked. Each panel has its own scale.",
        answer,
        panels=_panels(answer),
        keys=[Key("accent", "half within"), Key("before", "nine in ten within")],
        empty=None if answer.rows else EMPTY,
    )


def sentences(answer: Answer) -> list[Sentence]:
    """The slowest source."""
    rows = [row for row in _fetched(answer) if row["measured"] >= ENOUGH]
    if not rows:
        return []
    slow = max(rows, key=_half)
    linked = f"Half of {slow['source']}'s enquiries"
    return [Sentence(linked, f" were here within {duration(_half(slow))}.", "speed")]


def _fetched(answer: Answer) -> list[Row]:
    return [row for row in answer.rows if row["step"] == FIRST_STEP]


def _half(row: Row) -> int:
    return int(row["half_within_seconds"])


def _finding(fetched: Sequence[Row]) -> str:
    rows = [row for row in fetched if row["measured"] >= ENOUGH]
    if not rows:
        return "From an enquiry to our having it"
    quick, slow = min(rows, key=_half), max(rows, key=_half)
    if duration(_half(quick)) == duration(_half(slow)):
        return f"Half of the enquiries are here within {duration(_half(slow))}"
    return (
        f"Half of {quick['source']}'s enquiries are here within {duration(_half(quick))}, "
        f"of {slow['source']}'s within {duration(_half(slow))}"
    )


def _panels(answer: Answer) -> list[Panel]:
    steps: dict[str, list[Row]] = {}
    for row in answer.rows:
        steps.setdefault(row["step"], []).append(row)
    return [_panel(HEADINGS[step], rows) for step, rows in steps.items()]


def _panel(heading: str, rows: Sequence[Row]) -> Panel:
    levels = [
        Level(
            row["source"],
            row["half_within_seconds"],
            row["nine_in_ten_within_seconds"],
            duration(_half(row)),
        )
        for row in rows
    ]
    most = max(row["nine_in_ten_within_seconds"] for row in rows)
    measured = sum(row["measured"] for row in rows)
    remark = f"{counted(measured, 'enquiry', 'enquiries')}, nine in ten within {duration(most)}"
    if len(rows) > 1:
        remark += " at most"
    return Panel(heading, remark, level_bars(levels, most, f"{heading}: {remark}"))
