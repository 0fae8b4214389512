"""The data dictionary, from the code that makes the tables.

`python -m lead_pipeline_tests.house.dictionary` writes docs/data-dictionary.md.
"""

from collections.abc import Iterable
from pathlib import Path
from tempfile import TemporaryDirectory

from lead_pipeline.crm_tables import CRM_LINKS, CRM_VIEWS
from lead_pipeline.listing_tables import LISTING_VERSIONS, LISTINGS
from lead_pipeline.marts import build_marts
from lead_pipeline.records import Column
from lead_pipeline.tables import LEADS, Table
from lead_pipeline.warehouse import Session, Warehouse
from lead_pipeline.warehouse.migrate import PERSON_VIEWS, STORED_TABLES
from lead_pipeline.warehouse.publish import published_tables
from lead_pipeline_tests.house.project import ROOT

PAGE = ROOT / "docs" / "data-dictionary.md"

LISTING_TABLES = (LISTINGS, LISTING_VERSIONS.table)
CRM_TABLES = (*(view.table for view in CRM_VIEWS), CRM_LINKS)

HEAD = """\
# Data dictionary

Every table and column of `leads.duckdb`, from `lead_pipeline/records.py`,
`lead_pipeline/tables.py`, `lead_pipeline/crm_tables.py`, `lead_pipeline/listing_tables.py`,
`lead_pipeline/push_tables.py` and `lead_pipeline/marts/`. Times (TIMESTAMPTZ) are UTC; days, weeks
and hours of `marts.*` are of the business time zone, here UTC (`LEAD_PIPELINE_BUSINESS_TIME_ZONE`).
*Personal* columns tell who somebody is, or come from what they wrote.
This page is written by `.venv/bin/python -m lead_pipeline_tests.house.dictionary`.
"""


def dictionary() -> str:
    """The page. Describes what a new warehouse would publish, no more and no less."""
    known = (LEADS, *LISTING_TABLES, *CRM_TABLES, *STORED_TABLES, *PERSON_VIEWS)
    described = {table.name: table for table in known}
    with TemporaryDirectory() as folder, Warehouse(Path(folder) / "w.duckdb", 1).open() as session:
        build_marts(session)
        names = [_full_name(*name) for name in published_tables(session)]
        tables = [described.get(name) or _built_table(session, name) for name in names]
    order = list(described)
    tables.sort(key=lambda table: order.index(table.name) if table.name in order else len(order))
    return "\n".join([HEAD, *(_section(table) for table in tables)])


def _full_name(schema: str, table: str) -> str:
    return table if schema == "main" else f"{schema}.{table}"


def _built_table(session: Session, name: str) -> Table:
    """A table whose own SQL describes it."""
    schema, _, table = name.rpartition(".")
    ((meaning,),) = session.rows(
        "SELECT comment FROM duckdb_tables() WHERE schema_name = $schema AND table_name = $table "
        "UNION ALL "
        "SELECT comment FROM duckdb_views() WHERE schema_name = $schema AND view_name = $table",
        {"schema": schema, "table": table},
    )
    columns = session.rows(
        "SELECT column_name, data_type, comment FROM duckdb_columns() "
        "WHERE schema_name = ? AND table_name = ? ORDER BY column_index",
        (schema, table),
    )
    return Table(name, meaning, tuple(Column(*column) for column in columns))


def _section(table: Table) -> str:
    lines = [f"## {table.name}", "", f"{table.meaning}.", ""]
    lines += _rows(("column", "type", "meaning", "personal"), ("---",) * 4)
    lines += _rows(*(_cells(column) for column in table.columns))
    return "\n".join([*lines, ""])


def _cells(column: Column) -> tuple[str, ...]:
    kind = column.type.replace("TIMESTAMP WITH TIME ZONE", "TIMESTAMPTZ")
    return (f"`{column.name}`", kind, column.meaning, "yes" if column.personal else "")


def _rows(*rows: Iterable[str]) -> list[str]:
    return [f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in row)} |" for row in rows]


if __name__ == "__main__":
    PAGE.write_text(dictionary(), encoding="utf-8")
