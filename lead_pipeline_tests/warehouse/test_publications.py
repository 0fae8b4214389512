"""Which snapshot first showed an enquiry, through failures, rebuilds and upgrades."""

import shutil
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from lead_pipeline.errors import LandingError
from lead_pipeline.warehouse import Session, Warehouse, open_snapshot, publish
from lead_pipeline.warehouse.publications import take_over_publications
from lead_pipeline_tests.warehouse.deliveries import NOW, Delivery, lead, load
from lead_pipeline_tests.warehouse.fixtures import NAME, put_warehouse

LATER = NOW + timedelta(hours=1)
KNOWN = (
    "SELECT source_lead_id, version, published_at FROM ops.publications "
    "LEFT JOIN leads USING (lead_id) ORDER BY source_lead_id"
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "data"


@pytest.fixture(scope="module")
def once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A warehouse with the lead a, published in the folder `data`, made once."""
    path = tmp_path_factory.mktemp("once")
    with Warehouse(put_warehouse(path), wait_seconds=0).open() as session:
        _load(session, "a")
        publish(session, path / "data", NOW)
    return path


@pytest.fixture
def published(once: Path, tmp_path: Path) -> Warehouse:
    """The same in folders that a test may change."""
    shutil.copytree(once, tmp_path, symlinks=True, dirs_exist_ok=True)
    return Warehouse(tmp_path / NAME, wait_seconds=0)


def _load(session: Session, name: str, when: datetime = NOW) -> None:
    load(session, Delivery((lead(name, source_lead_id=name),), when))


def test_each_enquiry_has_the_version_that_first_showed_it(
    published: Warehouse, folder: Path
) -> None:
    with published.open() as session:
        _load(session, "b", LATER)
        publish(session, folder, LATER)
    with open_snapshot(folder) as snapshot:
        assert snapshot.rows(KNOWN) == [("a", 1, NOW), ("b", 2, LATER)]


def test_what_failed_was_not_published(session: Session, folder: Path) -> None:
    _load(session, "a")
    blocked = folder / "snapshots" / ".part-leads-000001.duckdb"
    blocked.mkdir(parents=True)
    with pytest.raises(LandingError):
        publish(session, folder, NOW)
    blocked.rmdir()
    publish(session, folder, LATER)
    assert session.rows(KNOWN) == [("a", 1, LATER)]


def test_a_contact_that_we_made_is_not_published(session: Session, folder: Path) -> None:
    _load(session, "a")
    session.run("INSERT INTO core.own_leads SELECT lead_id FROM core.leads")
    publish(session, folder, NOW)
    assert session.rows(KNOWN) == []


def _filled_anew(path: Path, pointer: Path) -> list[tuple[object, ...]]:
    """A new warehouse with the leads a and b, and what it knows after it was published."""
    with Warehouse(put_warehouse(path), 0).open() as session:
        _load(session, "a")
        _load(session, "b", LATER)
        take_over_publications(session, pointer)
        publish(session, pointer.parent, LATER)
        return session.rows(KNOWN)


@pytest.mark.usefixtures("published")
def test_a_rebuild_takes_over_what_the_newest_snapshot_says(folder: Path) -> None:
    """Of what had landed and was not published yet, the rebuild's publication is the first."""
    found = _filled_anew(folder / "new", folder / "leads.duckdb")
    assert found == [("a", 1, NOW), ("b", 2, LATER)]


def test_without_a_snapshot_nobody_knows(folder: Path) -> None:
    folder.mkdir()
    found = _filled_anew(folder / "new", folder / "leads.duckdb")
    assert found == [("a", None, None), ("b", None, None)]


def test_a_damaged_snapshot_knows_nothing(folder: Path) -> None:
    folder.mkdir()
    (folder / "leads.duckdb").write_bytes(b"no database " * 1_000)
    found = _filled_anew(folder / "new", folder / "leads.duckdb")
    assert [row[1:] for row in found] == [(None, None)] * 2


def test_a_snapshot_of_an_older_version_knows_only_what_it_shows(
    published: Warehouse, folder: Path
) -> None:
    snapshot = (folder / "leads.duckdb").resolve()
    snapshot.chmod(0o640)
    with published.open() as session:
        session.run(f"ATTACH '{snapshot}' AS older; DROP TABLE older.ops.publications")
        session.run("DETACH older")
    found = _filled_anew(folder / "new", folder / "leads.duckdb")
    assert found == [("a", None, None), ("b", 2, LATER)]


def test_what_an_older_version_published_has_no_time(published: Warehouse, folder: Path) -> None:
    with published.open() as session:
        session.run("DROP TABLE ops.publications; DELETE FROM migrations WHERE number >= 7")
    with published.open() as session:
        assert session.rows(KNOWN) == [("a", None, None)]
        _load(session, "b", LATER)
        publish(session, folder, LATER)
        assert session.rows(KNOWN) == [("a", None, None), ("b", 2, LATER)]
