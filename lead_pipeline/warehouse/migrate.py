"""Bring a warehouse to this version's tables. A newer warehouse is refused."""

from importlib import resources

from lead_pipeline.crm_tables import SCANS, STORED_OBJECT
from lead_pipeline.errors import WarehouseUnusable
from lead_pipeline.push_tables import PUSHES
from lead_pipeline.records import LEAD_COLUMNS, Column
from lead_pipeline.tables import (
    COVERAGE,
    DELIVERIES,
    LEADS,
    PEOPLE,
    PERSON_EVENTS,
    PERSON_HISTORY,
    PERSON_LINKS,
    PERSON_REDIRECTS,
    PUBLICATIONS,
    PUBLISHED_VERSIONS,
    QUARANTINE,
    Table,
)
from lead_pipeline.warehouse.crm_views import crm_views
from lead_pipeline.warehouse.listing_views import listing_views
from lead_pipeline.warehouse.session import Session
from lead_pipeline.warehouse.tables import add_columns, column_list, comments, create_table

SCHEMAS = ("core", "ops", "marts")
STORED_TABLES = (
    *(PEOPLE, DELIVERIES, QUARANTINE, COVERAGE, PUBLISHED_VERSIONS, PUBLICATIONS, SCANS, PUSHES),
)

VERSION_COLUMNS: tuple[Column, ...] = (
    *(column for column in LEAD_COLUMNS if column.name != "person_id"),
    Column("content_hash", "VARCHAR", "MD5 of what the vendor sent, before normalising"),
    Column("requested_at", "TIMESTAMPTZ", "When the delivery of this version was asked for, UTC"),
)
"""What is kept of each version of a lead."""
OUTBOX_TABLES = (
    Table(
        "core.outbox",
        "All that the journal says of each row of ops.pushes",
        (
            Column("push_id", "VARCHAR", "The row: ops.pushes.push_id"),
            Column("content", "JSON", "The row as lead_pipeline/outbox knows it"),
        ),
    ),
    Table(
        "core.held_leads",
        "Contacts that we may have created in a CRM, until that is known: no enquiries",
        (Column("lead_id", "VARCHAR", "The contact as an enquiry: core.leads.lead_id"),),
    ),
)
PERSON_VIEWS = (PERSON_LINKS, PERSON_HISTORY, PERSON_REDIRECTS, PERSON_EVENTS)
VERSION_TABLES = (
    Table("core.leads", "Current versions of leads", VERSION_COLUMNS),
    Table("core.lead_history", "Other versions of leads", VERSION_COLUMNS),
    Table("core.objects", "Current versions of a CRM's objects", STORED_OBJECT),
    Table("core.object_history", "Other versions of a CRM's objects", STORED_OBJECT),
)


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
            _make_tables(session)
            for number in pending:
                name, sql = known[number]
                session.run(sql)
                session.run("INSERT INTO migrations VALUES (?, ?)", (number, name))
            for table in VERSION_TABLES:
                session.run(add_columns(table))
            session.run(_sql("quarantine_view.sql"))
            session.run(_sql("leads_view.sql") + comments(LEADS, "VIEW") + crm_views())
            session.run(_sql("person_views.sql"))
            session.run("".join(comments(view, "VIEW") for view in PERSON_VIEWS))
            session.run(listing_views())


def _make_tables(session: Session) -> None:
    """Schemas and described tables, with what columns an older version did not know."""
    session.run("".join(f"CREATE SCHEMA IF NOT EXISTS {name};" for name in SCHEMAS))
    for table in (*STORED_TABLES, *OUTBOX_TABLES):
        session.run(create_table(table) + add_columns(table) + comments(table))


def _migrations() -> dict[int, tuple[str, str]]:
    """Number to (file name, SQL). A change of columns comes with a file of its own, even empty."""
    folder = resources.files("lead_pipeline.warehouse") / "migrations"
    return {
        int(file.name.split("_")[0]): (file.name, _filled(file.read_text()))
        for file in folder.iterdir()
        if file.name.endswith(".sql")
    }


def _sql(name: str) -> str:
    return _filled((resources.files("lead_pipeline.warehouse") / name).read_text())


def _filled(sql: str) -> str:
    lead_columns = ", ".join(
        f"{'assignments' if column.name == 'person_id' else 'leads'}.{column.name}"
        for column in LEAD_COLUMNS
    )
    return sql.format(
        version_columns=column_list(VERSION_COLUMNS),
        object_columns=column_list(STORED_OBJECT),
        lead_columns=lead_columns,
    )
