"""Memory and threads grow with what the warehouse holds and what arrives."""

from pathlib import Path

import duckdb
import pytest

from lead_pipeline.errors import WarehouseUnusable
from lead_pipeline.records import Origin
from lead_pipeline.warehouse import Session, Warehouse
from lead_pipeline.warehouse.memory import LEAST_MEMORY, allow_memory, allow_memory_to_load
from lead_pipeline.warehouse.session import MOST_MEMORY
from lead_pipeline.warehouse.staging import stage
from lead_pipeline_tests.warehouse.deliveries import CREATED, lead
from lead_pipeline_tests.warehouse.fixtures import put_warehouse

MILLION = 1_000_000
HOLD = """
INSERT INTO core.leads (lead_id, source, account, created_at, content_hash)
SELECT md5(range::VARCHAR), 'housing', 'housing', now(), md5('c' || range) FROM range(?)
"""
MORE_THAN_FITS = "SELECT length(list(repeat('x', 100) || range)) FROM range(5_000_000)"


class OfManyCores(Warehouse):
    """As on a machine with 16 of them."""

    def _connect_once(self) -> duckdb.DuckDBPyConnection:
        connection = super()._connect_once()
        connection.execute("SET threads = 16")
        return connection


def limits(session: Session) -> tuple[str, int]:
    """What DuckDB itself says that it may use."""
    ((memory, threads),) = session.rows(
        "SELECT current_setting('memory_limit'), current_setting('threads')"
    )
    return memory, threads


def test_many_cores_do_not_share_little_memory(tmp_path: Path) -> None:
    with OfManyCores(put_warehouse(tmp_path), wait_seconds=0).open() as session:
        assert limits(session) == ("152.5 MiB", 2)
        allow_memory_to_load(session, MILLION)
        assert limits(session) == ("320.4 MiB", 4)


def test_what_arrives_may_use_memory_and_what_is_held_too(session: Session) -> None:
    assert session.memory == LEAST_MEMORY
    session.run(HOLD, (MILLION,))
    stage(session, [(Origin("ab" * 32, CREATED), lead("a"))], "housing", "housing", "IN")
    assert session.memory == LEAST_MEMORY // 2 + 256
    allow_memory_to_load(session, MILLION)
    assert session.memory == LEAST_MEMORY // 2 + 2 * 256


def test_objects_and_what_is_in_quarantine_count(session: Session) -> None:
    session.run(
        "INSERT INTO core.objects (object_id, kind, content_hash) "
        "SELECT range, 'task', range FROM range(400_000)"
    )
    allow_memory_to_load(session, 0)
    assert session.memory == LEAST_MEMORY // 2 + 102
    session.run("INSERT INTO ops.quarantine (quarantine_id) SELECT range FROM range(100_000)")
    allow_memory_to_load(session, 0)
    assert session.memory == LEAST_MEMORY // 2 + 204


def test_who_sets_more_than_the_default_gets_more_of_it(tmp_path: Path) -> None:
    path = put_warehouse(tmp_path)
    with Warehouse(path, wait_seconds=0, most_memory=2 * MOST_MEMORY).open() as session:
        assert session.memory == 2 * LEAST_MEMORY


def test_it_never_shrinks_under_what_is_being_done(session: Session) -> None:
    allow_memory(session, 2 * MILLION)
    before = limits(session)
    allow_memory(session, 0)
    assert limits(session) == before


def test_it_does_not_grow_beyond_what_is_set(tmp_path: Path) -> None:
    path = put_warehouse(tmp_path)
    with Warehouse(path, wait_seconds=0, most_memory=200).open() as session:
        allow_memory_to_load(session, MILLION)
        assert session.memory == 200


def test_too_little_says_what_to_set(warehouse: Warehouse) -> None:
    with pytest.raises(WarehouseUnusable) as refused, warehouse.open() as session:
        session.run(MORE_THAN_FITS)
    assert f"needs more than {LEAST_MEMORY} megabytes" in refused.value.what
    assert "LEAD_PIPELINE_MOST_MEMORY_MEGABYTES" in refused.value.next_step
