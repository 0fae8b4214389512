"""`lead-pipeline push`, and the asset that a run ends with."""

from pathlib import Path

import pytest

from lead_pipeline.definitions import load_definitions
from lead_pipeline.sandbox import SandboxSettings, running_sandbox
from lead_pipeline_tests.pipeline.conftest import environment, new_world
from lead_pipeline_tests.push.pushing import FEW, NOW

ON = {"QONTAK_PUSH_MODE": "on"}


@pytest.mark.slow
def test_a_run_pushes_where_it_is_on(tmp_path: Path) -> None:
    with running_sandbox(SandboxSettings(now=NOW, leads_per_day=3, qontak=FEW)) as sandbox:
        world = new_world(sandbox, tmp_path / "data")
        assert world.command("run", "--scan", "--days", "2").exit_code == 0
        off = world.command("push")
        assert off.exit_code == 2
        assert "is off" in off.output
        dry = world.command("push", "--dry-run", **ON)
        assert (dry.exit_code, sandbox.crm_writes()["qontak"]["contacts"]["posts"]) == (0, 0)
        assert "Would be sent" in dry.output
        assert world.command("run", "--days", "2", **ON).exit_code == 0
        created = len(sandbox.crm_writes()["qontak"]["deals"]["created"])
        done = "SELECT count(*) FROM ops.pushes WHERE kind = 'deal' AND state = 'done'"
        assert world.rows(done) == [(created,)]
        assert created > 0
        report = world.command("push", "--report", **ON)
        assert (report.exit_code, "deal" in report.output) == (0, True)
        doctor = world.command("doctor", "--account", "qontak", **ON)
        assert "push: on, and every field fits" in doctor.output


@pytest.mark.slow
def test_the_push_is_an_asset_only_where_it_is_on() -> None:
    with environment(ON):
        specs = load_definitions().resolve_all_asset_specs()
    pushed = next(spec for spec in specs if spec.key.to_user_string() == "qontak/pushed")
    assert pushed.group_name == "outlets"
    assert [dependency.asset_key.to_user_string() for dependency in pushed.deps] == ["published"]
