"""Full disks, folders that cannot be written, and more than one process at once."""

import os
import resource
import signal
import subprocess
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from lead_pipeline_tests.pipeline.conftest import World
from lead_pipeline_tests.warehouse.holder import held

DAYS = ("run", "--from", "2026-11-19", "--to", "2026-11-20")


def in_a_child(
    world: World, *arguments: str, before: Callable[[], None] | None = None, **variables: str
) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-m", "lead_pipeline.cli", *arguments],
        env={**os.environ, **world.variables, **variables, "HOME": str(world.folder.parent)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        preexec_fn=before,  # noqa: PLW1509 - the child is single-threaded Python about to start
    )


def small_files_only() -> None:
    """As on a full disk: whatever would grow past this is refused by the kernel."""
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (600_000, 600_000))


@pytest.mark.slow
def test_a_disk_that_fills_up_is_said_and_loses_nothing(world: World) -> None:
    assert world.command(*DAYS, "--account", "housing").exit_code == 0
    before = world.rows("SELECT * FROM leads ORDER BY lead_id")
    with in_a_child(world, *DAYS, before=small_files_only) as child:
        output, _ = child.communicate()
    assert child.returncode == 1, output
    assert "free the disk" in output
    assert "Traceback" not in output
    assert world.rows("SELECT * FROM leads ORDER BY lead_id") == before

    again = world.command(*DAYS)
    assert again.exit_code == 0, again.output
    assert len(world.rows("SELECT 1 FROM leads WHERE account = 'aimbase'")) > 0
    assert world.rows(
        "SELECT count(*) FROM ops.deliveries WHERE is_latest AND received <> "
        "new + changed + unchanged + stale + repeated + quarantined"
    ) == [(0,)]


@pytest.mark.skipif(not Path("/sys").exists(), reason="nowhere is refused to everybody here")
@pytest.mark.parametrize("command", [DAYS, ("replay", "--from", "2026-11-20"), ("rebuild",)])
def test_a_folder_that_cannot_be_made_is_said(world: World, command: tuple[str, ...]) -> None:
    result = world.command(*command, LEAD_PIPELINE_DATA_DIR="/sys/leads")
    assert result.exit_code in {1, 2}, result.output
    assert "State:" in result.output
    assert "/sys/leads" in result.output


def test_what_is_written_is_for_owner_and_group_alone(loaded: World) -> None:
    wide = [
        path.relative_to(loaded.folder)
        for path in (loaded.folder, *loaded.folder.rglob("*"))
        if not path.is_symlink() and path.stat().st_mode & 0o027
    ]
    assert wide == []
    snapshots = list((loaded.folder / "snapshots").iterdir())
    assert [path.stat().st_mode & 0o777 for path in snapshots] == [0o440] * len(snapshots)


@pytest.mark.slow
def test_two_runs_at_once_both_end_well(world: World) -> None:
    with in_a_child(world, *DAYS) as first, in_a_child(world, *DAYS) as second:
        outputs = [child.communicate()[0] for child in (first, second)]
    assert [first.returncode, second.returncode] == [0, 0], outputs
    truth = world.sandbox.truth(date(2026, 11, 19), date(2026, 11, 20))["accounts"]
    assert world.rows(
        "SELECT account, count(*) FROM leads "
        "WHERE created_at >= '2026-11-19' AND source <> 'qontak' "
        "GROUP BY account ORDER BY account"
    ) == [(account, sum(truth[account].values())) for account in ("aimbase", "housing")]
    assert world.rows("SELECT count(*) - count(DISTINCT lead_id) FROM leads") == [(0,)]


@pytest.mark.slow
def test_a_run_and_a_rebuild_at_once_lose_nothing(world: World) -> None:
    assert world.command(*DAYS).exit_code == 0
    before = world.rows("SELECT lead_id, person_id FROM leads ORDER BY lead_id")
    with in_a_child(world, *DAYS) as run, in_a_child(world, "rebuild") as rebuild:
        outputs = [child.communicate()[0] for child in (run, rebuild)]
    assert [run.returncode, rebuild.returncode] == [0, 0], outputs
    assert world.command("run", "--days", "1").exit_code == 0
    assert world.rows("SELECT lead_id, person_id FROM leads ORDER BY lead_id") == before


@pytest.mark.slow
def test_a_run_names_who_has_the_warehouse(world: World) -> None:
    assert world.command(*DAYS).exit_code == 0
    with held(world.folder / "warehouse.duckdb") as holder:
        result = world.command(*DAYS, LEAD_PIPELINE_WAREHOUSE_WAIT_SECONDS="0.2")
    assert result.exit_code == 1
    assert f"is held by process {holder.number}" in result.output
    assert world.command(*DAYS).exit_code == 0
