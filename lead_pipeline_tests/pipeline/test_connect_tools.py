"""What the page on tools says of snapshots that are replaced, and its Python as it stands there."""

import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb
import pytest

from lead_pipeline.pipeline.folder import DataFolder, open_folder
from lead_pipeline.pipeline.outcome import publish_snapshot
from lead_pipeline.settings import Settings
from lead_pipeline.warehouse.publish import KEPT_SNAPSHOTS
from lead_pipeline_tests.house.project import ROOT, text

PAGE = text(ROOT / "docs" / "how-to" / "connect-tools.md")
NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> DataFolder:
    """The folder of the demo, as the page names it, with one snapshot."""
    monkeypatch.chdir(tmp_path)
    folder = open_folder(Settings(data_dir=Path("data/demo"), now=NOW))
    _publish(folder)
    return folder


def _publish(folder: DataFolder) -> None:
    with folder.warehouse.open() as session:
        session.run("UPDATE core.progress SET published_load_id = -1")
    publish_snapshot(folder)


def _version(db: duckdb.DuckDBPyConnection) -> int:
    ((version,),) = db.execute("SELECT version FROM ops.published").fetchall()
    return int(version)


@pytest.mark.slow
def test_what_is_open_stays_while_others_are_published(folder: DataFolder) -> None:
    path = folder.path / "leads.duckdb"
    first = path.resolve()
    with duckdb.connect(str(path), read_only=True) as held:
        for _ in range(KEPT_SNAPSHOTS + 1):
            _publish(folder)
        assert not first.exists()
        assert _version(held) == 1
        assert held.execute("SELECT count(*) FROM leads").fetchall() == [(0,)]
        assert path.readlink().name == f"leads-{KEPT_SNAPSHOTS + 2:06}.duckdb"
    with duckdb.connect(str(path), read_only=True) as anew:
        assert _version(anew) == KEPT_SNAPSHOTS + 2


def test_the_python_of_the_page_works(folder: DataFolder) -> None:
    assert folder.path.exists()
    (pandas_block, polars_block) = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
    found: dict[str, Any] = {}
    exec(pandas_block, found)  # the page's own words
    assert str(found["frame"].dtypes["created_at"]).endswith("UTC]")
    # They differ in the last call alone; polars is no part of the set-up.
    assert polars_block.replace(".pl()", ".df()") == pandas_block
