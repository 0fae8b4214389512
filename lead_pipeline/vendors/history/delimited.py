"""Rows of a CSV, read as a stream."""

import codecs
import csv
from collections.abc import Iterator
from contextlib import contextmanager
from io import BufferedReader, TextIOWrapper
from typing import TYPE_CHECKING, BinaryIO, TextIO, cast

from lead_pipeline.vendors.contract import UnreadableDocument
from lead_pipeline.vendors.history.cells import FileTable, Row, column_names, ragged
from lead_pipeline.vendors.history.mapping import Mapping

if TYPE_CHECKING:
    import _csv

PIECE = 1 << 20
_MARKS = {
    codecs.BOM_UTF8: "utf-8-sig",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}


@contextmanager
def decoded(body: BinaryIO, encoding: str | None) -> Iterator[TextIO]:
    """The text of a body that stays open after the block.

    A byte order mark says the encoding, else `encoding` does, else it is UTF-8. Raises
    UnreadableDocument, while it is read too.
    """
    # What is handed in may not be able to peek.
    buffered = BufferedReader(cast("BufferedReader", body))
    try:
        name = _encoding(buffered.peek(3)[:3], encoding)
        text = TextIOWrapper(buffered, name, errors="strict", newline="")
        try:
            yield text
        except UnicodeDecodeError as error:
            raise UnreadableDocument(
                f"it is not {name}: byte {error.object[error.start]:#04x}; "
                "name the encoding in the mapping, such as encoding: cp1252"
            ) from None
        finally:
            text.detach()
    finally:
        buffered.detach()


def _encoding(head: bytes, said: str | None) -> str:
    found = next((name for mark, name in _MARKS.items() if head.startswith(mark)), None)
    if found and said and codecs.lookup(found).name.removesuffix("-sig") != said.split("-sig")[0]:
        raise UnreadableDocument(f"its byte order mark says {found}, the mapping {said}")
    return found or said or "utf-8"


def require_text(body: BinaryIO, encoding: str | None) -> None:
    """Read it through. Raises UnreadableDocument where some of it is not of the encoding."""
    with decoded(body, encoding) as text:
        while piece := text.read(PIECE):
            if "\0" in piece:
                raise UnreadableDocument(
                    "it holds NUL characters: UTF-16 without a mark is named in the mapping, "
                    "encoding: utf-16-le"
                )


@contextmanager
def open_delimited(body: BinaryIO, mapping: Mapping) -> Iterator[FileTable]:
    """The table in the body. Raises UnreadableDocument, while its rows are read too."""
    with decoded(body, mapping.encoding) as text:
        lines = _Lines(text)
        reader = csv.reader(
            lines, delimiter=mapping.delimiter, quotechar=mapping.quote, strict=True
        )
        header = _header(reader, mapping)
        yield FileTable(header, _rows(reader, lines, len(header), mapping))


class _Lines:
    """Lines of a text, of which the last ones can be asked for."""

    def __init__(self, text: TextIO) -> None:
        self._text = text
        self._last: list[str] = []

    def __iter__(self) -> "_Lines":
        return self

    def __next__(self) -> str:
        line = next(self._text)
        self._last.append(line)
        return line

    def taken(self) -> str:
        """Those since the last time."""
        found = "".join(self._last)
        self._last.clear()
        return found


def _header(reader: "_csv.Reader", mapping: Mapping) -> tuple[str, ...]:
    try:
        for _ in range(mapping.header_row - 1):
            next(reader)
        return column_names(next(reader))
    except StopIteration:
        return ()
    except csv.Error as error:
        raise UnreadableDocument(f"its header cannot be read: {error}") from None


def _rows(reader: "_csv.Reader", lines: _Lines, width: int, mapping: Mapping) -> Iterator[Row]:
    lines.taken()
    number, line = mapping.header_row, reader.line_num
    fill = mapping.short_rows == "fill"
    while True:
        number, first, reason, cells = number + 1, line + 1, None, list[str]()
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            reason = f"its quotes are not as they should be: {error}"
        line = reader.line_num
        content = lines.taken()
        if reason is None:
            if not any(cell.strip() for cell in cells):
                continue
            reason = "holds a NUL character" if "\0" in content else ragged(cells, width, fill=fill)
        where = f"line {first}" if line == first else f"lines {first} to {line}"
        index = number - mapping.header_row - 1
        yield Row(index, f"row {number}, {where}", cells, content.encode(), reason)
