"""Files of leads, as people export them, and mappings to read them by."""

import csv
import io
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import openpyxl

from lead_pipeline.records import ParsedLead
from lead_pipeline.vendors.contract import ParsedItem
from lead_pipeline.vendors.history.mapping import Mapping
from lead_pipeline.vendors.history.parse import parse, reading_of
from lead_pipeline_tests.vendors.conftest import leads_of, unreadable_of

HEADER = ("Id", "Date", "Name", "Mobile", "Email", "Project")
COLUMNS: dict[str, Any] = {
    "source_lead_id": "Id",
    "created_at": {"column": "Date", "format": "iso", "zone": "UTC"},
    "full_name": "Name",
    "phone": "Mobile",
    "email": "Email",
    "interest_name": "Project",
}


def naive(*parts: int) -> datetime:
    """A time as a spreadsheet has it."""
    return datetime(*parts)  # type: ignore[arg-type]  # noqa: DTZ001 - none has a zone


Rows = Sequence[Sequence[object]]


def mapping_of(columns: dict[str, Any] | None = None, **others: Any) -> Mapping:  # noqa: ANN401 - whatever YAML holds
    return Mapping.model_validate({"columns": COLUMNS | (columns or {}), **others})


def delimited(rows: Rows, header: Sequence[str] = HEADER, **dialect: Any) -> bytes:  # noqa: ANN401 - as the library's
    """A CSV in UTF-8."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, **dialect)
    writer.writerow(header)
    writer.writerows(["" if cell is None else cell for cell in row] for row in rows)
    return text.getvalue().encode()


def workbook(rows: Rows, header: Sequence[str] = HEADER) -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (header, *rows):
        sheet.append(list(row))
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def read(content: bytes, mapping: Mapping | None = None) -> list[ParsedItem]:
    mapping = mapping or mapping_of()
    kind = "xlsx" if content.startswith(b"PK") else "csv"
    return list(parse("history", io.BytesIO(content), reading_of(mapping, kind), {}))


def row(number: int, **changed: object) -> list[object]:
    """An invented enquiry."""
    cells = {
        "Id": f"A{number}",
        "Date": naive(2019, 3, 1, 10, number % 60),
        "Name": f"Person {number}",
        "Mobile": f"98765{number:05}",
        "Email": f"person{number}@example.org",
        "Project": "Lake View",
    }
    return [(cells | changed)[name] for name in HEADER]


def one(content: bytes, **mapping: Any) -> ParsedLead:  # noqa: ANN401 - whatever YAML holds
    (lead,) = leads_of(read(content, mapping_of(**mapping)))
    return lead


def refused(content: bytes, **mapping: Any) -> tuple[str, str]:  # noqa: ANN401 - as above
    (item,) = unreadable_of(read(content, mapping_of(**mapping)))
    return item.place, item.reason
