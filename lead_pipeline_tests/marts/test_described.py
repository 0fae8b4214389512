"""What a mart's file says of itself: true of the tables that there are, and nobody's secret."""

from collections.abc import Iterator

import pytest

from lead_pipeline.crm_tables import CRM_LINKS, CRM_VIEWS
from lead_pipeline.defs.marts import PREVIEWS
from lead_pipeline.listing_tables import LISTING_VERSIONS, LISTINGS
from lead_pipeline.marts import MARTS, build_marts, origins, teaching
from lead_pipeline.tables import LEADS
from lead_pipeline.warehouse import Session, Warehouse
from lead_pipeline.warehouse.migrate import PERSON_VIEWS, STORED_TABLES
from lead_pipeline_tests.warehouse.fixtures import put_warehouse

DESCRIBED = (
    *(LEADS, CRM_LINKS, LISTINGS, LISTING_VERSIONS.table, *STORED_TABLES, *PERSON_VIEWS),
    *(view.table for view in CRM_VIEWS),
)
PERSONAL = {
    (table.name, column.name) for table in DESCRIBED for column in table.columns if column.personal
}
COUNTS = {"BIGINT"}
COLUMNS = (
    "SELECT column_name, data_type, comment FROM duckdb_columns() "
    "WHERE schema_name = 'marts' AND table_name = ? ORDER BY column_index"
)


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Session]:
    path = put_warehouse(tmp_path_factory.mktemp("built"))
    with Warehouse(path, wait_seconds=0).open() as session:
        build_marts(session)
        yield session


@pytest.mark.parametrize("mart", MARTS)
def test_every_column_says_what_it_is_made_of(built: Session, mart: str) -> None:
    columns = built.rows(COLUMNS, (mart,))
    assert [name for name, _, _ in columns] == list(origins(mart))
    assert all(comment for *_, comment in columns)
    there = {
        (table if schema == "main" else f"{schema}.{table}", column)
        for schema, table, column in built.rows(
            "SELECT schema_name, table_name, column_name FROM duckdb_columns() WHERE NOT internal"
        )
    }
    assert {origin for found in origins(mart).values() for origin in found} - there == set()


@pytest.mark.parametrize("mart", MARTS)
def test_no_mart_holds_personal_data(built: Session, mart: str) -> None:
    """What is personal is counted at most, and no column has the name of one."""
    types = {name: kind for name, kind, _ in built.rows(COLUMNS, (mart,))}
    told = {
        column: found
        for column, found in origins(mart).items()
        if types[column] not in COUNTS and set(found) & PERSONAL
    }
    assert told == {}
    assert set(types) & {column for _, column in PERSONAL if column != "detail"} == set()


@pytest.mark.parametrize("mart", MARTS)
def test_every_mart_teaches(mart: str) -> None:
    assert len(teaching(mart).split()) > 20
    assert "{" not in teaching(mart)


def test_a_glance_at_a_mart_runs(built: Session) -> None:
    assert PREVIEWS.keys() <= {*MARTS}
    for headings, sql in PREVIEWS.values():
        ((columns,),) = built.rows(f"SELECT count(*) FROM (DESCRIBE {sql})")
        assert columns == len(headings)
