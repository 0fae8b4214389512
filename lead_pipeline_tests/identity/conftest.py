from collections.abc import Iterator
from pathlib import Path

import pytest

from lead_pipeline import normalise
from lead_pipeline.journal import Journal
from lead_pipeline.warehouse import Session, Warehouse


@pytest.fixture
def warehouse(tmp_path: Path) -> Warehouse:
    return Warehouse(tmp_path / "warehouse.duckdb", wait_seconds=0)


@pytest.fixture
def session(warehouse: Warehouse) -> Iterator[Session]:
    with warehouse.open() as session:
        normalise.install(session)
        yield session


@pytest.fixture
def journal(tmp_path: Path) -> Journal:
    return Journal(tmp_path / "journal.jsonl")
