"""Files as people have them: encodings, delimiters, dates, numbers, headers, formulas."""

import io
import json
from datetime import UTC, date, datetime, time
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

import openpyxl
import pytest

from lead_pipeline.vendors.contract import UnreadableDocument
from lead_pipeline.vendors.history.cells import column_names
from lead_pipeline.vendors.history.examine import examine, kind_of
from lead_pipeline_tests.vendors.conftest import leads_of, new_fields_of, unreadable_of
from lead_pipeline_tests.vendors.history_files import (
    HEADER,
    delimited,
    mapping_of,
    naive,
    one,
    read,
    refused,
    row,
    workbook,
)


def timed(text: object, form: str | list[str] = "iso", zone: str = "UTC") -> tuple[bytes, Any]:
    rule = {"column": "Date", "format": form, "zone": zone}
    return delimited([row(1, Date=text)]), {"columns": {"created_at": rule}}


# Encodings


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_a_byte_order_mark_says_the_encoding(encoding: str) -> None:
    content = delimited([row(1, Name="Zoë नाम 😀")]).decode().encode(encoding)
    assert one(content).full_name_raw == "Zoë नाम 😀"


def test_an_encoding_without_a_mark_is_never_guessed() -> None:
    content = delimited([row(1, Name="Zoë")]).decode().encode("cp1252")
    with pytest.raises(UnreadableDocument, match="encoding: cp1252"):
        read(content)
    assert one(content, encoding="cp1252").full_name_raw == "Zoë"


def test_what_is_not_of_the_encoding_is_seen_wherever_it_is() -> None:
    content = delimited([row(n) for n in range(2000)]) + "Zoë".encode("cp1252")
    with pytest.raises(UnreadableDocument):
        examine(lambda: io.BytesIO(content), "csv", mapping_of(), most=1)


def test_utf_16_without_a_mark_is_not_taken_for_utf_8() -> None:
    content = delimited([row(1)]).decode().encode("utf-16-le")
    with pytest.raises(UnreadableDocument, match="utf-16-le"):
        examine(lambda: io.BytesIO(content), "csv", mapping_of())
    assert one(content, encoding="utf-16-le").full_name_raw == "Person 1"


def test_a_mark_that_contradicts_the_mapping_is_refused() -> None:
    content = delimited([row(1)]).decode().encode("utf-8-sig")
    with pytest.raises(UnreadableDocument, match="cp1252"):
        read(content, mapping_of(encoding="cp1252"))


# Rows


@pytest.mark.parametrize("delimiter", [";", "\t", "|"])
def test_the_mapping_names_the_delimiter(delimiter: str) -> None:
    lead = one(delimited([row(1, Name="a, b")], delimiter=delimiter), delimiter=delimiter)
    assert lead.full_name_raw == "a, b"


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_every_end_of_line_is_one(end: str) -> None:
    content = delimited([row(1), row(2)], lineterminator=end)
    assert [lead.record_index for lead in leads_of(read(content))] == [0, 1]


def test_a_cell_may_have_several_lines() -> None:
    content = delimited([row(1, Name="two\nlines"), row(2, Date="never")])
    items = read(content)
    assert leads_of(items)[0].full_name_raw == "two\nlines"
    assert unreadable_of(items)[0].place == (
        "record 1, field created_at (row 3, line 4, column Date)"
    )


def test_a_ragged_row_stands_alone_with_its_number() -> None:
    header = ",".join(HEADER).encode()
    content = header + b"\nA1,2019-01-01,J,1,,\nA2,2019\nA3,2019-01-01,J,1,,,more\n"
    items = read(content)
    assert [lead.source_lead_id for lead in leads_of(items)] == ["A1"]
    assert [(item.record_index, item.reason) for item in unreadable_of(items)] == [
        (1, "has 2 cells under 6 columns (short_rows: fill accepts that)"),
        (2, "has 7 cells under 6 columns"),
    ]
    assert unreadable_of(items)[0].content == b"A2,2019\n"


def test_short_rows_are_filled_if_the_mapping_says_so() -> None:
    assert (
        one(b"Id,Date,Name,Mobile,Email,Project\nA1,2019-01-01,J", short_rows="fill").email_raw
        is None
    )


def test_an_open_quote_swallows_no_other_row_in_silence() -> None:
    lines = delimited([row(n) for n in range(5)]).decode().splitlines()
    lines[2] = lines[2].replace("Person 1", '"Person 1')
    items = read("\n".join(lines).encode())
    assert [lead.record_index for lead in leads_of(items)] == [0]
    (item,) = unreadable_of(items)
    assert item.place == "record 1 (row 3, lines 3 to 6)"
    assert b"Person 4" in item.content
    assert item.reason.startswith("its quotes are not as they should be")


def test_a_quote_that_is_not_doubled_refuses_its_row_alone() -> None:
    lines = delimited([row(n) for n in range(3)]).decode()
    items = read(lines.replace("Person 1", '"Jane" Doe').encode())
    assert [lead.record_index for lead in leads_of(items)] == [0, 2]
    assert unreadable_of(items)[0].content.startswith(b"A1,")


def test_blank_rows_are_no_rows_but_count_for_the_number() -> None:
    content = delimited([row(1), ["", "", ""], row(2, Date="never")])
    assert refused(content)[0].startswith("record 2, field created_at (row 4")


def test_a_header_may_come_later() -> None:
    content = b"Report of 2019\n\n" + delimited([row(1)])
    assert one(content, header_row=3).source_lead_id == "A1"


def test_columns_have_a_name_each() -> None:
    assert column_names(["Phone", " Phone ", "", "Phone (2)", "Phone", "", ""]) == (
        "Phone",
        "Phone (3)",
        "column 3",
        "Phone (2)",
        "Phone (4)",
    )


def test_unknown_columns_are_kept_and_reported() -> None:
    content = delimited([[*row(1), "x", "y"]], (*HEADER, "Floor", "Wing"))
    items = read(content, mapping_of(attributes=["Floor"]))
    assert json.loads(leads_of(items)[0].attributes) == {"Floor": "x", "Wing": "y"}
    assert new_fields_of(items) == ["Wing"]


def test_a_column_that_is_not_there_is_named() -> None:
    with pytest.raises(UnreadableDocument, match="no column Project; there are Id, Date"):
        read(delimited([row(1)[:5]], HEADER[:5]))


# Times


@pytest.mark.parametrize(
    ("text", "form", "zone", "moment"),
    [
        ("13/02/2020 10:11", "%d/%m/%Y %H:%M", "Asia/Kolkata", naive(2020, 2, 13, 4, 41)),
        ("2020-02-13", ["%d/%m/%Y", "iso"], "UTC", naive(2020, 2, 13)),
        ("2020-02-13T10:00:00+02:00", "iso", "Asia/Kolkata", naive(2020, 2, 13, 8)),
        ("43874.5", "excel", "UTC", naive(2020, 2, 13, 12)),
        ("42412.5", "excel-1904", "UTC", naive(2020, 2, 13, 12)),
        ("1581595200", "epoch-seconds", "UTC", naive(2020, 2, 13, 12)),
        ("1581595200000", "epoch-milliseconds", "UTC", naive(2020, 2, 13, 12)),
        ("2020-07-01 12:00", "iso", "America/New_York", naive(2020, 7, 1, 16)),
    ],
)
def test_times_are_of_the_form_that_is_named(
    text: str, form: str | list[str], zone: str, moment: datetime
) -> None:
    content, mapping = timed(text, form, zone)
    assert one(content, **mapping).created_at == moment.replace(tzinfo=UTC)


def test_a_decimal_comma_in_a_serial_date() -> None:
    content, mapping = timed("43874,5", "excel")
    assert one(content, **mapping, decimal=",").created_at == datetime(2020, 2, 13, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "form", "zone", "reason"),
    [
        ("02/13/2020", "%d/%m/%Y", "UTC", "is no time of the form %d/%m/%Y"),
        ("", "iso", "UTC", "is empty"),
        ("2020-03-08 02:30", "iso", "America/New_York", "leapt over"),
        ("0.5", "excel", "UTC", "is no time"),
        ("9" * 30, "epoch-seconds", "UTC", "is no time"),
        ("0001-01-01", "iso", "Asia/Kolkata", "is no time that can be"),
    ],
)
def test_what_is_no_such_time_is_refused(text: str, form: str, zone: str, reason: str) -> None:
    content, mapping = timed(text, form, zone)
    assert reason in refused(content, **mapping)[1]


def test_a_file_and_its_workbook_are_the_same_leads() -> None:
    rows = [row(1), row(2, Mobile=9876500002), row(3, Id=17)]
    of_csv, of_xlsx = leads_of(read(delimited(rows))), leads_of(read(workbook(rows)))
    assert of_csv == of_xlsx
    assert of_csv[2].source_lead_id == "17"


# Workbooks


def test_a_workbook_knows_its_own_times() -> None:
    mapping = {"columns": {"created_at": {"column": "Date", "format": "excel", "zone": "UTC"}}}
    for cell in (naive(2020, 2, 13, 12), 43874.5):
        lead = one(workbook([row(1, Date=cell)]), **mapping)
        assert lead.created_at == datetime(2020, 2, 13, 12, tzinfo=UTC)
    assert one(workbook([row(1, Date=date(2020, 2, 13))])).created_at.day == 13
    assert "time without a day" in refused(workbook([row(1, Date=time(10, 0))]))[1]


def test_a_formula_counts_by_what_it_was_calculated_to() -> None:
    place, reason = refused(workbook([row(1, Name='="Jane " & "Doe"')]))
    assert place == "record 0, field full_name (row 2, column Name)"
    assert "never calculated" in reason
    calculated = _calculated(workbook([row(1, Name='="Jane " & "Doe"')]), b"Jane Doe")
    assert one(calculated).full_name_raw == "Jane Doe"


def _calculated(content: bytes, value: bytes) -> bytes:
    """The workbook as a spreadsheet program saves it, with the value beside the formula."""
    out = io.BytesIO()
    with ZipFile(io.BytesIO(content)) as old, ZipFile(out, "w", ZIP_DEFLATED) as new:
        for part in old.infolist():
            text = old.read(part).replace(b"<v></v>", b"<v/>")
            text = text.replace(b'r="C2"', b'r="C2" t="str"', 1)
            new.writestr(part.filename, text.replace(b"</f><v/>", b"</f><v>" + value + b"</v>"))
    return out.getvalue()


def test_a_formula_in_a_csv_is_text() -> None:
    assert one(delimited([row(1, Name="=1+1")])).full_name_raw == "=1+1"


def test_an_error_and_a_number_that_lost_digits_are_refused() -> None:
    assert "#N/A" in refused(workbook([row(1, Name="#N/A")]))[1]
    assert "15 digits" in refused(workbook([row(1, Id=1234567890123456)]))[1]


def test_one_of_several_sheets_is_named() -> None:
    book = openpyxl.load_workbook(io.BytesIO(workbook([row(1)])))
    book.create_sheet("Other")
    file = io.BytesIO()
    book.save(file)
    with pytest.raises(UnreadableDocument, match="2 sheets"):
        read(file.getvalue())
    assert one(file.getvalue(), sheet="Sheet").source_lead_id == "A1"
    with pytest.raises(UnreadableDocument, match="no sheet"):
        read(file.getvalue(), mapping_of(sheet="Leads"))


def test_a_cut_workbook_is_unreadable() -> None:
    whole = workbook([row(number) for number in range(30)])
    for length in range(4, len(whole) - 1, 500):
        with pytest.raises(UnreadableDocument):
            read(whole[:length])


def test_a_workbook_with_a_doctype_is_unreadable() -> None:
    out = io.BytesIO()
    with ZipFile(io.BytesIO(workbook([row(1)]))) as old, ZipFile(out, "w") as new:
        for part in old.infolist():
            new.writestr(part.filename, old.read(part))
        new.writestr("xl/worksheets/sheet9.xml", b'<!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>')
    with pytest.raises(UnreadableDocument, match="DOCTYPE"):
        read(out.getvalue())


def test_the_kind_of_a_file_is_what_it_is_not_what_it_is_called() -> None:
    assert kind_of(io.BytesIO(workbook([row(1)]))) == "xlsx"
    assert kind_of(io.BytesIO(delimited([row(1)]))) == "csv"
    with pytest.raises(UnreadableDocument, match="password"):
        kind_of(io.BytesIO(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"))
    with pytest.raises(UnreadableDocument, match="empty"):
        kind_of(io.BytesIO())


def test_a_header_steers_no_terminal() -> None:
    header = ("Id", "Da\x1b[2Jte", "Name", "Mobile", "Email", "Project", "Fl\x1b[31moor")
    content = delimited([[*row(1, Date="never"), "x"]], header)
    date = {"column": header[1], "format": "iso", "zone": "UTC"}
    mapping = mapping_of({"created_at": date})
    place = unreadable_of(read(content, mapping))[0].place
    assert place.endswith("column Da\\x1b[2Jte)")
    found = examine(lambda: io.BytesIO(content), "csv", mapping)
    assert found.new_fields == ("Fl\\x1b[31moor",)
    assert found.reasons[0][2] == place
