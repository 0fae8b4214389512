"""Rows into an Excel workbook, in which nothing is a formula."""

import math
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Font

from lead_pipeline.warehouse.export import LIVE

MOST_ROWS = 1_048_576
"""Of a sheet, the header among them."""
MOST_COLUMNS = 16_384
MOST_CHARACTERS = 32_767
"""Of a cell."""
EXACT_DIGITS = 15
FIRST_DAY = date(1900, 3, 1)
"""Before it Excel's calendar has a day that never was."""


def write_workbook(path: Path, header: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """One sheet `data`; what a spreadsheet would compute is typed as text."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet("data")
    sheet.freeze_panes = "A2"
    names = [_text(sheet, name) for name in header]
    for cell in names:
        cell.font = Font(bold=True)
    sheet.append(names)
    for row in rows:
        sheet.append([_cell(sheet, value) for value in row])
    book.save(path)


def _cell(sheet: Any, value: Any) -> Any:  # noqa: ANN401 - the library's cells
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, int | float | Decimal):
        return value if _is_exact(value) else _text(sheet, str(value))
    if isinstance(value, datetime | date):
        day = value.date() if isinstance(value, datetime) else value
        return value if day >= FIRST_DAY else _text(sheet, value.isoformat())
    return _text(sheet, str(value))


def _is_exact(value: float | Decimal) -> bool:
    """Whether Excel keeps all its digits; of a double it keeps as many as it had."""
    if isinstance(value, float):
        return math.isfinite(value)
    digits = Decimal(value).normalize().as_tuple()
    return isinstance(digits.exponent, int) and len(digits.digits) <= EXACT_DIGITS


def _text(sheet: Any, text: str) -> Any:  # noqa: ANN401 - the library's cells
    cell = WriteOnlyCell(sheet)
    # A workbook cannot hold control characters.
    cell.value = ILLEGAL_CHARACTERS_RE.sub("\N{REPLACEMENT CHARACTER}", text)
    cell.data_type = "s"
    if text.startswith(LIVE):
        # So that it stays text when somebody edits the cell.
        cell.quotePrefix = True
    return cell
