"""What became of the enquiries: people, contacts, deals, deals won."""

from lead_pipeline.report.draw import Level, level_bars
from lead_pipeline.report.section import Answer, Panel, Row, Section, Sentence
from lead_pipeline.report.words import counted, number

ALL = "all"
STAGES = {
    "enquiries": "enquiries",
    "people": "people",
    "contacts": "of them in the CRM",
    "deals": "deals",
    "deals_won": "deals won",
}
EMPTY = (
    "Nobody who enquired in the last 90 days is known to be in the CRM. Here will be how many "
    "enquiries led to contacts, deals and deals won, by source. "
    "Next: lead-pipeline run --days 7 --scan"
)


def funnel_section(answer: Answer) -> Section:
    """A bar for each stage: all sources, and each."""
    total = _total(answer)
    return Section(
        "funnel",
        f"{_deals(total)} of {_enquiries(total)} so far" if total else "From enquiry to deal",
        "Enquiries of the last 90 UTC days, and what came of them until now; a deal belongs to the "
        "first enquiry of its people. All panels have one scale.",
        answer,
        panels=[_panel(row, total) for row in answer.rows] if total else (),
        empty=None if total else EMPTY,
    )


def sentences(answer: Answer) -> list[Sentence]:
    """What has been won."""
    total = _total(answer)
    if not total or not total["deals_won"]:
        return []
    rest = f" of {_enquiries(total)} in 90 days."
    return [Sentence(_deals(total), rest, "funnel")]


def _total(answer: Answer) -> Row | None:
    """All sources together; None where nothing reached the CRM."""
    rows = [row for row in answer.rows if row["source"] == ALL]
    return rows[0] if rows and rows[0]["contacts"] else None


def _deals(row: Row) -> str:
    return f"{counted(row['deals'], 'deal')}, {number(row['deals_won'])} of them won, came"


def _enquiries(row: Row) -> str:
    return counted(row["enquiries"], "enquiry", "enquiries")


def _panel(row: Row, total: Row) -> Panel:
    heading = "All sources" if row["source"] == ALL else row["source"]
    levels = [Level(name, row[key], None, number(row[key])) for key, name in STAGES.items()]
    remark = f"{counted(row['deals'], 'deal')}, {number(row['deals_won'])} won"
    drawing = level_bars(levels, total["enquiries"], f"{heading}: {_enquiries(row)}, {remark}")
    return Panel(heading, remark, drawing)
