from collections.abc import Iterator
from pathlib import Path

import pytest

from lead_pipeline.warehouse import Session, Warehouse


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    with Warehouse(tmp_path / "warehouse.duckdb", wait_seconds=0).open() as session:
        yield session
