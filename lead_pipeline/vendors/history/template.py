"""A mapping to begin with, from a file's header: what cannot be known is left to be filled in."""

import re
from collections.abc import Iterable, Sequence
from contextlib import suppress
from datetime import datetime
from itertools import islice
from typing import BinaryIO

from lead_pipeline.vendors import json
from lead_pipeline.vendors.contract import UnreadableDocument
from lead_pipeline.vendors.history.cells import Row, text_of
from lead_pipeline.vendors.history.delimited import decoded
from lead_pipeline.vendors.history.mapping import CONSENT, FIELDS, TIMES, Mapping
from lead_pipeline.vendors.history.parse import WORKBOOK, open_table
from lead_pipeline.vendors.history.synonyms import SYNONYMS

DELIMITERS = ",;\t|"
SAMPLE = 1_000
FORMATS = (
    *("iso", "%d/%m/%Y %H:%M:%S", "%d/%m/%Y %H:%M", "%d/%m/%Y"),
    *("%m/%d/%Y %H:%M:%S", "%m/%d/%Y %H:%M", "%m/%d/%Y", "%m/%d/%Y %I:%M %p"),
    *("%d-%m-%Y %H:%M:%S", "%d-%m-%Y %H:%M", "%d-%m-%Y", "%m-%d-%Y"),
    *("%d.%m.%Y %H:%M:%S", "%d.%m.%Y %H:%M", "%d.%m.%Y"),
    *("%d %b %Y", "%d-%b-%Y", "%d %B %Y", "%b %d, %Y"),
)
"""What times are tried with; of days and months that could be either, both are told."""
NUMBERS = {
    "excel": re.compile(r"[2-6][0-9]{4}(?:\.[0-9]+)?"),
    "epoch-seconds": re.compile("[0-9]{9,10}"),
    "epoch-milliseconds": re.compile("[0-9]{12,13}"),
}
MOST_WORDS = 4
"""Of a column with more it is not sure that it says yes and no."""
_NOT_A_LETTER = re.compile(r"[\W_]+")


def template(file: BinaryIO, kind: str, encoding: str | None, sheet: str | None = None) -> str:
    """The YAML. Raises UnreadableDocument where the header cannot be read."""
    delimiter = "," if kind == WORKBOOK else _delimiter(file, encoding)
    file.seek(0)
    mapping = Mapping.model_validate(
        {
            "delimiter": delimiter,
            "encoding": encoding,
            "sheet": sheet,
            "columns": {"created_at": {"column": "?", "format": "iso", "zone": "UTC"}},
        }
    )
    with open_table(file, kind, mapping) as table:
        if not table.header:
            raise UnreadableDocument("it has no header: it is empty")
        rows = list(islice(table.rows, SAMPLE))
        return "\n".join(_lines(table.header, rows, mapping)) + "\n"


def _delimiter(file: BinaryIO, encoding: str | None) -> str:
    with decoded(file, encoding) as text:
        line = text.readline()
    best = max(DELIMITERS, key=line.count)
    return best if line.count(best) else ","


def _lines(header: Sequence[str], rows: Sequence[Row], mapping: Mapping) -> Iterable[str]:
    yield "# Which column is what: docs/how-to/import.md. Fill in each question mark."
    guessed = guess(header)
    yield "source: history"
    if "phone" in guessed:
        yield 'default_country: "?"  # of phones without a code, such as IN'
    if mapping.encoding:
        yield f"encoding: {mapping.encoding}"
    if mapping.delimiter != ",":
        yield f"delimiter: {json.dumps(mapping.delimiter)}"
    yield f"sheet: {json.dumps(mapping.sheet)}" if mapping.sheet else "# sheet: Leads"
    yield '# decimal: ","'
    yield "columns:"
    if "created_at" not in guessed:
        yield '  created_at: {column: "?", format: "?", zone: "?"}'
    for field, column in guessed.items():
        place = header.index(column)
        texts = [text_of(row.cells[place]) for row in rows if place < len(row.cells)]
        yield f"  {field}: {_rule(field, column, [text for text in texts if text])}"
    left = [f for f in FIELDS if f not in guessed and f != "created_at"]
    yield f"  # also: {', '.join(left)}"
    if rest := [name for name in header if name not in guessed.values()]:
        yield "# The rest is kept too; {column: NAME, number: true} reads a decimal number."
        yield "attributes:"
        yield from (f"  - {json.dumps(name)}" for name in rest)


def _rule(field: str, column: str, texts: Sequence[str]) -> str:
    name = json.dumps(column)
    if field in TIMES:
        fitting = fitting_formats(texts)
        written = json.dumps(fitting[0]) if len(fitting) == 1 else '"?"'
        told = f"  # fits: {'; '.join(fitting)}" if len(fitting) > 1 else ""
        told = told if fitting else _partly(texts)
        return f'{{column: {name}, format: {written}, zone: "?"}}{told}'
    if field == CONSENT:
        words = sorted(set(texts))
        told = f"  # there are {json.dumps(words)}" if len(words) <= MOST_WORDS else ""
        return f'{{column: {name}, true: "?", false: "?"}}{told}'
    return name


def _partly(texts: Sequence[str]) -> str:
    """Where no format fits all: those that fit some, the most frequent first."""
    fits = {name: sum(_fits(text, name) for text in texts) for name in FORMATS}
    some = sorted((name for name in FORMATS if fits[name]), key=lambda name: -fits[name])
    if not some:
        return ""
    told = ", ".join(f"{json.dumps(name)} ({fits[name]})" for name in some)
    return f"  # none fits all {len(texts)}; format: [ONE, ANOTHER] tries several in order: {told}"


def guess(header: Sequence[str]) -> dict[str, str]:
    """Field to column, by the columns' names; no column is two fields."""
    found: dict[str, str] = {}
    known = {word: field for field in FIELDS for word in (field, *SYNONYMS.get(field, ()))}
    spoken = {_NOT_A_LETTER.sub("", word): field for word, field in known.items()}
    for column in header:
        field = spoken.get(_NOT_A_LETTER.sub("", column.lower()))
        if field and field not in found:
            found[field] = column
    return {field: found[field] for field in FIELDS if field in found}


def fitting_formats(texts: Sequence[str]) -> list[str]:
    """The formats that every one of these texts is in; none where there is no text."""
    if not texts:
        return []
    for name, form in NUMBERS.items():
        if all(form.fullmatch(text) for text in texts):
            return [name]
    return [name for name in FORMATS if all(_fits(text, name) for text in texts)]


def _fits(text: str, name: str) -> bool:
    with suppress(ValueError):
        if name == "iso":
            return bool(datetime.fromisoformat(text))
        return bool(datetime.strptime(text, name))  # noqa: DTZ007 - only whether it can be read
    return False
