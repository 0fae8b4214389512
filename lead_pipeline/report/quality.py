"""What the enquiries can be used for: phones and e-mails."""

from lead_pipeline.report.draw import Level, level_bars
from lead_pipeline.report.section import Answer, Key, Note, Panel, Row, Section, Sentence
from lead_pipeline.report.words import ENOUGH, counted, percent, share_of

EMPTY = (
    "No enquiry is of the last 28 days. Here will be the share with a phone that can be called "
    "and an e-mail that can be written to, by source. Next: lead-pipeline run --days 7"
)
MEASURES = {
    "with_phone": "A phone to call",
    "with_email": "An e-mail to write to",
}
_WORTH_SAYING = 0.9
"""A source of which fewer phones than this can be called is named at the top."""


def quality_section(answer: Answer) -> Section:
    """A panel for each thing that an enquiry should have."""
    enquiries = sum(row["enquiries"] for row in answer.rows)
    phones = sum(row["with_phone"] for row in answer.rows)
    return Section(
        "quality",
        f"{share_of(phones, enquiries)} of enquiries can be called"
        if enquiries
        else "What the enquiries can be used for",
        "Share of the enquiries of the last 28 UTC days, by source.",
        answer,
        panels=[_panel(answer, column, name) for column, name in MEASURES.items()]
        if enquiries
        else (),
        keys=[Key("accent", "have it"), Key("before", "do not")],
        notes=_notes(answer),
        is_half=True,
        empty=None if enquiries else EMPTY,
    )


def sentences(answer: Answer) -> list[Sentence]:
    """The source with the fewest phones that can be called, if they are few."""
    rows = [row for row in answer.rows if row["enquiries"] >= ENOUGH]
    worst = min(rows, key=_callable, default=None)
    if worst is None or _callable(worst) >= _WORTH_SAYING:
        return []
    share = percent(worst["with_phone"], worst["enquiries"])
    linked = f"Only {share} of {worst['source']}'s enquiries"
    return [Sentence(linked, " have a phone that can be called.", "quality")]


def _callable(row: Row) -> float:
    return float(row["with_phone"] / row["enquiries"])


def _panel(answer: Answer, column: str, name: str) -> Panel:
    levels = [
        Level(
            row["source"],
            row[column] / row["enquiries"],
            1,
            share_of(row[column], row["enquiries"]),
        )
        for row in answer.rows
    ]
    part = sum(row[column] for row in answer.rows)
    whole = sum(row["enquiries"] for row in answer.rows)
    remark = f"{part:,} of {counted(whole, 'enquiry', 'enquiries')}"
    return Panel(name, remark, level_bars(levels, 1, f"{name}: {remark}"))


def _notes(answer: Answer) -> list[Note]:
    unreadable = sum(row["unreadable"] for row in answer.rows)
    if not unreadable:
        return []
    records = counted(unreadable, "record")
    return [Note(f"{records} could not be read", "lead-pipeline quarantine list")]
