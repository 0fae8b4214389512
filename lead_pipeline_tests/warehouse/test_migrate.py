import pytest

from lead_pipeline.crm_tables import CRM_LINKS, CRM_VIEWS
from lead_pipeline.errors import WarehouseUnusable
from lead_pipeline.listing_tables import LISTING_VERSIONS, LISTINGS
from lead_pipeline.tables import LEADS
from lead_pipeline.warehouse import Session, Warehouse
from lead_pipeline.warehouse.migrate import STORED_TABLES
from lead_pipeline_tests.house.project import ROOT, text
from lead_pipeline_tests.warehouse.deliveries import Delivery, lead, load

SCHEMA = "SELECT schema_name, table_name, column_name, data_type, comment FROM duckdb_columns()"


def _schema(session: Session) -> list[tuple[str, ...]]:
    return session.rows(f"{SCHEMA} WHERE database_name = current_database() ORDER BY ALL")


def test_opening_again_changes_nothing(warehouse: Warehouse) -> None:
    with warehouse.open() as session:
        load(session, Delivery((lead("a"),)))
        made = _schema(session)
        done = session.rows("SELECT number, name FROM migrations ORDER BY number")
    with warehouse.open() as session:
        assert _schema(session) == made
        assert session.rows("SELECT number, name FROM migrations ORDER BY number") == done
        assert session.rows("SELECT count(*) FROM leads") == [(1,)]
    numbers = [number for number, _ in done]
    assert numbers == list(range(1, len(numbers) + 1))


def test_every_table_is_made_as_it_is_described(session: Session) -> None:
    for table in (LEADS, *STORED_TABLES):
        schema, _, name = f"main.{table.name}".rpartition(".")
        made = session.rows(
            f"{SCHEMA} WHERE schema_name = ? AND table_name = ? ORDER BY column_index",
            (schema.rpartition(".")[2], name),
        )
        described = [(column.name, column.type, column.meaning) for column in table.columns]
        assert [row[2:] for row in made] == [
            (name, "TIMESTAMP WITH TIME ZONE" if kind == "TIMESTAMPTZ" else kind, meaning)
            for name, kind, meaning in described
        ]


def test_the_architecture_names_what_only_the_loader_knows(session: Session) -> None:
    """What is published is in the data dictionary."""
    made = session.rows(
        "SELECT table_name FROM duckdb_tables() WHERE schema_name = 'core' "
        "UNION ALL SELECT view_name FROM duckdb_views() WHERE schema_name = 'core'"
    )
    page = text(ROOT / "docs" / "architecture.md")
    assert len(made) > 10
    assert [name for (name,) in made if f"`{name}`" not in page] == []


LISTING_NAMES = [LISTINGS.name, LISTING_VERSIONS.table.name]
CRM_VIEW_NAMES = [CRM_LINKS.name, *(view.table.name for view in CRM_VIEWS)]


def test_an_older_warehouse_is_upgraded_in_place(warehouse: Warehouse) -> None:
    with warehouse.open() as session:
        load(session, Delivery((lead("a"),)))
        rows = session.rows("SELECT lead_id, created_at FROM leads")
        made = sorted(_schema(session))
        session.run(
            "".join(
                f"DROP VIEW {name};"
                for name in (*LISTING_NAMES, "leads", "core.enquiries", *CRM_VIEW_NAMES)
            )
            + "CREATE OR REPLACE VIEW core.quarantined_records AS SELECT 1 AS record_key;"
            "DROP VIEW person_links; CREATE TABLE person_links (lead_id VARCHAR);"
            "DELETE FROM migrations WHERE number > 1; DROP TABLE core.own_leads;"
            "DROP TABLE core.objects; DROP TABLE core.object_history; DROP TABLE ops.scans;"
            "ALTER TABLE ops.deliveries DROP COLUMN first_load_id;"
            "ALTER TABLE ops.deliveries DROP COLUMN is_latest;"
            "ALTER TABLE core.leads DROP COLUMN vanished_at"
        )
    with warehouse.open() as session:
        assert sorted(_schema(session)) == made
        assert session.rows("SELECT lead_id, created_at FROM leads") == rows
        assert session.rows("SELECT first_load_id, is_latest FROM ops.deliveries") == [(1, True)]
        load(session, Delivery((lead("b"),)))
        assert session.rows("SELECT count(*) FROM leads") == [(2,)]


def test_a_newer_warehouse_is_refused_and_left_alone(warehouse: Warehouse) -> None:
    with warehouse.open() as session:
        session.run("INSERT INTO migrations VALUES (999, '999_later.sql')")
    before = warehouse.path.read_bytes()
    with pytest.raises(WarehouseUnusable, match="migration 999") as refused, warehouse.open():
        pass
    assert refused.value.next_step.startswith("update lead_pipeline")
    assert warehouse.path.read_bytes() == before


def test_times_are_shown_in_utc(session: Session) -> None:
    shown = "SELECT TIMESTAMPTZ '2026-11-14 00:00:00+05:30'::VARCHAR"
    assert session.rows(shown) == [("2026-11-13 18:30:00+00",)]
