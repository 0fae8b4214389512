"""What was asked for is asked for again: the contents stay, and a table says what came."""

import shutil
from dataclasses import dataclass
from pathlib import Path

import pytest

from lead_pipeline_tests.pipeline.conftest import ALL_DAYS, World, new_world

WHERE_IT_IS = "delivery_sha256, record_index"
"""Of each enquiry, in which answer: another where other days were asked for."""
COLUMNS = ("received", "new", "changed", "unchanged", "stale", "quarantined", "seconds")


@dataclass(frozen=True)
class Again:
    """A folder after its second run, what it said, and the loads that there were before."""

    world: World
    output: str
    loads: int


def run_again(loaded: World, path: Path, *arguments: str) -> Again:
    world = new_world(loaded.sandbox, path)
    shutil.copytree(loaded.folder, world.folder, symlinks=True)
    ((loads,),) = world.rows("SELECT max(load_id) FROM ops.deliveries")
    result = world.command("run", *arguments)
    assert result.exit_code == 0, result.output
    return Again(world, result.output, loads)


def nothing_changed(loaded: World, again: Again, *but: str) -> None:
    without = ", ".join(("last_seen_at", *but))
    contents = f"SELECT * EXCLUDE ({without}) FROM leads ORDER BY lead_id"
    assert again.world.rows(contents) == loaded.rows(contents)
    counts = "SELECT sum(received) > 0, sum(new), sum(changed)"
    assert again.world.rows(f"{counts} FROM ops.deliveries WHERE load_id > {again.loads}") == [
        (True, 0, 0)
    ]


@pytest.fixture(scope="module")
def again(loaded: World, tmp_path_factory: pytest.TempPathFactory) -> Again:
    """Two days of two sources out of three."""
    path = tmp_path_factory.mktemp("again") / "data"
    return run_again(loaded, path, "--days", "2", "--source", "housing", "--source", "aimbase")


def test_it_changes_no_content(loaded: World, again: Again) -> None:
    nothing_changed(loaded, again, WHERE_IT_IS)


def test_it_ends_with_a_table(again: Again) -> None:
    assert [name for name in COLUMNS if name not in again.output] == []


def test_only_what_was_named_is_asked(again: Again) -> None:
    assert "housing: 2026-11-19 to" in again.output
    assert "aimbase: 2026-11-18 06:00:00 to" in again.output
    assert "housing: 2026-11-18" not in again.output
    assert "aimbase: 2026-11-17" not in again.output
    assert "qontak: " not in again.output


@pytest.mark.slow
def test_asked_for_all_days_again_it_changes_no_content(loaded: World, tmp_path: Path) -> None:
    nothing_changed(loaded, run_again(loaded, tmp_path / "data", *ALL_DAYS))
