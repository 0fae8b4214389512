"""A look at a file before it is kept: can it be read by its mapping?"""

import re
from collections import Counter
from collections.abc import Callable, Iterable
from itertools import islice
from typing import BinaryIO, NamedTuple

from lead_pipeline.vendors.contract import NewField, Unreadable, UnreadableDocument
from lead_pipeline.vendors.history.cells import shown
from lead_pipeline.vendors.history.delimited import require_text
from lead_pipeline.vendors.history.mapping import Mapping
from lead_pipeline.vendors.history.parse import DELIMITED, WORKBOOK, items_of, open_table

SAMPLE = 1_000
"""How many rows are read to see whether the mapping fits."""
_FIELD = re.compile(", field ([a-z_0-9]+)")
_ZIP = b"PK\x03\x04"
_OLD_WORKBOOK = b"\xd0\xcf\x11\xe0"


class Examined(NamedTuple):
    """What the rows of a file were: how many, and the reasons of those that cannot be read.

    `reasons`: what is wrong with which field, how often, and where first.
    """

    leads: int
    refused: int
    reasons: tuple[tuple[str, int, str], ...]
    first_refused: str | None
    new_fields: tuple[str, ...]


def kind_of(file: BinaryIO) -> str:
    """`xlsx` or `csv`, by how the file begins, not by its name. Raises UnreadableDocument."""
    head = file.read(4)
    if not head:
        raise UnreadableDocument("it is empty")
    if head == _OLD_WORKBOOK:
        raise UnreadableDocument(
            "it is an old .xls or protected by a password; save it as .xlsx or CSV without one"
        )
    return WORKBOOK if head == _ZIP else DELIMITED


def examine(
    opened: Callable[[], BinaryIO], kind: str, mapping: Mapping, most: int | None = SAMPLE
) -> Examined:
    """Read up to so many rows (None: all). Raises UnreadableDocument where the file is at fault."""
    if kind == DELIMITED:
        with opened() as file:
            require_text(file, mapping.encoding)
    with opened() as file, open_table(file, kind, mapping) as table:
        return _examined(islice(items_of(table, mapping), most))


def _examined(items: Iterable[object]) -> Examined:
    leads = 0
    reasons: Counter[str] = Counter()
    first: dict[str, str] = {}
    new_fields = []
    for item in items:
        if isinstance(item, NewField):
            new_fields.append(shown(item.path))
        elif isinstance(item, Unreadable):
            field = _FIELD.search(item.place)
            reason = f"{field[1]} {item.reason}" if field else item.reason
            reasons[reason] += 1
            first.setdefault(reason, item.place)
        else:
            leads += 1
    told = tuple((reason, times, first[reason]) for reason, times in reasons.most_common())
    told_first = next((f"{place}: {reason}" for reason, place in first.items()), None)
    return Examined(leads, reasons.total(), told, told_first, tuple(new_fields))
