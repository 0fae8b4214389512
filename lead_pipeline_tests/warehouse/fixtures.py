"""A warehouse of its own for every test, copied from one that was made once."""

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from lead_pipeline.warehouse import Session, Warehouse

NAME = "warehouse.duckdb"
"""What the loader's database is called in a data folder."""


@cache
def _made() -> bytes:
    """The file of a warehouse whose tables are empty."""
    with TemporaryDirectory() as folder:
        warehouse = Warehouse(Path(folder) / NAME, wait_seconds=0)
        with warehouse.open():
            pass
        return warehouse.path.read_bytes()


def put_warehouse(folder: Path) -> Path:
    """Give a data folder an empty warehouse: to make its tables takes many times as long."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / NAME
    path.write_bytes(_made())
    return path


@pytest.fixture(scope="session")
def made_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return put_warehouse(tmp_path_factory.mktemp("made"))


@pytest.fixture
def warehouse(tmp_path: Path) -> Warehouse:
    return Warehouse(put_warehouse(tmp_path), wait_seconds=0)


@pytest.fixture
def session(warehouse: Warehouse) -> Iterator[Session]:
    with warehouse.open() as session:
        yield session
