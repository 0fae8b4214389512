"""`run --scan`: three vendors, the CRM read whole, and once more to no effect."""

from pathlib import Path

import pytest

from lead_pipeline.sandbox import Sandbox
from lead_pipeline_tests.pipeline.conftest import NOW, new_world
from lead_pipeline_tests.pipeline.scanning import KINDS, LOST

ACCOUNTS = (
    "SELECT account, sum(new), sum(changed) FROM ops.deliveries WHERE load_id > {} GROUP BY 1"
)
CONTENTS = (
    "SELECT * FROM leads ORDER BY lead_id",
    "SELECT * FROM people ORDER BY person_id",
    *(f"SELECT * FROM crm_{stream} ORDER BY ALL" for stream in KINDS),
    "SELECT * FROM crm_stages ORDER BY ALL",
)


@pytest.mark.slow
def test_it_reads_the_crm_whole_and_again_changes_nothing(sandbox: Sandbox, tmp_path: Path) -> None:
    world = new_world(sandbox, tmp_path / "data")
    first = world.command("run", "--scan")
    assert first.exit_code == 0, first.output
    truth = sandbox.crm_truth(NOW, NOW, digests=False)["qontak"]
    for stream, kind in KINDS.items():
        ids = world.rows(f"SELECT {kind}_id FROM crm_{stream} WHERE vanished_at IS NULL")
        assert {key for (key,) in ids} == truth[stream]["alive"].keys()
    found = world.rows(ACCOUNTS.format(0))
    assert {account for account, *_ in found} == {"aimbase", "housing", "qontak"}
    assert world.rows(LOST) == []

    before = [world.rows(sql) for sql in CONTENTS]
    ((loads,),) = world.rows("SELECT max(load_id) FROM ops.deliveries")
    second = world.command("run", "--scan")
    assert second.exit_code == 0, second.output
    assert [world.rows(sql) for sql in CONTENTS] == before
    assert sorted(world.rows(ACCOUNTS.format(loads))) == [
        ("aimbase", 0, 0),
        ("housing", 0, 0),
        ("qontak", 0, 0),
    ]
    assert world.rows(LOST) == []
