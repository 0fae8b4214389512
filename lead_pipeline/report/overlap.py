"""How many people enquired in more than one system."""

from lead_pipeline.report.draw import Level, level_bars
from lead_pipeline.report.section import Answer, Panel, Section, Sentence
from lead_pipeline.report.words import counted, number, share_of

EMPTY = (
    "No person is known yet. Here will be how many people enquired in which systems. "
    "Next: lead-pipeline run --days 7"
)
_MOST_BARS = 12


def overlap_section(answer: Answer) -> Section:
    """A bar for each combination of systems."""
    people, several = _totals(answer)
    return Section(
        "overlap",
        _finding(people, several, answer),
        "People by the systems in which they ever enquired.",
        answer,
        panels=_panels(answer, people),
        empty=None if people else EMPTY,
        is_half=True,
    )


def sentences(answer: Answer) -> list[Sentence]:
    """How many are known from several systems."""
    people, several = _totals(answer)
    if not several:
        return []
    linked = f"{number(several)} of {counted(people, 'person', 'people')}"
    return [Sentence(linked, " enquired in more than one system.", "overlap")]


def _totals(answer: Answer) -> tuple[int, int]:
    """All people, and those of several systems."""
    several = sum(row["people"] for row in answer.rows if row["number_of_systems"] > 1)
    return sum(row["people"] for row in answer.rows), several


def _finding(people: int, several: int, answer: Answer) -> str:
    if not people:
        return "People in more than one system"
    if len(answer.rows) == 1:
        return f"All {number(people)} people came through one system"
    if not several:
        return f"None of {number(people)} people enquired in more than one system"
    return f"{share_of(several, people)} of people enquired in more than one system"


def _panels(answer: Answer, people: int) -> list[Panel]:
    """People of one system, and of several, on one scale."""
    most = max((row["people"] for row in answer.rows), default=0)
    panels = []
    for heading, is_several in (("In one system only", False), ("In several systems", True)):
        rows = [row for row in answer.rows if (row["number_of_systems"] > 1) is is_several]
        levels = [
            Level(row["systems"], row["people"], None, number(row["people"]))
            for row in rows[:_MOST_BARS]
        ]
        if levels:
            total = sum(row["people"] for row in rows)
            remark = f"{counted(total, 'person', 'people')}, {share_of(total, people)}"
            drawing = level_bars(levels, most, f"{heading}: {remark}")
            panels.append(Panel(heading, remark, drawing))
    return panels
