"""Everything can be made again from what is kept: replay, rebuild, quarantine."""

import shutil
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from lead_pipeline.pipeline import sources
from lead_pipeline.pipeline.folder import DataFolder, open_folder
from lead_pipeline.pipeline.rebuild import rebuild
from lead_pipeline.sandbox import Fault, FaultKind, Sandbox
from lead_pipeline.settings import read_settings
from lead_pipeline.vendors.contract import ParsedItem, Unreadable, Vendor
from lead_pipeline.vendors.housing import HOUSING
from lead_pipeline_tests.pipeline.conftest import World, environment, new_world
from lead_pipeline_tests.warehouse.holder import held

CONTENTS = (
    "SELECT * FROM leads ORDER BY lead_id",
    "SELECT * FROM people ORDER BY person_id",
    "SELECT * FROM person_links ORDER BY lead_id, rule",
    "SELECT * FROM marts.daily_leads ORDER BY ALL",
    "SELECT * FROM marts.enquiry_outcomes ORDER BY lead_id",
    "SELECT * EXCLUDE (last_loaded_at, last_error) FROM ops.coverage ORDER BY ALL",
)


def contents(world: World) -> list[list[tuple[Any, ...]]]:
    return [world.rows(sql) for sql in CONTENTS]


@pytest.fixture
def copied(loaded: World, tmp_path: Path) -> World:
    """Seven loaded days in a folder that a test may break."""
    folder = tmp_path / "data"
    shutil.copytree(loaded.folder, folder, symlinks=True)
    return new_world(loaded.sandbox, folder)


def data_folder(world: World) -> DataFolder:
    with environment(world.variables):
        return open_folder(read_settings())


def test_a_rebuild_makes_the_same_contents_and_person_ids(copied: World) -> None:
    before = contents(copied)
    for path in (*copied.folder.glob("warehouse*"), *copied.folder.glob("snapshots/*")):
        path.unlink()
    (copied.folder / "leads.duckdb").unlink()
    result = copied.command("rebuild")
    assert result.exit_code == 0, result.output
    assert "Published as snapshot" in result.output
    assert contents(copied) == before
    assert copied.command("status").exit_code == 0


@pytest.mark.slow
def test_a_rebuild_beside_the_old_one_replaces_it(copied: World) -> None:
    before = contents(copied)
    assert copied.command("rebuild").exit_code == 0
    assert contents(copied) == before
    assert copied.rows("SELECT version FROM ops.published") == [(2,)]
    assert sorted(path.name for path in copied.folder.glob("warehouse*")) == ["warehouse.duckdb"]


@pytest.mark.slow
def test_an_interrupted_rebuild_leaves_the_old_one(copied: World) -> None:
    before = contents(copied)
    folder = data_folder(copied)

    def interrupted(receipts: Sequence[tuple[Vendor, Path]]) -> Iterator[tuple[Vendor, Path]]:
        yield from receipts[: len(receipts) // 2]
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        rebuild(folder, (), interrupted)
    with folder.warehouse.open() as session:
        rows = session.rows("SELECT * FROM leads ORDER BY lead_id")
    assert rows == before[0]
    assert copied.command("rebuild").exit_code == 0
    assert contents(copied) == before


def test_a_rebuild_waits_for_who_has_the_warehouse_and_names_it(copied: World) -> None:
    before = contents(copied)
    with held(copied.folder / "warehouse.duckdb") as holder:
        result = copied.command("rebuild", LEAD_PIPELINE_WAREHOUSE_WAIT_SECONDS="0.2")
    assert result.exit_code == 1
    assert f"is held by process {holder.number}" in result.output
    assert contents(copied) == before


@pytest.mark.slow
def test_a_damaged_warehouse_is_set_aside_and_filled_anew(copied: World) -> None:
    before = contents(copied)
    warehouse = copied.folder / "warehouse.duckdb"
    # Less than the first block: where the rest lies depends on what is in it.
    rest = warehouse.read_bytes()[:100_000]
    warehouse.write_bytes(rest)
    result = copied.command("replay", "--from", "2026-11-20")
    assert result.exit_code == 0, result.output
    assert contents(copied) == before
    (aside,) = copied.folder.glob("warehouse-damaged-*.duckdb")
    assert aside.read_bytes() == rest


@pytest.mark.slow
def test_damage_found_while_reading_is_mended_too(copied: World) -> None:
    before = contents(copied)
    warehouse = copied.folder / "warehouse.duckdb"
    content = bytearray(warehouse.read_bytes())
    middle = len(content) // 2
    content[middle : middle + 300_000] = bytes(300_000)
    warehouse.write_bytes(content)
    result = copied.command("run", "--days", "1")
    assert result.exit_code == 0, result.output
    same = "SELECT * EXCLUDE (last_seen_at, delivery_sha256, record_index) FROM leads ORDER BY ALL"
    assert len(copied.rows(same)) == len(before[0])


@pytest.mark.parametrize(
    "accounts",
    [("housing",), pytest.param(("aimbase", "housing", "qontak"), marks=pytest.mark.slow)],
)
def test_a_replay_changes_nothing_and_writes_a_line_of_its_own(
    copied: World, accounts: tuple[str, ...]
) -> None:
    before = contents(copied)
    named = [part for account in accounts for part in ("--account", account)]
    result = copied.command("replay", "--from", "2026-11-14", "--to", "2026-11-20", *named)
    assert result.exit_code == 0, result.output
    assert contents(copied) == before
    for account, attempts, receipts, latest in copied.rows(
        "SELECT account, count(*), count(DISTINCT receipt_id), count(*) FILTER (WHERE is_latest) "
        "FROM ops.deliveries GROUP BY account"
    ):
        assert attempts == (2 if account in accounts else 1) * receipts
        assert latest == receipts


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((), "give --from"),
        (("--from", "2026-11-20", "--to", "2026-11-14"), "is before"),
        (("--from", "2026-11-20", "--to", "2026-13-14"), "'2026-13-14' is no day"),
        (("--from", "2027-11-20"), "--from 2027-11-20 has not begun"),
        (("--from", "2026-11-20", "--account", "nobody"), "no account is named nobody"),
    ],
)
def test_a_wrong_replay_says_why(world: World, arguments: tuple[str, ...], message: str) -> None:
    result = world.command("replay", *arguments)
    assert result.exit_code == 2
    assert message in result.output


@pytest.mark.slow
def test_a_receipt_that_cannot_be_read_stops_no_other(copied: World) -> None:
    before = contents(copied)
    receipt = next((copied.folder / "landing/receipts/housing").rglob("*.json"))
    whole = receipt.read_bytes()
    receipt.write_bytes(whole[: len(whole) // 2])
    result = copied.command("rebuild")
    assert result.exit_code == 1
    assert str(receipt) in result.output
    assert 0 < len(copied.rows("SELECT 1 FROM leads")) < len(before[0])
    receipt.write_bytes(whole)
    assert copied.command("replay", "--from", "2026-11-20").exit_code == 0
    assert contents(copied)[0] == before[0]


@pytest.mark.slow
def test_a_damaged_body_stops_no_other(copied: World) -> None:
    body = next((copied.folder / "landing/bodies").rglob("*.zst"))
    whole = body.read_bytes()
    body.chmod(0o640)
    body.write_bytes(whole[:-4])
    result = copied.command("rebuild")
    assert result.exit_code == 1
    assert "is cut short" in result.output
    body.write_bytes(whole)
    assert copied.command("replay", "--from", "2026-11-20").exit_code == 0
    assert copied.command("status").exit_code == 0


@pytest.mark.slow
def test_quarantine_is_listed_shown_exported_and_retried(
    sandbox: Sandbox, world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sandbox.set_faults([Fault(FaultKind.MALFORMED_RECORDS, vendor="housing", share=0.5)])
    try:
        world.command("run", "--from", "2026-11-19", "--source", "housing")
    finally:
        sandbox.clear_faults()
    listed = world.command("quarantine", "list")
    assert "field lead_date" in listed.output
    ((quarantined,),) = world.rows("SELECT count(*) FROM ops.quarantine WHERE state = 'waiting'")
    assert f"{quarantined} records are in quarantine" in listed.output
    ((one,), *_) = world.rows(
        "SELECT quarantine_id FROM ops.quarantine "
        "WHERE state = 'waiting' AND place LIKE '%lead_date' ORDER BY ALL"
    )
    assert "lead_name" in world.command("quarantine", "show", one).output
    assert world.command("quarantine", "show", "nothing").exit_code == 2

    file = tmp_path / "quarantine.jsonl"
    assert world.command("quarantine", "export", str(file)).exit_code == 0
    assert len(file.read_text().splitlines()) == quarantined
    assert file.stat().st_mode & 0o777 == 0o600
    assert world.command("quarantine", "export", str(file)).exit_code == 2

    assert world.command("quarantine", "retry").exit_code == 1
    assert world.rows("SELECT count(*) FROM ops.quarantine WHERE state = 'waiting'") == [
        (quarantined,)
    ]

    monkeypatch.setattr(sources, "SOURCES", {"housing": more_patient(HOUSING)})
    retried = world.command("quarantine", "retry")
    assert retried.exit_code == 0, retried.output
    assert f"{quarantined} of {quarantined} records can be read now" in retried.output
    assert world.rows("SELECT count(*) FROM ops.quarantine") == [(0,)]
    assert world.rows(
        "SELECT count(*) FROM ops.deliveries WHERE received <> "
        "new + changed + unchanged + stale + repeated + quarantined"
    ) == [(0,)]


def more_patient(vendor: Vendor) -> Vendor:
    """A later version of a parser, which makes nothing of what this one refuses."""

    def parse(*given: Any) -> Iterator[ParsedItem]:  # noqa: ANN401 - passes on what it is given
        return (item for item in vendor.parse(*given) if not isinstance(item, Unreadable))

    return replace(vendor, parse=parse)
