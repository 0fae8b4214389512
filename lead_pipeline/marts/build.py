"""Run the SQL of the reports."""

from collections.abc import Mapping
from datetime import date, datetime
from importlib import resources
from typing import Any

import pandas as pd
import pyarrow as pa

from lead_pipeline.warehouse import Session

MARTS = ("daily_leads",)

Horizons = Mapping[tuple[str, date], datetime | None]
"""(account, UTC day) to the moment (UTC) after which it cannot be asked for; None: never."""


def build_marts(session: Session) -> dict[str, int]:
    """Build every mart; the number of rows by name."""
    for name in MARTS:
        session.run(_sql(name))
    return {name: session.rows(f"SELECT count(*) FROM marts.{name}")[0][0] for name in MARTS}


def build_coverage(session: Session, now: datetime, horizons: Horizons) -> None:
    """Build ops.coverage as it stands at `now` (UTC)."""
    with session.offered("horizons", _frame(horizons)):
        session.run("DELETE FROM ops.coverage")
        session.run(f"INSERT INTO ops.coverage BY NAME {_sql('coverage')}", {"now": now})


def read_coverage(session: Session, now: datetime, horizons: Horizons) -> list[tuple[Any, ...]]:
    """The rows of ops.coverage as they would be at `now` (UTC), without writing them."""
    with session.offered("horizons", _frame(horizons)):
        return session.rows(_sql("coverage"), {"now": now})


def _frame(horizons: Horizons) -> pd.DataFrame:
    table = pa.table(
        {
            "account": pa.array([account for account, _ in horizons], pa.string()),
            "day": pa.array([day for _, day in horizons], pa.date32()),
            "refetchable_until": pa.array(list(horizons.values()), pa.timestamp("us", "UTC")),
        }
    )
    return pd.DataFrame(table.to_pandas(types_mapper=pd.ArrowDtype))


def _sql(name: str) -> str:
    return (resources.files("lead_pipeline.marts") / f"{name}.sql").read_text()
