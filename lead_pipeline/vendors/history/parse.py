"""Reading a file of leads by its mapping (README.md). Pure; needs no credentials."""

from collections.abc import Iterator
from collections.abc import Mapping as Map
from contextlib import AbstractContextManager, suppress
from typing import Any, BinaryIO

from pydantic import ValidationError

from lead_pipeline.records import ParsedLead
from lead_pipeline.vendors import json
from lead_pipeline.vendors.contract import (
    NewField,
    ParsedItem,
    Reading,
    Stream,
    StreamKind,
    Unreadable,
    UnreadableDocument,
    Vendor,
)
from lead_pipeline.vendors.history.cells import Cell, FileTable, Row, is_blank, shown, text_of
from lead_pipeline.vendors.history.delimited import open_delimited
from lead_pipeline.vendors.history.key import KEY_VERSION, contact_of, key_of_id, key_of_row
from lead_pipeline.vendors.history.mapping import CONSENT, FIELDS, ID, TIMES, Mapping
from lead_pipeline.vendors.history.values import (
    BadValueError,
    consent_of,
    decimal_of,
    moment_of,
    number_of,
    plain_text,
)
from lead_pipeline.vendors.history.workbook import open_workbook

STREAM = "history"
WORKBOOK = "xlsx"
DELIMITED = "csv"


def reading_of(mapping: Mapping, kind: str) -> dict[str, str]:
    """What a receipt keeps, so that the file can be read again; `kind` is of the file."""
    reading = {"mapping": mapping.model_dump_json(), "format": kind}
    country = mapping.default_country
    return reading | ({"default_country": country} if country else {})


def open_table(body: BinaryIO, kind: str, mapping: Mapping) -> AbstractContextManager[FileTable]:
    """The table in a file. Raises UnreadableDocument, while its rows are read too."""
    return (open_workbook if kind == WORKBOOK else open_delimited)(body, mapping)


def parse(
    stream: str,  # noqa: ARG001 - there is one
    body: BinaryIO,
    reading: Reading,
    side_documents: Map[str, BinaryIO],  # noqa: ARG001 - there are none
) -> Iterator[ParsedItem]:
    """Every row as a lead or as unreadable, in order; columns that nobody named once each."""
    try:
        mapping = Mapping.model_validate_json(reading["mapping"])
    except (KeyError, ValidationError):
        raise UnreadableDocument("its receipt has no mapping that this version knows") from None
    with open_table(body, reading["format"], mapping) as table:
        yield from items_of(table, mapping)


def items_of(table: FileTable, mapping: Mapping) -> Iterator[ParsedItem]:
    """What a table holds. Raises UnreadableDocument where columns are missing."""
    require_columns(table, mapping)
    named = mapping.named_columns
    yield from (NewField(name) for name in table.header if name not in named)
    reader = _RowReader(table.header, mapping)
    for row in table.rows:
        yield reader.read(row)


def require_columns(table: FileTable, mapping: Mapping) -> None:
    """Raise UnreadableDocument where the table lacks what the mapping names."""
    if not table.header:
        raise UnreadableDocument("it has no header: it is empty, or header_row is not its row")
    if missing := sorted(mapping.named_columns - {*table.header}):
        raise UnreadableDocument(
            f"it has no column {', '.join(missing)}; there are {', '.join(table.header)}"
        )


class _BadFieldError(Exception):
    def __init__(self, field: str, column: str | None, reason: str) -> None:
        super().__init__(reason)
        self.field, self.column, self.reason = field, column, reason


class _RowReader:
    """Reads rows of one table."""

    def __init__(self, header: tuple[str, ...], mapping: Mapping) -> None:
        self._mapping = mapping
        self._places = {name: place for place, name in enumerate(header)}
        fields = {rule.column for rule in mapping.columns.values()}
        numbers = {rule.column for rule in mapping.attributes if rule.number}
        kept = fields - {rule.column for rule in mapping.attributes}
        self._attributes = [
            (name, place, name in numbers)
            for name, place in self._places.items()
            if name not in kept
        ]

    def read(self, row: Row) -> ParsedLead | Unreadable:
        """The row as a lead, or why it is none."""
        place, where = f"record {row.record_index}", shown(row.place)
        if row.reason:
            return Unreadable(row.record_index, f"{place} ({where})", row.reason, row.content)
        try:
            return self._lead(row)
        except _BadFieldError as error:
            column = f", column {shown(error.column)}" if error.column else ""
            place = f"{place}, field {error.field} ({where}{column})"
            own_id = self._own_id(row)
            return Unreadable(row.record_index, place, error.reason, row.content, own_id)

    def _lead(self, row: Row) -> ParsedLead:
        said: dict[str, Any] = {name: self._value(row, name) for name in self._mapping.columns}
        if said["created_at"] is None:
            column = self._mapping.columns["created_at"].column
            raise _BadFieldError("created_at", column, "is empty")
        return ParsedLead(
            record_index=row.record_index,
            key_version=KEY_VERSION,
            natural_key=self._key(said),
            attributes=json.dumps(self._kept(row)),
            **{FIELDS[name]: value for name, value in said.items()},
        )

    def _value(self, row: Row, field: str) -> object:
        rule = self._mapping.columns[field]
        if rule.column is None:
            return rule.constant == "true" if field == CONSENT else rule.constant
        place = self._places[rule.column]
        cell = row.cells[place] if place < len(row.cells) else ""
        try:
            if field in TIMES:
                return moment_of(cell, rule, self._mapping.decimal)
            return consent_of(cell, rule) if field == CONSENT else plain_text(cell)
        except BadValueError as error:
            raise _BadFieldError(field, rule.column, str(error)) from None

    def _key(self, said: dict[str, Any]) -> str:
        if rule := self._mapping.columns.get(ID):
            if said[ID] is None:
                raise _BadFieldError(ID, rule.column, "is empty")
            return key_of_id(said[ID])
        contact = contact_of(said.get("phone"), said.get("email"))
        parts = (said.get("given_name"), said.get("family_name"))
        name = said.get("full_name") or " ".join(part for part in parts if part)
        if not contact and not name:
            raise _BadFieldError("phone", None, "there is no phone, no e-mail and no name")
        interest = said.get("interest_id") or said.get("interest_name") or ""
        return key_of_row(said["created_at"], contact, name, interest)

    def _own_id(self, row: Row) -> str | None:
        """The id of a row of which something else cannot be read."""
        with suppress(_BadFieldError):
            return str(self._value(row, ID) or "") or None if ID in self._mapping.columns else None
        return None

    def _kept(self, row: Row) -> dict[str, str]:
        kept = {}
        for name, place, is_number in self._attributes:
            if place >= len(row.cells) or is_blank(row.cells[place]):
                continue
            cell = row.cells[place]
            try:
                kept[name] = self._number(cell) if is_number else text_of(cell)
            except BadValueError as error:
                raise _BadFieldError("attributes", name, str(error)) from None
        return kept

    def _number(self, cell: Cell) -> str:
        return number_of(text_of(cell), decimal_of(cell, self._mapping.decimal))


def history_of(source: str) -> Vendor:
    """Whoever the mapping of a file names as its source."""
    return Vendor(source, (Stream(STREAM, StreamKind.PUSHED, ("lead",)),), parse)
