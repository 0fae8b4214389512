from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest

from lead_pipeline.errors import WarehouseBusy, WarehouseDamaged, WarehouseUnusable
from lead_pipeline.warehouse import Warehouse
from lead_pipeline.warehouse.memory import allow_all_memory
from lead_pipeline_tests.warehouse.deliveries import NOW, Delivery, lead, load
from lead_pipeline_tests.warehouse.fixtures import put_warehouse
from lead_pipeline_tests.warehouse.holder import held


class Noticing(Warehouse):
    """Says when it was refused, so that a test can let the holder go then and not before."""

    def __init__(self, path: Path, wait_seconds: float, refused: Callable[[], None]) -> None:
        super().__init__(path, wait_seconds)
        self._refused = refused

    def _connect_once(self) -> duckdb.DuckDBPyConnection:
        try:
            return super()._connect_once()
        except duckdb.IOException:
            self._refused()
            raise


def test_a_second_process_waits_for_a_while_and_is_told_who_holds_it(tmp_path: Path) -> None:
    refusals: list[None] = []
    path = tmp_path / "warehouse.duckdb"
    waiting = Noticing(path, 0.5, lambda: refusals.append(None))
    with held(path) as holder, pytest.raises(WarehouseBusy) as busy, waiting.open():
        pass
    assert len(refusals) > 1
    assert f"process {holder.number} (python" in busy.value.what
    assert "nothing was loaded" in busy.value.state
    assert "same command again" in busy.value.next_step


def test_a_holder_that_ends_in_time_is_waited_for(tmp_path: Path) -> None:
    path = tmp_path / "warehouse.duckdb"
    with held(path) as holder, Noticing(path, 60, holder.let_go).open() as session:
        assert session.rows("SELECT count(*) FROM leads") == [(0,)]


def test_a_holder_that_was_killed_holds_nothing(warehouse: Warehouse) -> None:
    with held(warehouse.path) as holder:
        holder.die()
        assert _count(warehouse) == 0


@pytest.mark.parametrize(
    "content", [b"", b"{}", b"no database " * 9_000, b"\xff" * 20_000, bytes(20_000)]
)
@pytest.mark.parametrize("name", ["warehouse.duckdb", "lock.duckdb"])
def test_what_is_no_warehouse_is_refused_and_left_alone(
    tmp_path: Path, content: bytes, name: str
) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(WarehouseDamaged) as refused, Warehouse(path, wait_seconds=60).open():
        pass
    assert refused.value.next_step == "lead-pipeline rebuild"
    assert path.read_bytes() == content


@pytest.mark.parametrize("part", [0.02, 0.1, 0.3])
def test_a_warehouse_cut_short_is_refused(warehouse: Warehouse, part: float) -> None:
    with warehouse.open() as session:
        load(session, Delivery(tuple(lead(str(n), n) for n in range(1_000))))
    content = warehouse.path.read_bytes()
    warehouse.path.write_bytes(content[: int(len(content) * part)])
    with pytest.raises(WarehouseDamaged):
        _count(warehouse)


def _count(warehouse: Warehouse) -> int:
    with warehouse.open() as session:
        return int(session.rows("SELECT count(*) FROM leads")[0][0])


def test_a_folder_in_its_place_is_refused(tmp_path: Path) -> None:
    with pytest.raises(WarehouseUnusable), Warehouse(tmp_path, wait_seconds=60).open():
        pass


def test_only_owner_and_group_may_read_it(tmp_path: Path) -> None:
    warehouse = Warehouse(tmp_path / "data" / "warehouse.duckdb", wait_seconds=0)
    with warehouse.open():
        pass
    assert warehouse.path.stat().st_mode & 0o777 == 0o640
    assert warehouse.path.parent.stat().st_mode & 0o777 == 0o750


def test_an_error_of_the_block_itself_passes_on(warehouse: Warehouse) -> None:
    with pytest.raises(duckdb.CatalogException), warehouse.open() as session:
        session.run("SELECT * FROM nowhere")


def damage_of(warehouse: Warehouse) -> WarehouseDamaged:
    with pytest.raises(WarehouseDamaged) as damaged, warehouse.open():
        pass
    return damaged.value


def test_what_only_sounds_like_damage_sets_no_whole_file_aside(warehouse: Warehouse) -> None:
    said = "Corrupted uncompressed string segment: dictionary offset 9 exceeds dictionary size 5"
    with (
        pytest.raises(WarehouseUnusable, match="failed while it was open") as failed,
        warehouse.open(),
    ):
        raise duckdb.Error(said)
    assert "LEAD_PIPELINE_MOST_MEMORY_MEGABYTES" in failed.value.next_step
    assert _count(warehouse) == 0


def test_what_is_too_large_to_look_at_is_not_called_damaged(warehouse: Warehouse) -> None:
    with warehouse.open() as session:
        allow_all_memory(session)
        session.run(
            "INSERT INTO core.quarantined_content VALUES ('one', repeat('x', 200_000_000)::BLOB)"
        )
    with (
        pytest.raises(WarehouseUnusable, match="failed while it was open"),
        warehouse.open(),
    ):
        raise duckdb.Error("Corrupted uncompressed string segment")
    assert _count(warehouse) == 0


def test_what_another_process_has_replaced_is_not_set_aside(warehouse: Warehouse) -> None:
    warehouse.path.write_bytes(b"no database " * 9_000)
    damage = damage_of(warehouse)
    # Beside the damaged one, so that the new one cannot have its number.
    warehouse.path.rename(warehouse.path.with_name("evidence"))
    assert _count(warehouse) == 0
    assert warehouse.set_aside(damage, NOW) is None
    assert _count(warehouse) == 0


def test_a_replacement_waits_for_who_has_the_old_one(tmp_path: Path) -> None:
    old, new = (
        Warehouse(put_warehouse(tmp_path / name), wait_seconds=0.2) for name in ("old", "new")
    )
    with held(old.path), pytest.raises(WarehouseBusy):
        old.replace_by(new.path)
    assert new.path.exists()
    old.replace_by(new.path)
    assert not new.path.exists()
    assert _count(old) == 0
