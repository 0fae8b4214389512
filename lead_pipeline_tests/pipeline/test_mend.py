"""A stage that wants more memory than it was given begins again with all that is allowed."""

from pathlib import Path

import pytest

from lead_pipeline.errors import WarehouseUnusable
from lead_pipeline.pipeline.folder import DataFolder
from lead_pipeline.pipeline.mend import mended
from lead_pipeline.settings import Settings
from lead_pipeline_tests.warehouse.fixtures import put_warehouse

MORE_THAN_THE_LEAST = "SELECT length(list(repeat('x', 100) || range)) FROM range(2_000_000)"


@mended
def count(folder: DataFolder) -> int:
    with folder.warehouse.open() as session:
        ((number,),) = session.rows(MORE_THAN_THE_LEAST)
        return int(number)


def folder_with(path: Path, most_memory: int) -> DataFolder:
    put_warehouse(path)
    return DataFolder(path, Settings(data_dir=path, most_memory_megabytes=most_memory))


def test_what_little_memory_cannot_do_all_of_it_does(tmp_path: Path) -> None:
    assert count(folder_with(tmp_path, 2048)) == 2_000_000


def test_what_all_of_it_cannot_do_is_said(tmp_path: Path) -> None:
    with pytest.raises(WarehouseUnusable, match="needs more than 160 megabytes"):
        count(folder_with(tmp_path, 160))
