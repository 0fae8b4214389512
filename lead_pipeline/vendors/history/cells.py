"""Cells and rows of a table, whatever file it is in."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from decimal import Decimal
from typing import NamedTuple


class BadCell(NamedTuple):
    """A cell that says nothing certain, and why. `text` is what is in it."""

    reason: str
    text: str


Cell = str | Decimal | datetime | BadCell
"""Text as written, a number, a time without a zone, or nothing certain."""


class Row(NamedTuple):
    """A row after the header: its place from 0, and where a person finds it in the file.

    `reason` says why it cannot be read as a whole; None: it can. `content` is what it holds.
    """

    record_index: int
    place: str
    cells: Sequence[Cell]
    content: bytes
    reason: str | None = None


class FileTable(NamedTuple):
    """The names of the columns, each once, and the rows that are not blank."""

    header: tuple[str, ...]
    rows: Iterator[Row]


def column_names(cells: Sequence[str]) -> tuple[str, ...]:
    """A name for each column: an empty one is `column 5`, a second Phone is `Phone (2)`.

    Empty ones at the end are no columns.
    """
    texts = [cell.strip() for cell in cells]
    while texts and not texts[-1]:
        texts.pop()
    names: dict[str, None] = {}
    for number, text in enumerate(texts, 1):
        name = wanted = text or f"column {number}"
        times = 1
        while name in names or (times > 1 and name in texts):
            times += 1
            name = f"{wanted} ({times})"
        names[name] = None
    return tuple(names)


def is_blank(cell: Cell) -> bool:
    """Whether there is nothing in it."""
    return isinstance(cell, str) and not cell.strip()


def text_of(cell: Cell) -> str:
    """What is kept of a cell in the attributes."""
    if isinstance(cell, datetime):
        return cell.isoformat(" ")
    if isinstance(cell, Decimal):
        return format(cell, "f")
    return cell.text if isinstance(cell, BadCell) else cell.strip()


def ragged(cells: Sequence[Cell], width: int, *, fill: bool) -> str | None:
    """Why a row does not fit under a header of that width; None: it does."""
    if any(not is_blank(cell) for cell in cells[width:]):
        return f"has {len(cells)} cells under {width} columns"
    if len(cells) < width and not fill:
        return f"has {len(cells)} cells under {width} columns (short_rows: fill accepts that)"
    return None


def shown(name: str) -> str:
    """What a file calls a column or sheet, so that no terminal or log is steered by it."""
    return name if name.isprintable() else ascii(name)[1:-1]
