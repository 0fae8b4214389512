from collections.abc import Iterator
from pathlib import Path

import pytest

from lead_pipeline.sandbox import SandboxSettings, running_sandbox
from lead_pipeline_tests.push.pushing import FEW, NOW, Pushing
from lead_pipeline_tests.warehouse.fixtures import put_warehouse


@pytest.fixture
def pushing(tmp_path: Path) -> Iterator[Pushing]:
    with running_sandbox(SandboxSettings(now=NOW, qontak=FEW)) as sandbox:
        put_warehouse(tmp_path / "data")
        yield Pushing(sandbox, tmp_path / "data")
