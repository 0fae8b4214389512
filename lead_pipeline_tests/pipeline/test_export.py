"""What is exported is what was published, once in whole, and never a live formula."""

import csv
import io
import re
import stat
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lead_pipeline.errors import ConfigError, WarehouseUnusable
from lead_pipeline.pipeline import export as exporting
from lead_pipeline.pipeline.export import export
from lead_pipeline.pipeline.folder import open_folder
from lead_pipeline.pipeline.outcome import publish_snapshot
from lead_pipeline.settings import Settings
from lead_pipeline.warehouse import Session, open_snapshot
from lead_pipeline_tests.pipeline.conftest import World

NOW = datetime(2026, 11, 20, 12, 30, tzinfo=UTC)
KINDS = ("csv", "xlsx", "parquet")
LIVE = ["=1+1", "+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "\uff1d1"]
SPLIT = {
    "a;=1": "a;'=1",
    "a\t@SUM(A1)": "a\t'@SUM(A1)",
    "a;-2+3;+4": "a;'-2+3;'+4",
    'a;"=1': "a;'\"=1",
    "a\r\n=1": "a\r\n'=1",
    "a;\t\uff1d1": "a;\t'\uff1d1",
    "=1;=1": "'=1;'=1",
    "a; =1": "a; =1",
    "a;b=1": "a;b=1",
}
"""What a program reads as several cells that takes not the comma but `;` or a tab."""
PLAIN = ["+919660502855", "-7", "+1.5", "a=b", "'=1", " =1", "", "x\ny", 'a "quoted" b,c', "Zoë"]


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = open_folder(Settings(data_dir=tmp_path_factory.mktemp("data"), now=NOW))
    with folder.warehouse.open():
        pass
    publish_snapshot(folder)
    return folder.path


@pytest.fixture(scope="module")
def snapshot(published: Path) -> Iterator[Session]:
    with open_snapshot(published) as session:
        yield session


def test_too_little_memory_says_what_to_set(published: Path, tmp_path: Path) -> None:
    with (
        pytest.raises(WarehouseUnusable) as refused,
        open_snapshot(published, 10) as session,
    ):
        written(session, tmp_path / "a.csv", "SELECT list(range) FROM range(10_000_000)")
    assert "LEAD_PIPELINE_MOST_MEMORY_MEGABYTES" in refused.value.next_step
    assert not [*tmp_path.iterdir()]


def test_a_query_may_use_all_memory_that_is_allowed(published: Path, tmp_path: Path) -> None:
    with open_snapshot(published, 1_000) as session:
        rows = written(session, tmp_path / "a.csv", "SELECT current_setting('memory_limit')")
    assert rows[1:] == [["953.6 MiB"]]


def written(session: Session, path: Path, sql: str) -> list[list[Any]]:
    """The rows of a file, its header first."""
    export(session, path, table=None, sql=sql, replace=True)
    if path.suffix == ".csv":
        return list(csv.reader(io.StringIO(path.read_bytes().decode(), newline="")))
    if path.suffix == ".parquet":
        table = pq.read_table(path)
        return [table.column_names, *([*row.values()] for row in table.to_pylist())]
    sheet = openpyxl.load_workbook(path)["data"]
    assert {cell.data_type for row in sheet.iter_rows() for cell in row} <= {
        "s",
        "inlineStr",
        "n",
        "d",
        "b",
    }
    return [[cell.value for cell in row] for row in sheet.iter_rows()]


def values(texts: list[str]) -> str:
    literals = ", ".join(
        "(" + " || ".join(f"chr({ord(char)})" for char in text) + ")" if text else "('')"
        for text in texts
    )
    return f"SELECT text FROM (VALUES {literals}) AS given(text)"


def test_no_cell_is_a_live_formula(snapshot: Session, tmp_path: Path) -> None:
    sql = values([*LIVE, *PLAIN])
    _, *rows = written(snapshot, tmp_path / "a.csv", sql)
    marked = ["'" + re.sub(r"([\t\r\n])=", r"\1'=", text) for text in LIVE]
    assert [text for (text,) in rows] == [*marked, *PLAIN]
    _, *rows = written(snapshot, tmp_path / "a.parquet", sql)
    assert [text for (text,) in rows] == [*LIVE, *PLAIN]
    _, *rows = written(snapshot, tmp_path / "a.xlsx", sql)
    of_excel = [(text or "").replace("\r\n", "\n").replace("\r", "\n") for (text,) in rows]
    assert of_excel == [text.replace("\r", "\n") for text in [*LIVE, *PLAIN]]
    cells = openpyxl.load_workbook(tmp_path / "a.xlsx")["data"]["A"]
    assert all(cell.quotePrefix for cell in cells[1 : len(LIVE) + 1])


def test_nor_is_one_where_the_comma_ends_no_cell(snapshot: Session, tmp_path: Path) -> None:
    _, *rows = written(snapshot, tmp_path / "a.csv", values([*SPLIT]))
    assert [text for (text,) in rows] == [*SPLIT.values()]
    header, _ = written(snapshot, tmp_path / "a.csv", 'SELECT 1 AS "a;=1"')
    assert header == ["a;'=1"]


def test_nor_is_a_name_or_a_value_of_another_type(snapshot: Session, tmp_path: Path) -> None:
    sql = (
        "SELECT ['=1'] AS \"=cmd\", '\"=1\"'::JSON AS j, MAP {'=a': 1} AS m, INTERVAL '-1 day' AS i"
    )
    header, row = written(snapshot, tmp_path / "a.csv", sql)
    assert header == ["'=cmd", "j", "m", "i"]
    assert row == ["['=1']", '"=1"', "{'=a'=1}", "'-1 day"]
    header, row = written(snapshot, tmp_path / "a.xlsx", sql)
    assert header[0] == "=cmd"


@settings(
    max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)
@given(st.lists(st.text("=+-@;\t\r\n19. a'\"", min_size=1, max_size=6), min_size=1, max_size=30))
def test_what_is_no_formula_comes_back_as_it_was(
    snapshot: Session, tmp_path: Path, texts: list[str]
) -> None:
    _, *rows = written(snapshot, tmp_path / "a.csv", values(texts))
    for (found,), text in zip(rows, texts, strict=True):
        assert found.replace("'", "") == text.replace("'", "")
        assert not re.search(r"[;\t\r\n]\"*[=+@-]", found)
        is_number = found.strip("+-").replace(".", "", 1).isdigit() and found[1:].isascii()
        assert found[0] not in "=+-@\t\r\n" or is_number


@pytest.mark.parametrize("kind", KINDS)
def test_times_are_utc_and_say_so(snapshot: Session, tmp_path: Path, kind: str) -> None:
    sql = "SELECT TIMESTAMPTZ '2026-11-20 18:00:00+05:30' AS at, DATE '2026-11-20' AS day, 1.5 AS n"
    header, row = written(snapshot, tmp_path / f"a.{kind}", sql)
    if kind == "csv":
        assert row == ["2026-11-20T12:30:00.000000Z", "2026-11-20", "1.5"]
    elif kind == "xlsx":
        assert header[0] == "at (UTC)"
        assert (row[0].replace(tzinfo=UTC), row[1].date()) == (NOW, date(2026, 11, 20))
    else:
        assert row[:2] == [NOW, date(2026, 11, 20)]


def test_excel_loses_no_digit_and_no_day(snapshot: Session, tmp_path: Path) -> None:
    sql = (
        "SELECT 1234567890123456 AS whole, 1.5::DECIMAL(38, 10) AS exact, 'NaN'::DOUBLE AS none, "
        "DATE '1066-10-14' AS old, true AS yes, NULL AS nothing, 'a' || chr(1) AS control"
    )
    _, row = written(snapshot, tmp_path / "a.xlsx", sql)
    assert row == ["1234567890123456", 1.5, "nan", "1066-10-14", True, None, "a\ufffd"]


@pytest.mark.parametrize(
    ("sql", "reason"),
    [
        ("SELECT range AS n FROM range(1048576)", "1,048,576 rows"),
        ("SELECT repeat('x', 32768) AS long", "32,768 characters"),
        ("SELECT nothing FROM leads", "the query cannot be run"),
        ("SELECT 1; SELECT 2", "the query cannot be run"),
        ("DROP TABLE leads", "the query cannot be run"),
    ],
)
def test_what_cannot_be_written_is_said_before(
    snapshot: Session, tmp_path: Path, sql: str, reason: str
) -> None:
    with pytest.raises(ConfigError, match=reason):
        export(snapshot, tmp_path / "a.xlsx", table=None, sql=sql, replace=False)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("kind", KINDS)
def test_a_file_is_there_in_whole_or_not_at_all(
    snapshot: Session, tmp_path: Path, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / f"a.{kind}"
    export(snapshot, path, table="leads", sql=None, replace=False)
    assert stat.S_IMODE(path.stat().st_mode) == 0o640
    before = path.read_bytes()
    with pytest.raises(ConfigError, match="there already"):
        export(snapshot, path, table="leads", sql=None, replace=False)

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(exporting, "keep", full)
    with pytest.raises(ConfigError, match="No space left"):
        export(snapshot, path, table="people", sql=None, replace=True)
    assert path.read_bytes() == before
    assert [file.name for file in tmp_path.iterdir()] == [path.name]


def test_the_command_exports_every_table(published: Path, tmp_path: Path) -> None:
    world = World(None, published, {"LEAD_PIPELINE_DATA_DIR": str(published)})  # type: ignore[arg-type]  # nobody is asked
    for table in ("leads", "ops.published"):
        result = world.command("export", table, str(tmp_path / f"{table}.csv"))
        assert result.exit_code == 0, result.output
    rows = (tmp_path / "ops.published.csv").read_text().splitlines()
    assert rows[0] == "version,published_at,leads,people"
    for arguments, reason in (
        (("leads",), "give TABLE and FILE"),
        (("leads", "a.csv", "--sql", "SELECT 1"), "give TABLE and FILE"),
        (("lead", str(tmp_path / "b.csv")), "no table is named lead; there are"),
        (("leads", str(tmp_path / "b.txt")), "suffixes .csv, .parquet, .xlsx"),
    ):
        result = world.command("export", *arguments)
        assert (result.exit_code, reason in result.output) == (2, True), result.output
