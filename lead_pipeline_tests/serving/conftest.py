"""A data folder of its own."""

from pathlib import Path

import pytest

from lead_pipeline.pipeline.folder import DataFolder, open_folder
from lead_pipeline.settings import Settings
from lead_pipeline_tests.warehouse.fixtures import made_once, put_warehouse, session, warehouse

__all__ = ["made_once", "session", "warehouse"]


@pytest.fixture
def folder(tmp_path: Path) -> DataFolder:
    made = open_folder(Settings(data_dir=tmp_path / "data"))
    put_warehouse(made.path)
    return made
