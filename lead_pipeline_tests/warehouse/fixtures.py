"""A warehouse of its own for every test, copied from one that was made once."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from lead_pipeline.warehouse import Session, Warehouse


@pytest.fixture(scope="session")
def made_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    warehouse = Warehouse(tmp_path_factory.mktemp("made") / "warehouse.duckdb", wait_seconds=0)
    with warehouse.open():
        pass
    return warehouse.path


@pytest.fixture
def warehouse(tmp_path: Path, made_once: Path) -> Warehouse:
    path = tmp_path / "warehouse.duckdb"
    shutil.copyfile(made_once, path)
    return Warehouse(path, wait_seconds=0)


@pytest.fixture
def session(warehouse: Warehouse) -> Iterator[Session]:
    with warehouse.open() as session:
        yield session
