from collections.abc import Iterator
from pathlib import Path

import pytest

from lead_pipeline import normalise
from lead_pipeline.journal import Journal
from lead_pipeline.warehouse import Session, Warehouse
from lead_pipeline_tests.warehouse.fixtures import made_once, warehouse

__all__ = ["made_once", "warehouse"]


@pytest.fixture
def session(warehouse: Warehouse) -> Iterator[Session]:
    with warehouse.open() as session:
        normalise.install(session)
        yield session


@pytest.fixture
def journal(tmp_path: Path) -> Journal:
    return Journal(tmp_path / "journal.jsonl")
