"""A second account of the same vendor is a second YAML file, nothing else."""

import os
import shutil
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

from lead_pipeline.warehouse import open_snapshot
from lead_pipeline_tests.pipeline.conftest import World

PROJECT = Path(__file__).parents[2]

BROKER = """
type: lead_pipeline.components.HousingAccount
attributes:
  account: housing_broker
  endpoint: broker
  base_url_variable: HOUSING_BASE_URL
  id_variable: HOUSING_ID
  api_key_variable: HOUSING_API_KEY
"""


@pytest.mark.slow
def test_a_second_yaml_is_a_second_account(world: World, tmp_path: Path) -> None:
    project = tmp_path / "project"
    shutil.copytree(PROJECT / "lead_pipeline", project / "lead_pipeline")
    for name in ("pyproject.toml", "dagster.yaml", "README.md"):
        shutil.copy(PROJECT / name, project)
    folder = project / "lead_pipeline" / "defs" / "housing_broker"
    folder.mkdir()
    (folder / "defs.yaml").write_text(BROKER)
    kept = {name: value for name, value in os.environ.items() if name != "DAGSTER_HOME"}
    done = subprocess.run(
        [
            *(sys.executable, "-m", "lead_pipeline.cli", "run"),
            *("--from", "2026-11-20", "--source", "housing"),
        ],
        cwd=project,
        env={**kept, **world.variables, "PYTHONPATH": str(project)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    with open_snapshot(world.folder) as session:
        rows = session.rows(
            "SELECT account, count(*) FROM leads WHERE created_at >= '2026-11-20' GROUP BY ALL"
        )
    truth = world.sandbox.truth(date(2026, 11, 20), date(2026, 11, 20))["accounts"]
    expected = {name: sum(truth[name].values()) for name in ("housing", "housing_broker")}
    assert dict(rows) == expected
