"""Run the SQL of the reports."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from importlib import resources
from typing import NamedTuple

import pandas as pd
import pyarrow as pa

from lead_pipeline.warehouse import Session
from lead_pipeline.warehouse.tables import quoted

_BASES = ("mart_enquiries", "mart_contacts")
"""Temporary: what the marts read."""

MARTS = (
    "daily_leads",
    "people_by_source",
    "source_overlap",
    "deal_outcomes",
    "enquiry_outcomes",
    "lead_funnel",
    "project_performance",
    "speed_to_lead",
    "listing_effect",
    "data_quality",
    "vendor_health",
)
"""In the order in which they are built: later ones read earlier ones."""

Horizons = Mapping[tuple[str, date], datetime | None]
"""(account, UTC day) to the moment (UTC) after which it cannot be asked for; None: never."""


class Business(NamedTuple):
    """The clock of the business (an IANA zone), and the ids of the statuses of done tasks."""

    time_zone: str = "UTC"
    done_task_statuses: tuple[str, ...] = ()


class CoveredDay(NamedTuple):
    """A row of `tables.COVERAGE`."""

    source: str
    account: str
    day: date
    status: str
    leads: int
    last_loaded_at: datetime | None
    last_asked_at: datetime | None
    refetchable_until: datetime | None
    last_error: str | None

    def state(self, now: datetime) -> str:
        """Its status, or `lost` where it is incomplete and past its horizon."""
        until = self.refetchable_until
        is_lost = self.status != "complete" and until is not None and until <= now
        return "lost" if is_lost else self.status


def build_marts(session: Session, business: Business = Business()) -> dict[str, int]:  # noqa: B008 - immutable
    """Build every mart, all or none; the number of rows by name."""
    with session.transaction():
        for _, sql in prepared(business):
            session.run(sql)
    return {name: session.rows(f"SELECT count(*) FROM marts.{name}")[0][0] for name in MARTS}


def prepared(business: Business) -> Iterator[tuple[str, str]]:
    """Name and statements of each step: calendar, quarantine, what the marts read, the marts."""
    yield "calendar", _macros(business)
    yield "quarantine", mart_sql("quarantine")
    for name in (*_BASES, *MARTS):
        yield name, mart_sql(name).replace("{time_zone}", business.time_zone)
    yield "what is temporary", "".join(f"DROP TABLE {name};" for name in _BASES)


def build_coverage(session: Session, now: datetime, horizons: Horizons) -> None:
    """Build ops.coverage as it stands at `now` (UTC)."""
    with session.offered("horizons", _frame(horizons)):
        session.run("DELETE FROM ops.coverage")
        session.run(f"INSERT INTO ops.coverage BY NAME {mart_sql('coverage')}", {"now": now})


def read_coverage(session: Session, now: datetime, horizons: Horizons) -> list[CoveredDay]:
    """The rows of ops.coverage as they would be at `now` (UTC), without writing them."""
    with session.offered("horizons", _frame(horizons)):
        return list(map(CoveredDay._make, session.rows(mart_sql("coverage"), {"now": now})))


def mart_sql(name: str) -> str:
    """The SQL of a mart, as it is written."""
    return (resources.files("lead_pipeline.marts") / f"{name}.sql").read_text()


def _macros(business: Business) -> str:
    """The calendar and the words of the business, for the SQL of the marts."""
    local = f"moment AT TIME ZONE {quoted(business.time_zone)}"
    done = ", ".join(map(quoted, business.done_task_statuses))
    return f"""
CREATE OR REPLACE TEMP MACRO business_day(moment) AS CAST({local} AS DATE);
CREATE OR REPLACE TEMP MACRO business_week(moment) AS CAST(date_trunc('week', {local}) AS DATE);
CREATE OR REPLACE TEMP MACRO business_hour(moment) AS hour({local})::INTEGER;
CREATE OR REPLACE TEMP MACRO is_done_task(status) AS list_contains([{done}]::VARCHAR[], status);
"""


def _frame(horizons: Horizons) -> pd.DataFrame:
    table = pa.table(
        {
            "account": pa.array([account for account, _ in horizons], pa.string()),
            "day": pa.array([day for _, day in horizons], pa.date32()),
            "refetchable_until": pa.array(list(horizons.values()), pa.timestamp("us", "UTC")),
        }
    )
    return pd.DataFrame(table.to_pandas(types_mapper=pd.ArrowDtype))
