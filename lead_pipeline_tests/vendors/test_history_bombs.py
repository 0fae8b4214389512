"""Workbooks that would fill the memory: what is too large is refused, what people have is read."""

import io
from zipfile import ZIP_DEFLATED, ZipFile

import pytest

from lead_pipeline.vendors.contract import UnreadableDocument
from lead_pipeline.vendors.history import workbook as workbooks
from lead_pipeline_tests.vendors.history_files import one, read, row, workbook

SHARED = "application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"
SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"


def _with_part(name: str, size: int, *types: str) -> bytes:
    """A workbook of which one part, of these types, is followed by as many blanks."""
    uses = "".join(f'<Override PartName="/{name}" ContentType="{one}"/>' for one in types)
    out = io.BytesIO()
    with ZipFile(io.BytesIO(workbook([row(1)]))) as old, ZipFile(out, "w", ZIP_DEFLATED) as new:
        parts = {part.filename: old.read(part) for part in old.infolist()}
        types_part = "[Content_Types].xml"
        parts[types_part] = parts[types_part].replace(b"</Types>", f"{uses}</Types>".encode())
        parts[name] = parts.get(name, b"<a/>") + b" " * size
        for part, content in parts.items():
            new.writestr(part, content)
    return out.getvalue()


@pytest.mark.parametrize(
    ("name", "types"),
    [
        ("xl/styles.xml", ()),
        ("xl/theme/theme1.xml", (SHARED,)),
        ("xl/styles.xml", (SHEET,)),
        ("xl/texts.xml", (SHARED, SHEET)),
        ("xl/worksheets/other.xml", ()),
        ("[Content_Types].xml", ()),
        ("xl/worksheets/_rels/sheet1.xml.rels", (SHEET,)),
        ("xl/media/image1.png", ()),
    ],
)
def test_a_part_that_would_fill_the_memory_is_refused(
    name: str, types: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workbooks, "MOST_PART_BYTES", 100_000)
    with pytest.raises(UnreadableDocument, match="no sheet"):
        read(_with_part(name, 100_000, *types))


def test_texts_and_sheets_may_be_larger(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbooks, "MOST_PART_BYTES", 100_000)
    monkeypatch.setattr(workbooks, "MOST_SHARED_TEXT", 200_000)
    for name in ("xl/sharedStrings.xml", "xl/texts.xml"):
        assert one(_with_part(name, 150_000, SHARED)).source_lead_id == "A1"
        with pytest.raises(UnreadableDocument, match="too many"):
            read(_with_part(name, 300_000, SHARED))
    assert one(_with_part("xl/worksheets/sheet1.xml", 300_000)).source_lead_id == "A1"


def test_the_memory_that_a_workbook_may_take_is_known() -> None:
    assert (workbooks.MOST_PART_BYTES, workbooks.MOST_SHARED_TEXT) == (64 << 20, 256 << 20)


def _replaced(old_text: bytes, new_text: bytes) -> bytes:
    out = io.BytesIO()
    with ZipFile(io.BytesIO(workbook([row(1)]))) as old, ZipFile(out, "w", ZIP_DEFLATED) as new:
        for part in old.infolist():
            new.writestr(part.filename, old.read(part).replace(old_text, new_text))
    return out.getvalue()


def test_a_row_that_no_sheet_has_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    assert workbooks.MOST_ROWS == 1_048_576
    monkeypatch.setattr(workbooks, "MOST_ROWS", 50)
    assert one(_replaced(b'<row r="2"', b'<row r="50"')).source_lead_id == "A1"
    for number in (b"51", b"999999999999"):
        with pytest.raises(UnreadableDocument, match="a row after row 50"):
            read(_replaced(b'<row r="2"', b'<row r="' + number + b'"'))


def test_a_text_that_no_cell_holds_is_refused() -> None:
    assert one(_replaced(b"Person 1", b"x" * 32_767)).full_name_raw == "x" * 32_767
    with pytest.raises(UnreadableDocument, match="32,767 characters"):
        read(_replaced(b"Person 1", b"x" * 32_768))
