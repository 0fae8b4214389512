"""The masked snapshot holds no personal value, and still joins and counts as the clear one."""

import hashlib
import hmac
import shutil
import stat
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from lead_pipeline.errors import LandingError
from lead_pipeline.records import Column
from lead_pipeline.tables import Table
from lead_pipeline.warehouse import mask
from lead_pipeline.warehouse.mask import DESCRIBED, mask_snapshot, masking_of
from lead_pipeline.warehouse.tables import create_table

IDS = {"lead_id", "linked_lead_id", "source_lead_id", "push_id"}
KEY = "a key of sixteen characters or more"


def hashed(text: str, key: str = KEY) -> str:
    return hmac.new(key.encode(), text.encode(), hashlib.sha256).hexdigest()[:32]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Every described table with a row or two, and some that nobody described."""
    path = tmp_path_factory.mktemp("made") / "leads-000001.duckdb"
    with duckdb.connect(str(path)) as db:
        db.execute("CREATE SCHEMA ops; CREATE SCHEMA marts; CREATE SCHEMA core")
        for table in DESCRIBED:
            db.execute(create_table(table))
        db.execute(
            "INSERT INTO leads (lead_id, source, email, phone, comments, attributes, created_at, "
            "source_lead_id) "
            "VALUES ('L1', 'housing', 'jane@example.org', '+919876500001', 'Call me', "
            "'{\"pet\": \"Rex\"}', TIMESTAMPTZ '2026-11-20 12:00:00Z', NULL), "
            "('L2', 'aimbase', 'jane@example.org', NULL, NULL, NULL, NULL, '+919876500001')"
        )
        db.execute("INSERT INTO person_links (lead_id, linked_lead_id) VALUES ('L1', 'L2')")
        db.execute("INSERT INTO ops.pushes (push_id, lead_id) VALUES ('U1', 'L1')")
        db.execute(
            "CREATE TABLE marts.ids AS SELECT 'L1' AS lead_id, ['L1', NULL, 'L2'] AS lead_ids, "
            "'+919876500001' AS natural_key"
        )
        db.execute("INSERT INTO people (person_id, email) VALUES ('P1', 'jane@example.org')")
        db.execute(
            "CREATE TABLE marts.found AS SELECT DATE '2026-11-20' AS day, 'housing' AS source, "
            "7 AS leads, 'Jane Doe' AS best_name, 'jane@example.org' AS email"
        )
        db.execute("CREATE TABLE ops.forgotten AS SELECT 'Jane Doe' AS name, 9876500001 AS phone")
        db.execute("ALTER TABLE leads ADD COLUMN nickname VARCHAR DEFAULT 'Janey'")
    return path


@pytest.fixture
def snapshot(made: Path, tmp_path: Path) -> Path:
    path = tmp_path / "snapshots" / made.name
    path.parent.mkdir()
    shutil.copy(made, path)
    return path


@pytest.fixture(scope="module")
def masked_once(made: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The masked twin of a snapshot, which lies beside it."""
    snapshot = tmp_path_factory.mktemp("masked") / "snapshots" / made.name
    snapshot.parent.mkdir()
    shutil.copy(made, snapshot)
    return mask_snapshot(snapshot, KEY, 512)


@pytest.fixture
def masked(masked_once: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect(str(masked_once), read_only=True) as db:
        db.execute("SET TimeZone = 'UTC'")
        yield db


def test_text_is_a_keyed_hash_that_joins(masked: duckdb.DuckDBPyConnection) -> None:
    sql = "SELECT lead_id, source, email, phone, comments FROM leads ORDER BY source"
    email = hashed("jane@example.org")
    assert masked.sql(sql).fetchall() == [
        (hashed("L2"), "aimbase", email, None, None),
        (hashed("L1"), "housing", email, hashed("+919876500001"), hashed("Call me")),
    ]
    joined = "SELECT count(*) FROM leads JOIN people USING (email)"
    assert masked.sql(joined).fetchall() == [(2,)]


def test_ids_that_phones_could_be_tried_on_are_hashed_and_join(
    masked: duckdb.DuckDBPyConnection,
) -> None:
    sql = "SELECT lead_id, source_lead_id FROM leads ORDER BY source"
    found = masked.sql(sql).fetchall()
    assert found == [(hashed("L2"), hashed("+919876500001")), (hashed("L1"), None)]
    joined = (
        "SELECT linked_lead_id, push_id, lead_ids, natural_key FROM leads "
        "JOIN person_links USING (lead_id) JOIN ops.pushes USING (lead_id) "
        "JOIN marts.ids USING (lead_id)"
    )
    ((linked, push, listed, natural),) = masked.sql(joined).fetchall()
    assert (linked, push, natural) == (hashed("L2"), hashed("U1"), hashed("+919876500001"))
    assert listed == [hashed("L1"), None, hashed("L2")]


@pytest.mark.parametrize("name", ["lead_id", "first_touch_lead_id", "push_id", "natural_key"])
@pytest.mark.parametrize("schema", ["main", "marts", "core"])
def test_such_an_id_is_hashed_wherever_it_is(schema: str, name: str) -> None:
    assert masking_of(schema, "any", name, "VARCHAR").value == f'keyed_hash("{name}")'
    assert masking_of(schema, "any", name, "BIGINT").value == "NULL"


@pytest.mark.parametrize("key", ["k" * 64, "k" * 65, "it's \\ a 'ключ'"])
def test_the_hash_is_the_standard_one(snapshot: Path, key: str) -> None:
    with duckdb.connect(str(mask_snapshot(snapshot, key, 512)), read_only=True) as db:
        assert db.sql("SELECT email FROM people").fetchall() == [(hashed("jane@example.org", key),)]


def test_too_little_memory_says_what_to_set(snapshot: Path) -> None:
    with pytest.raises(LandingError, match="could not be written") as failed:
        mask_snapshot(snapshot, KEY, 1)
    assert "LEAD_PIPELINE_MOST_MEMORY_MEGABYTES" in failed.value.next_step


def test_what_is_no_text_is_left_out(masked: duckdb.DuckDBPyConnection) -> None:
    assert masked.sql("SELECT attributes FROM leads").fetchall() == [(None,), (None,)]


def test_a_column_that_nobody_described_is_left_out(masked: duckdb.DuckDBPyConnection) -> None:
    assert masked.sql("SELECT DISTINCT nickname FROM leads").fetchall() == [(None,)]
    assert masked.sql("FROM ops.forgotten").fetchall() == [(None, None)]
    ((day, *others),) = masked.sql("FROM marts.found").fetchall()
    assert str(day) == "2026-11-20"
    assert others == ["housing", 7, None, None]


def test_every_column_is_there_and_says_what_was_done(
    made: Path, masked: duckdb.DuckDBPyConnection
) -> None:
    sql = "SELECT table_name, column_name, data_type FROM duckdb_columns() ORDER BY ALL"
    with duckdb.connect(str(made), read_only=True) as clear:
        assert masked.sql(sql).fetchall() == clear.sql(sql).fetchall()
    said = dict(
        masked.sql(
            "SELECT column_name, comment FROM duckdb_columns() WHERE table_name = 'leads'"
        ).fetchall()
    )
    assert said["email"].endswith("(masked: a keyed hash)")
    assert said["attributes"].endswith("(masked: left out)")
    assert said["nickname"].endswith("(left out: it is not described)")
    assert "left out" not in (said["source"] or "")


def test_no_clear_text_is_in_the_file(
    made: Path, masked_once: Path, masked: duckdb.DuckDBPyConnection
) -> None:
    assert masked_once.name == "masked-000001.duckdb"
    content, clear = masked_once.read_bytes(), made.read_bytes()
    for text in (b"jane@example.org", b"9876500001", b"Call me", b"Rex", b"Jane Doe", b"Janey"):
        assert text not in content
    assert b"jane@example.org" in clear
    assert KEY.encode() not in content
    functions = "SELECT count(*) FROM duckdb_functions() WHERE function_name = 'keyed_hash'"
    assert masked.sql(functions).fetchall() == [(0,)]


def test_every_personal_column_of_every_table_is_masked() -> None:
    """So is one that somebody adds tomorrow."""
    columns = [(table, column) for table in DESCRIBED for column in table.columns]
    assert sum(column.personal for _, column in columns) > 40
    for table, column in columns:
        schema, _, name = table.name.rpartition(".")
        kept = masking_of(schema or "main", name, column.name, column.type)
        is_masked = column.personal or column.name in IDS
        assert (kept.value != f'"{column.name}"') is is_masked, (table.name, column.name)


def test_a_new_personal_column_needs_nobody_to_remember(monkeypatch: pytest.MonkeyPatch) -> None:
    new = Table("leads", "", (Column("whatsapp", "VARCHAR", "", personal=True),))
    monkeypatch.setattr(
        mask, "_PERSONAL", {(new.name, column.name): column.personal for column in new.columns}
    )
    assert masking_of("main", "leads", "whatsapp", "VARCHAR").value == 'keyed_hash("whatsapp")'


def test_the_newest_is_pointed_to_and_the_last_few_are_kept(snapshot: Path) -> None:
    for version in range(2, 7):
        snapshot.with_name(f"masked-{version:06}.duckdb").touch()
    newest = snapshot.with_name("leads-000007.duckdb")
    newest.write_bytes(snapshot.read_bytes())
    mask_snapshot(newest, KEY, 512)
    pointer = snapshot.parents[1] / "leads-masked.duckdb"
    assert pointer.resolve().name == "masked-000007.duckdb"
    assert stat.S_IMODE(pointer.stat().st_mode) == 0o440
    kept = sorted(path.name for path in snapshot.parent.glob("masked-*"))
    assert kept == [f"masked-{version:06}.duckdb" for version in range(3, 8)]
    assert len(list(snapshot.parent.glob("leads-*"))) == 2
