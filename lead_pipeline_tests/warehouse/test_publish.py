import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import duckdb
import pytest

from lead_pipeline import marts
from lead_pipeline.errors import LandingError, WarehouseUnusable
from lead_pipeline.warehouse import Published, Session, Warehouse, open_snapshot, publish
from lead_pipeline_tests.warehouse.deliveries import NOW, Delivery, lead, load
from lead_pipeline_tests.warehouse.fixtures import NAME, put_warehouse
from lead_pipeline_tests.warehouse.published_columns import PUBLISHED

KINDS = (".duckdb", ".people.arrow", ".words.arrow")
"""The files of a snapshot."""

COLUMNS = "SELECT schema_name || '.' || table_name, column_name, comment FROM duckdb_columns()"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "data"


@pytest.fixture
def loads(session: Session) -> Iterator[Delivery]:
    """Each time it is asked, one more lead is loaded."""

    def endless() -> Iterator[Delivery]:
        number = 0
        while True:
            number += 1
            delivery = Delivery((lead(str(number)),), NOW + timedelta(hours=number))
            load(session, delivery)
            yield delivery

    return endless()


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One lead loaded and published, in the folder `data`; tests that use it only read."""
    path = tmp_path_factory.mktemp("made")
    with Warehouse(put_warehouse(path), wait_seconds=0).open() as session:
        load(session, Delivery((lead("0"),)))
        _publish(session, path / "data")
    return path


@pytest.fixture
def published(made: Path, tmp_path: Path) -> Iterator[Session]:
    """The same in folders that a test may change."""
    shutil.copytree(made, tmp_path, symlinks=True, dirs_exist_ok=True)
    with Warehouse(tmp_path / NAME, wait_seconds=0).open() as session:
        yield session


@pytest.fixture(scope="module")
def with_marts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A snapshot of everything that is published, with a lead in it."""
    path = tmp_path_factory.mktemp("marts")
    with Warehouse(put_warehouse(path), wait_seconds=0).open() as session:
        load(session, Delivery((lead("0"),)))
        marts.build_marts(session)
        _publish(session, path)
    return path


def _publish(session: Session, folder: Path) -> Published:
    published = publish(session, folder, NOW)
    assert published
    return published


def _leads(folder: Path) -> int:
    with open_snapshot(folder) as snapshot:
        ((count,),) = snapshot.rows("SELECT count(*) FROM leads")
    return int(count)


def test_a_snapshot_shows_what_was_loaded(
    session: Session, folder: Path, loads: Iterator[Delivery]
) -> None:
    next(loads)
    published = _publish(session, folder)
    assert (published.version, published.leads, published.people) == (1, 1, 0)
    assert (folder / "leads.duckdb").resolve() == published.path
    with open_snapshot(folder) as snapshot:
        assert snapshot.rows("SELECT * FROM ops.published") == [(1, NOW, 1, 0)]
        columns = "source, account, created_at, first_seen_at, attributes, record_index"
        query = f"SELECT {columns} FROM leads"
        assert snapshot.rows(query) == session.rows(query)


def test_the_pointer_does_not_name_the_folder(
    session: Session, folder: Path, tmp_path: Path, loads: Iterator[Delivery]
) -> None:
    next(loads)
    _publish(session, folder)
    folder.rename(tmp_path / "moved")
    assert _leads(tmp_path / "moved") == 1


def test_nothing_is_published_when_nothing_was_loaded(
    session: Session, folder: Path, loads: Iterator[Delivery]
) -> None:
    next(loads)
    _publish(session, folder)
    assert publish(session, folder, NOW) is None
    next(loads)
    assert _publish(session, folder).version == 2
    assert publish(session, folder, NOW) is None
    assert _leads(folder) == 2


def test_a_lost_pointer_or_snapshot_is_published_again(published: Session, folder: Path) -> None:
    (folder / "leads.duckdb").unlink()
    second = _publish(published, folder)
    second.path.unlink()
    assert _publish(published, folder).version == 3
    assert _leads(folder) == 1


def test_versions_grow_even_after_the_warehouse_was_lost(published: Session, folder: Path) -> None:
    published.run("UPDATE core.progress SET version = 0, published_load_id = 0")
    assert _publish(published, folder).version == 2


@pytest.mark.slow
def test_only_the_last_few_are_kept_and_files_of_others_left_alone(
    session: Session, folder: Path, loads: Iterator[Delivery]
) -> None:
    others = {"leads-copy.duckdb", "leads-000001-mine.duckdb", "notes.txt"}
    (folder / "snapshots").mkdir(parents=True)
    for name in others:
        (folder / "snapshots" / name).touch()
    for _ in range(6):
        next(loads)
        _publish(session, folder)
    names = {path.name for path in (folder / "snapshots").iterdir()}
    kept = {f"leads-00000{version}{kind}" for version in (2, 3, 4, 5, 6) for kind in KINDS}
    assert names - others == kept
    assert others < names


def test_nobody_can_write_to_a_snapshot(made: Path) -> None:
    folder = made / "data"
    assert (folder / "leads.duckdb").stat().st_mode & 0o777 == 0o440
    with open_snapshot(folder) as snapshot, pytest.raises(duckdb.InvalidInputException):
        snapshot.run("DELETE FROM leads")


def test_the_published_tables_are_the_contract(with_marts: Path) -> None:
    with open_snapshot(with_marts) as snapshot:
        found = snapshot.rows(f"{COLUMNS} WHERE NOT internal ORDER BY 1, column_index")
    tables = {table: " ".join(name for at, name, _ in found if at == table) for table, *_ in found}
    assert tables == PUBLISHED


def test_every_table_and_column_is_described(with_marts: Path) -> None:
    with open_snapshot(with_marts) as snapshot:
        columns = snapshot.rows(f"{COLUMNS} WHERE NOT internal")
        tables = snapshot.rows("SELECT table_name, comment FROM duckdb_tables()")
    assert len(tables) == len(PUBLISHED)
    assert [row for row in columns + tables if not row[-1]] == []


def test_the_file_format_is_that_of_duckdb_1_0(made: Path) -> None:
    header = (made / "data" / "leads.duckdb").read_bytes()[:20]
    assert header[8:12] == b"DUCK"
    assert int.from_bytes(header[12:20], "little") == 64


def test_a_reader_keeps_what_it_opened(published: Session, folder: Path) -> None:
    first = (folder / "leads.duckdb").resolve()
    with open_snapshot(folder) as reader:
        before = reader.rows("SELECT * FROM leads")
        for version in range(2, 6):
            first.with_name(f"leads-00000{version}.duckdb").touch()
        load(published, Delivery((lead("1"),), NOW + timedelta(hours=1)))
        assert _publish(published, folder).version == 6
        assert not first.exists()
        assert reader.rows("SELECT * FROM leads") == before
    assert _leads(folder) == 2


def test_what_a_killed_run_left_is_no_obstacle(
    session: Session, folder: Path, loads: Iterator[Delivery]
) -> None:
    next(loads)
    (folder / "snapshots").mkdir(parents=True)
    for name in (".part-leads-000001.duckdb", ".part-leads-000001.duckdb.wal"):
        (folder / "snapshots" / name).write_bytes(b"half" * 5_000)
    (folder / ".part-leads.duckdb").symlink_to("nowhere")
    _publish(session, folder)
    assert _leads(folder) == 1
    names = {path.name for path in (folder / "snapshots").iterdir()}
    assert names == {f"leads-000001{kind}" for kind in KINDS}


def test_a_snapshot_without_its_index_is_published_again(published: Session, folder: Path) -> None:
    assert publish(published, folder, NOW) is None
    (folder / "snapshots" / "leads-000001.words.arrow").unlink()
    assert _publish(published, folder).version == 2


def test_a_failure_leaves_the_pointer_as_it_was(published: Session, folder: Path) -> None:
    first = (folder / "leads.duckdb").resolve()
    load(published, Delivery((lead("1"),), NOW + timedelta(hours=1)))
    (folder / "snapshots" / ".part-leads-000002.duckdb").mkdir()
    with pytest.raises(LandingError, match="still shows the snapshot before") as failed:
        publish(published, folder, NOW)
    assert "lead-pipeline run" in failed.value.next_step
    assert (folder / "leads.duckdb").resolve() == first
    assert _leads(folder) == 1
    (folder / "snapshots" / ".part-leads-000002.duckdb").rmdir()
    assert _publish(published, folder).version == 2
    assert _leads(folder) == 2


def test_a_file_where_the_folder_should_be_is_a_typed_error(
    session: Session, folder: Path, loads: Iterator[Delivery]
) -> None:
    next(loads)
    folder.mkdir()
    (folder / "snapshots").touch()
    with pytest.raises(LandingError, match="could not be written"):
        publish(session, folder, NOW)
    assert not (folder / "leads.duckdb").exists()


def test_before_the_first_publish_there_is_nothing_to_open(folder: Path) -> None:
    with (
        pytest.raises(WarehouseUnusable, match="nothing has been published"),
        open_snapshot(folder),
    ):
        pass


def test_a_snapshot_that_cannot_be_read_is_a_typed_error(folder: Path) -> None:
    folder.mkdir()
    (folder / "leads.duckdb").write_bytes(b"no database " * 1_000)
    with pytest.raises(WarehouseUnusable, match="cannot be opened"), open_snapshot(folder):
        pass


def test_a_snapshot_is_open_while_the_loader_works(published: Session, folder: Path) -> None:
    with open_snapshot(folder) as reader:
        load(published, Delivery((lead("1"),), NOW + timedelta(hours=1)))
        assert reader.rows("SELECT count(*) FROM leads") == [(1,)]


def test_a_snapshot_of_another_version_is_said(made: Path) -> None:
    with (
        pytest.raises(WarehouseUnusable, match="other tables") as refused,
        open_snapshot(made / "data") as snapshot,
    ):
        snapshot.rows("SELECT not_yet_known FROM ops.deliveries")
    assert "lead-pipeline rebuild" in refused.value.next_step


def test_a_reader_may_be_given_little_memory(session: Session, folder: Path) -> None:
    _publish(session, folder)
    with open_snapshot(folder, 200) as snapshot:
        limits = "SELECT current_setting('memory_limit'), current_setting('temp_directory')"
        # What no leads need, in the unit that the database shows.
        assert snapshot.rows(limits) == [("152.5 MiB", str(folder / "spill"))]
    with (
        pytest.raises(WarehouseUnusable, match="could not be read in 10 megabytes") as refused,
        open_snapshot(folder, 10) as snapshot,
    ):
        snapshot.rows("SELECT list(range) FROM range(10_000_000)")
    assert "LEAD_PIPELINE_MOST_MEMORY_MEGABYTES" in refused.value.next_step
