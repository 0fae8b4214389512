"""What the page is made of: sections with a finding, a measure, panels, a table and its SQL."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from importlib import resources
from typing import Any, NamedTuple

from markupsafe import Markup

from lead_pipeline.warehouse import Session

Row = Mapping[str, Any]
"""A row of an answer, by column."""


class Answer(NamedTuple):
    """A question's SQL, as it was run, and what came back."""

    name: str
    sql: str
    columns: Sequence[str]
    rows: Sequence[Row]


class Sentence(NamedTuple):
    """Something that happened. `linked` is its beginning, and leads to the chart named `target`."""

    linked: str
    rest: str
    target: str


class Panel(NamedTuple):
    """One of the small multiples: its heading, what it shows in words, and its drawing."""

    heading: str
    remark: str
    drawing: Markup


class Cell(NamedTuple):
    """A day of a strip: what it is called under the strip, and a class of the style sheet."""

    label: str
    fill: str


class Strip(NamedTuple):
    """An account's days, oldest first, and in words what they show."""

    heading: str
    remark: str
    cells: Sequence[Cell]


class Key(NamedTuple):
    """What a fill stands for: a class of the style sheet, and words."""

    fill: str
    meaning: str


class Note(NamedTuple):
    """Something that can be mended, and the command for it."""

    words: str
    command: str


@dataclass(frozen=True, slots=True)
class Section:
    """One chart. `empty` says what would be here, and which command brings it.

    One that `is_half` shares its row with another where the page is wide.
    """

    name: str
    finding: str
    measure: str
    answer: Answer
    panels: Sequence[Panel] = ()
    strips: Sequence[Strip] = ()
    keys: Sequence[Key] = ()
    notes: Sequence[Note] = ()
    empty: str | None = None
    is_half: bool = False


def ask(session: Session, name: str) -> Answer:
    """Run the question of that name on a snapshot. Raises WarehouseUnusable."""
    sql = (resources.files("lead_pipeline.report") / f"{name}.sql").read_text().strip()
    columns = [row[0] for row in session.rows(f"DESCRIBE {sql}")]
    rows = [dict(zip(columns, row, strict=True)) for row in session.rows(sql)]
    return Answer(name, sql, columns, rows)


def shown(value: object) -> str:
    """A cell of a table: what a query would answer, with days and times written out."""
    match value:
        case None:
            return ""
        case datetime():
            return f"{value:%Y-%m-%d %H:%M} UTC"
        case date():
            return value.isoformat()
        case float():
            return f"{value:,.1f}"
        case int() if not isinstance(value, bool):
            return f"{value:,}"
        case _:
            return str(value)
