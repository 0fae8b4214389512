"""Bring a warehouse to this version's tables. A newer warehouse is refused."""

from importlib import resources

from lead_pipeline.errors import WarehouseUnusable
from lead_pipeline.records import LEAD_COLUMNS, Column
from lead_pipeline.tables import (
    COVERAGE,
    DELIVERIES,
    LEADS,
    PEOPLE,
    PERSON_LINKS,
    PUBLISHED_VERSIONS,
    QUARANTINE,
)
from lead_pipeline.warehouse.session import Session
from lead_pipeline.warehouse.tables import column_list, comments, create_table

STORED_TABLES = (PEOPLE, PERSON_LINKS, DELIVERIES, QUARANTINE, COVERAGE, PUBLISHED_VERSIONS)

VERSION_COLUMNS: tuple[Column, ...] = (
    *(column for column in LEAD_COLUMNS if column.name != "person_id"),
    Column("content_hash", "VARCHAR", "MD5 of what the vendor sent, before normalising"),
    Column("requested_at", "TIMESTAMPTZ", "When the delivery of this version was asked for, UTC"),
)
"""What is kept of each version of a lead."""


def migrate(session: Session) -> None:
    """Apply the migrations that this warehouse has not seen, in one transaction.

    Raises WarehouseUnusable where it was made by a newer version.
    """
    session.run("CREATE TABLE IF NOT EXISTS migrations (number INTEGER, name VARCHAR)")
    done = {number for (number,) in session.rows("SELECT number FROM migrations")}
    known = _migrations()
    if unknown := done - known.keys():
        raise WarehouseUnusable(
            f"the warehouse has migration {max(unknown)}, this version knows {max(known)}",
            state="nothing was changed",
            next_step="update lead_pipeline, or point LEAD_PIPELINE_DATA_DIR to another folder",
        )
    if pending := sorted(known.keys() - done):
        with session.transaction():
            for number in pending:
                name, sql = known[number]
                session.run(sql)
                session.run("INSERT INTO migrations VALUES (?, ?)", (number, name))
            for table in STORED_TABLES:
                session.run(create_table(table) + comments(table))
            session.run(comments(LEADS, "VIEW"))


def _migrations() -> dict[int, tuple[str, str]]:
    """Number to (file name, SQL)."""
    folder = resources.files("lead_pipeline.warehouse") / "migrations"
    lead_columns = ", ".join(
        f"{'assignments' if column.name == 'person_id' else 'leads'}.{column.name}"
        for column in LEAD_COLUMNS
    )
    names = {"version_columns": column_list(VERSION_COLUMNS), "lead_columns": lead_columns}
    return {
        int(file.name.split("_")[0]): (file.name, file.read_text().format(**names))
        for file in folder.iterdir()
        if file.name.endswith(".sql")
    }
