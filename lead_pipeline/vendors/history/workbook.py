"""Rows of an Excel workbook, read as a stream."""

import zlib
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import date, datetime, time
from decimal import Decimal
from shutil import copyfileobj
from tempfile import TemporaryFile
from typing import Any, BinaryIO, cast
from zipfile import BadZipFile, ZipFile

import openpyxl
from openpyxl.packaging.manifest import Manifest
from openpyxl.utils.exceptions import InvalidFileException
from openpyxl.xml.constants import (
    ARC_APP,
    ARC_CONTENT_TYPES,
    ARC_CORE,
    ARC_CUSTOM,
    ARC_STYLE,
    ARC_THEME,
    ARC_WORKBOOK,
    SHARED_STRINGS,
    WORKSHEET_TYPE,
)
from openpyxl.xml.functions import fromstring

from lead_pipeline.vendors import json
from lead_pipeline.vendors.contract import UnreadableDocument
from lead_pipeline.vendors.history.cells import (
    BadCell,
    Cell,
    FileTable,
    Row,
    column_names,
    is_blank,
    ragged,
    text_of,
)
from lead_pipeline.vendors.history.mapping import Mapping

MOST_BYTES = 4 << 30
"""Of a workbook when it is unpacked."""
MOST_SHARED_TEXT = 256 << 20
"""Of the texts that its cells share, which are held in memory: 300,000 rows with a comment of 40
words each have 180 MiB of them."""
MOST_PART_BYTES = 64 << 20
"""Of every other part but the sheets, which are read as a stream."""
MOST_ROWS = 1_048_576
MOST_CHARACTERS = 32_767
"""Of a cell. Both are what Excel can hold."""
EXACT = 10**15
"""From here on Excel has lost digits of a whole number."""
_PIECE = 1 << 20
_TOO_LARGE = f"a part of it that is no sheet has over {MOST_PART_BYTES >> 20} MiB; save it as CSV"
_READ_BY_NAME = (
    *(ARC_CONTENT_TYPES, ARC_APP, ARC_CORE, ARC_CUSTOM, ARC_STYLE, ARC_THEME, ARC_WORKBOOK),
)
"""Whatever their types say they are."""
_NEVER_CALCULATED = (
    "holds a formula that was never calculated: open the file in the program that made it, save it"
)
# All that the library raises where a part of a workbook is not what it should be.
_DAMAGE = (
    *(BadZipFile, zlib.error, InvalidFileException, EOFError, NotImplementedError),
    *(KeyError, IndexError, SyntaxError, ValueError, TypeError, AttributeError),
)
_Values = Sequence[Any]


@contextmanager
def open_workbook(body: BinaryIO, mapping: Mapping) -> Iterator[FileTable]:
    """The table in the body. Raises UnreadableDocument, while its rows are read too."""
    with ExitStack() as opened:
        file = cast("BinaryIO", opened.enter_context(TemporaryFile()))
        copyfileobj(body, file)
        rows = _sound(_cells(file, mapping, opened))
        header: tuple[str, ...] = ()
        for number, cells in enumerate(rows, 1):
            if number == mapping.header_row:
                header = column_names([text_of(cell) for cell in cells])
                break
        yield FileTable(header, _below(rows, len(header), mapping))


def _below(rows: Iterator[list[Cell]], width: int, mapping: Mapping) -> Iterator[Row]:
    for index, cells in enumerate(rows):
        if all(is_blank(cell) for cell in cells):
            continue
        # A workbook leaves out what is empty at the end of a row.
        reason = ragged(cells, width, fill=True)
        content = json.dumps([text_of(cell) for cell in cells]).encode()
        yield Row(index, f"row {index + mapping.header_row + 1}", cells, content, reason)


def _sound(rows: Iterator[list[Cell]]) -> Iterator[list[Cell]]:
    try:
        for number, cells in enumerate(rows, 1):
            if number > MOST_ROWS:
                raise UnreadableDocument(
                    f"it has a row after row {MOST_ROWS:,}, which no sheet has"
                )
            yield cells
    except _DAMAGE as error:
        raise UnreadableDocument(
            f"it is no workbook that can be read ({type(error).__name__})"
        ) from None


def _cells(file: BinaryIO, mapping: Mapping, opened: ExitStack) -> Iterator[list[Cell]]:
    has_formulas = _look_inside(file)
    values = _sheet(file, mapping, opened, values=True)
    if not has_formulas:
        yield from ([_cell(one) for one in row] for row in values)
        return
    formulas = _sheet(file, mapping, opened, values=False)
    for row, written in zip(values, formulas, strict=True):
        yield [_calculated(one, other) for one, other in zip(row, written, strict=True)]


def _look_inside(file: BinaryIO) -> bool:
    """Whether some cell holds a formula. Refuses what is too large or has a DOCTYPE."""
    with ZipFile(file) as archive:
        parts = archive.infolist()
        if sum(part.file_size for part in parts) > MOST_BYTES:
            raise UnreadableDocument(f"it unpacks to more than {MOST_BYTES >> 30} GiB")
        has_formulas = False
        for part in parts:
            if not part.filename.endswith((".xml", ".rels")):
                continue
            with archive.open(part) as content:
                before = content.read(_PIECE)
                if b"<!DOCTYPE" in before:
                    raise UnreadableDocument("a part of it has a DOCTYPE")
                if part.filename.startswith("xl/worksheets/"):
                    has_formulas = has_formulas or _holds_formula(before, content)
        _refuse_large_parts(archive)
    return has_formulas


def _refuse_large_parts(archive: ZipFile) -> None:
    """Sheets are read as a stream; what the library holds in memory is limited."""
    large = {
        part.filename: part.file_size
        for part in archive.infolist()
        if part.file_size > MOST_PART_BYTES
    }
    if not large:
        return
    if any(name in _READ_BY_NAME or name.endswith(".rels") for name in large):
        raise UnreadableDocument(_TOO_LARGE)
    tree: Any = fromstring(archive.read(ARC_CONTENT_TYPES))
    manifest: Any = Manifest.from_tree(tree)
    for name, size in large.items():
        uses = {one.ContentType for one in manifest.Override if one.PartName == f"/{name}"}
        if uses == {SHARED_STRINGS}:
            if size > MOST_SHARED_TEXT:
                raise UnreadableDocument("its texts are too many to be held; save it as CSV")
        elif uses != {WORKSHEET_TYPE}:
            raise UnreadableDocument(_TOO_LARGE)


def _holds_formula(before: bytes, content: Any) -> bool:  # noqa: ANN401 - zipfile names no type
    while before:
        if b"<f>" in before or b"<f " in before:
            return True
        more = content.read(_PIECE)
        before = before[-2:] + more if more else b""
    return False


def _sheet(
    file: BinaryIO, mapping: Mapping, opened: ExitStack, *, values: bool
) -> Iterator[_Values]:
    book = openpyxl.load_workbook(file, read_only=True, data_only=values, keep_links=False)
    opened.callback(book.close)
    visible = [sheet.title for sheet in book.worksheets if sheet.sheet_state == "visible"]
    name = mapping.sheet
    if name is None:
        if len(visible) != 1:
            raise UnreadableDocument(f"it has {len(visible)} sheets: name one with sheet: NAME")
        (name,) = visible
    elif name not in book.sheetnames:
        raise UnreadableDocument("it has no sheet of the name that the mapping gives")
    sheet = book[name]
    # What programs write there is often wrong, and would cut the sheet off.
    sheet.reset_dimensions()
    return cast("Iterator[_Values]", sheet.iter_rows())


def _calculated(cell: Any, written: Any) -> Cell:  # noqa: ANN401 - the library's cells
    if written.data_type == "f" and cell.value is None:
        return BadCell(_NEVER_CALCULATED, "a formula without a value")
    return _cell(cell)


def _cell(cell: Any) -> Cell:  # noqa: ANN401 - the library's cells
    value = cell.value
    if value is None:
        return ""
    if isinstance(value, str):
        if cell.data_type == "e":
            return BadCell(f"holds the error {value}", value)
        if len(value) > MOST_CHARACTERS:
            raise UnreadableDocument(f"a cell holds more than {MOST_CHARACTERS:,} characters")
        return BadCell("holds a NUL character", "") if "\0" in value else value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return _number(value)
    if isinstance(value, datetime):
        return value
    if isinstance(value, date):
        return datetime.combine(value, time())
    return BadCell("holds a time without a day", str(value))


def _number(value: float) -> Cell:
    """Its digits, without a point where it is whole."""
    if isinstance(value, float) and not value.is_integer():
        return Decimal(repr(value))
    if abs(value) >= EXACT:
        reason = "holds a number of over 15 digits, of which Excel keeps 15"
        return BadCell(reason, str(int(value)))
    return Decimal(int(value))
