"""A data folder whose clock stands still."""

from pathlib import Path

import pytest

from lead_pipeline.pipeline.folder import DataFolder, open_folder
from lead_pipeline.settings import Settings
from lead_pipeline_tests.serving.people import NOW
from lead_pipeline_tests.warehouse.fixtures import put_warehouse


@pytest.fixture
def folder(tmp_path: Path) -> DataFolder:
    made = open_folder(Settings(data_dir=tmp_path / "data", now=NOW))
    put_warehouse(made.path)
    return made
