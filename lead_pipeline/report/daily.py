"""Enquiries and people per day and source, against the same weekday before."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

from lead_pipeline.report.draw import Day, daily_bars
from lead_pipeline.report.section import Answer, Key, Panel, Row, Section, Sentence
from lead_pipeline.report.words import against, counted, day, listed, long_day, number

ALL = "all"
EMPTY = (
    "No enquiry that has been read was made in the 28 days up to yesterday. Here will be a bar a "
    "day for every source, from the first day that is over. Next: lead-pipeline run --days 7"
)
_MOST_DAYS_BACK = 3
"""How old the newest whole day may be and still be the news."""


class Latest(NamedTuple):
    """The newest day that is over, of all sources together; which sources are not whole on it."""

    row: Row
    missing: Sequence[str]

    @property
    def can_be_compared(self) -> bool:
        """Whether the day and that of the week before are whole."""
        return not self.missing and self.row["state_week_before"] == "complete"


class _Measure(NamedTuple):
    """A column, what one of it is called, and which part of it is drawn darker."""

    column: str
    one: str
    many: str
    part: Callable[[Row], int]


_ENQUIRIES = _Measure("enquiries", "enquiry", "enquiries", lambda row: int(row["enquiries"]))
_PEOPLE = _Measure("people", "person", "people", lambda row: int(row["new_people"]))


def latest(answer: Answer) -> Latest | None:
    """The day that the page speaks of: the newest whole one, else yesterday; None: no day yet."""
    over = [row for row in answer.rows if row["source"] == ALL][:-1]
    if not any(row["enquiries"] for row in over):
        return None
    whole = [row for row in over[-_MOST_DAYS_BACK:] if row["state"] == "complete"]
    row = (whole or over)[-1]
    missing = [
        str(one["source"])
        for one in answer.rows
        if one["day"] == row["day"] and one["source"] != ALL and one["state"] != "complete"
    ]
    return Latest(row, missing)


def enquiries_section(answer: Answer) -> Section:
    """A bar a day: enquiries."""
    found = latest(answer)
    return Section(
        "enquiries",
        _finding(found, _ENQUIRIES) if found else "Enquiries per day",
        "Enquiries per UTC day of creation, by source. All panels have one scale.",
        answer,
        panels=_panels(answer, _ENQUIRIES) if found else (),
        keys=_keys("accent", "the day", answer),
        empty=None if found else EMPTY,
    )


def people_section(answer: Answer) -> Section:
    """A bar a day: people, those who had never enquired before darker."""
    found = latest(answer)
    return Section(
        "people",
        _finding(found, _PEOPLE) if found else "People per day",
        "Different people who enquired on a UTC day, by source. All panels have one scale.",
        answer,
        panels=_panels(answer, _PEOPLE) if found else (),
        keys=[
            Key("accent", "had never enquired before, anywhere"),
            *_keys("soft", "had enquired before", answer),
        ],
        empty=None if found else EMPTY,
    )


def sentences(answer: Answer) -> list[Sentence]:
    """What happened on the newest day."""
    found = latest(answer)
    if found is None:
        return []
    row = found.row
    linked = f"{_enquiries(row)} from {_people(row)}"
    if found.missing:
        linked = f"At least {linked}"
    said = [Sentence(linked, _rest(found), "enquiries")]
    if 0 < row["new_people"] < row["people"] and not found.missing:
        linked = f"{number(row['new_people'])} of these {_people(row)}"
        said.append(Sentence(linked, " had never enquired before.", "people"))
    return said


def _rest(found: Latest) -> str:
    when = long_day(found.row["day"])
    if found.missing:
        verb = "is" if len(found.missing) == 1 else "are"
        return f" on {when}; {listed(found.missing)} {verb} not complete."
    if not found.can_be_compared:
        return f" on {when}."
    compared = against(found.row["enquiries"], found.row["enquiries_week_before"])
    return f" on {when}, {compared} enquiries of the {found.row['day']:%A} before."


def _enquiries(row: Row) -> str:
    return counted(row["enquiries"], "enquiry", "enquiries")


def _people(row: Row) -> str:
    return counted(row["people"], "person", "people")


def _finding(found: Latest, measure: _Measure) -> str:
    row = found.row
    said = f"{counted(row[measure.column], measure.one, measure.many)} on {day(row['day'])}"
    if found.missing:
        return f"At least {said}"
    if not found.can_be_compared:
        return said
    before = row[f"{measure.column}_week_before"]
    return f"{said}, {against(row[measure.column], before)} a week before"


def _keys(fill: str, meaning: str, answer: Answer) -> list[Key]:
    """Only what is there to be seen."""
    keys = [Key(fill, meaning)]
    if any(row["state_week_before"] == "complete" for row in answer.rows):
        keys.append(Key("before", "the same weekday a week before"))
    if any(row["state"] in {"partial", None} for row in answer.rows):
        keys.append(Key("hatch", "not complete, or not yet"))
    if any(row["state"] == "missing" for row in answer.rows):
        keys.append(Key("cross", "nothing could be read"))
    return keys


def _panels(answer: Answer, measure: _Measure) -> list[Panel]:
    sources: dict[str, list[Row]] = {}
    for row in answer.rows:
        sources.setdefault(row["source"], []).append(row)
    most = max(max(row[measure.column], _before(row, measure.column) or 0) for row in answer.rows)
    return [_panel(source, rows, measure, most) for source, rows in sources.items()]


def _panel(source: str, rows: Sequence[Row], measure: _Measure, most: int) -> Panel:
    heading = "All sources" if source == ALL else source
    remark = _remark(rows, measure)
    days = [
        Day(
            row["day"],
            row[measure.column],
            measure.part(row),
            _before(row, measure.column),
            row["state"],
        )
        for row in rows
    ]
    description = f"{heading}, {measure.many} per day: {remark}"
    return Panel(heading, remark, daily_bars(days, most, description))


def _before(row: Row, column: str) -> int | None:
    whole = row["state_week_before"] == "complete"
    return row[f"{column}_week_before"] if whole else None


def _remark(rows: Sequence[Row], measure: _Measure) -> str:
    """The newest whole day that is over, and how it compares."""
    whole = [row for row in rows[:-1] if row["state"] == "complete"]
    if not whole:
        return "no complete day yet"
    row = whole[-1]
    said = f"{number(row[measure.column])} on {day(row['day'])}"
    before = _before(row, measure.column)
    return (
        said if before is None else f"{said}, {against(row[measure.column], before)} a week before"
    )
