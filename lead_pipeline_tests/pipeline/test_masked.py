"""Nothing personal of the demo's people is in the masked snapshot, however it is looked for."""

import re
import shutil
from pathlib import Path

import duckdb
import pytest

from lead_pipeline.sandbox import Sandbox
from lead_pipeline.warehouse.mask import DESCRIBED, mask_snapshot
from lead_pipeline_tests.pipeline.conftest import World, new_world

KEY = "a key of sixteen characters or more"
LONG = 8
"""From so many characters on a value is looked for inside others too: a short one is a name that
a project or a city may have as well."""


def personal_values(snapshot: Path) -> set[str]:
    """Every text in a personal column; what is in JSON is left out whole."""
    with duckdb.connect(str(snapshot), read_only=True) as db:
        return {
            value
            for table in DESCRIBED
            for column in table.columns
            if column.personal and column.type == "VARCHAR"
            for (value,) in db.sql(
                f'SELECT DISTINCT "{column.name}" FROM {table.name} WHERE "{column.name}" <> \'\''
            ).fetchall()
        }


def cells(snapshot: Path) -> set[str]:
    """Every value of every table, as text."""
    with duckdb.connect(str(snapshot), read_only=True) as db:
        columns = db.sql(
            "SELECT schema_name, table_name, column_name FROM duckdb_columns() WHERE NOT internal"
        ).fetchall()
        return {
            value
            for schema, table, column in columns
            for (value,) in db.sql(
                f'SELECT DISTINCT CAST("{column}" AS VARCHAR) FROM "{schema}"."{table}"'
            ).fetchall()
            if value is not None
        }


def uncompressed(snapshot: Path, copy: Path) -> bytes:
    """All that is in a database, with nothing packed."""
    with duckdb.connect() as db:
        db.execute("SET force_compression = 'uncompressed'")
        db.execute(f"ATTACH '{snapshot}' AS old (READ_ONLY); ATTACH '{copy}' AS new")
        db.execute("COPY FROM DATABASE old TO new; DETACH new")
    return copy.read_bytes()


def _identifies(value: str) -> bool:
    """Whether it says who somebody is wherever it stands; a placeholder says nobody."""
    is_more_than_a_word = " " in value or "@" in value or sum(map(str.isdigit, value)) >= LONG
    return len(value) >= LONG and is_more_than_a_word and len(set(value)) > 3


def assert_masked(clear: Path, masked: Path, copy: Path) -> None:
    values = personal_values(clear)
    telling = {value for value in values if _identifies(value)}
    assert len(telling) > 100
    # The same look at the clear one finds all of them.
    assert values <= cells(clear)
    found = cells(masked)
    # In long texts each is looked for by itself, which of all of them would take minutes.
    sample = sorted(telling)[:: len(telling) // 100]
    assert all(re.fullmatch("[0-9a-f]{32}", value) for value in personal_values(masked))
    text = "\n".join(found)
    assert telling & found == set()
    assert {value for value in sample if value in text} == set()
    content = masked.read_bytes() + uncompressed(masked, copy)
    assert {value for value in sample if value.encode() in content} == set()
    readable = clear.read_bytes()
    assert any(value.encode() in readable for value in telling)


def test_nothing_personal_is_left(loaded: World, tmp_path: Path) -> None:
    clear = tmp_path / "snapshots" / "leads-000001.duckdb"
    clear.parent.mkdir()
    shutil.copy((loaded.folder / "leads.duckdb").resolve(), clear)
    masked = mask_snapshot(clear, KEY, 512)
    assert_masked(clear, masked, tmp_path / "copy.duckdb")
    people = (
        "SELECT count(DISTINCT phone), count(DISTINCT email), count(DISTINCT person_id) FROM leads"
    )
    with duckdb.connect(str(masked)) as db, duckdb.connect(str(clear)) as other:
        assert db.sql(people).fetchall() == other.sql(people).fetchall()


@pytest.mark.slow
def test_nothing_personal_of_a_whole_crm_is_left(sandbox: Sandbox, tmp_path: Path) -> None:
    world = new_world(sandbox, tmp_path / "data")
    world.variables |= {
        "LEAD_PIPELINE_MASK_KEY": KEY,
        "LEAD_PIPELINE_PUBLISH_MASKED": "true",
    }
    result = world.command("run", "--from", "2026-11-20", "--scan")
    assert result.exit_code == 0, result.output
    clear, masked = (world.folder / name for name in ("leads.duckdb", "leads-masked.duckdb"))
    assert_masked(clear, masked, tmp_path / "copy.duckdb")


def test_a_folder_to_be_masked_without_a_key_gets_no_clear_snapshot(world: World) -> None:
    for call in ("run --days 1", "doctor", "status", "rebuild"):
        result = world.command(*call.split(), LEAD_PIPELINE_PUBLISH_MASKED="true")
        assert result.exit_code == 2, call
        assert "LEAD_PIPELINE_PUBLISH_MASKED" in result.output
        assert "needs LEAD_PIPELINE_MASK_KEY" in result.output
    assert not world.folder.exists()


@pytest.mark.slow
def test_a_decision_by_hand_is_masked_too(loaded: World, tmp_path: Path) -> None:
    folder = tmp_path / "data"
    shutil.copytree(loaded.folder, folder, symlinks=True)
    masking = {
        "LEAD_PIPELINE_DATA_DIR": str(folder),
        "LEAD_PIPELINE_MASK_KEY": KEY,
        "LEAD_PIPELINE_PUBLISH_MASKED": "true",
    }
    (one,), (other,) = loaded.rows("SELECT person_id FROM people ORDER BY person_id LIMIT 2")
    merged = loaded.command("people", "merge", one, other, "--reason", "x", **masking)
    assert merged.exit_code == 0, merged.output
    versions = [
        Path(name).resolve().name.split("-")[1][:6]
        for name in (folder / "leads.duckdb", folder / "leads-masked.duckdb")
    ]
    assert versions[0] == versions[1]


def test_without_a_key_nothing_is_masked(loaded: World) -> None:
    result = loaded.command("mask")
    assert result.exit_code == 2
    assert "LEAD_PIPELINE_MASK_KEY is not set" in result.output
    short = loaded.command("mask", LEAD_PIPELINE_MASK_KEY="short")
    assert short.exit_code == 2
    assert "LEAD_PIPELINE_MASK_KEY" in short.output
    assert "'short'" not in short.output
    assert not (loaded.folder / "leads-masked.duckdb").exists()
