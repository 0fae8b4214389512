"""Leads staged for a test, and what becomes of them."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import pandas as pd

from lead_pipeline.normalise import normalise_leads
from lead_pipeline.normalise.reference import quoted_name
from lead_pipeline.records import ParsedLead
from lead_pipeline.warehouse.session import Session

TYPES = {
    "record_index": "INTEGER",
    "created_at": "TIMESTAMPTZ",
    "updated_at": "TIMESTAMPTZ",
    "marketing_consent": "BOOLEAN",
    "requested_at": "TIMESTAMPTZ",
}
COLUMNS = (
    "lead_id",
    "content_hash",
    "source",
    "account",
    "default_country",
    "delivery_sha256",
    "requested_at",
    *ParsedLead._fields,
)


def stage(session: Session, leads: Iterable[Mapping[str, object]], name: str = "staged") -> None:
    """Make the staged table from leads that name only the columns they care about."""
    rows = [
        {
            "lead_id": f"{index:032x}",
            "content_hash": f"{index:064x}",
            "source": "housing",
            "account": "housing",
            "default_country": "IN",
            "delivery_sha256": "ab" * 32,
            "requested_at": "2026-11-20 12:00:00+00",
            "record_index": index,
            "key_version": "housing/1",
            "natural_key": str(index),
            "created_at": "2026-11-14 10:00:00+00",
            "attributes": "{}",
            **lead,
        }
        for index, lead in enumerate(leads)
    ]
    frame = pd.DataFrame(rows, columns=list(COLUMNS), dtype=object)
    columns = ", ".join(
        f"{column}::{TYPES.get(column, 'VARCHAR')} AS {column}" for column in COLUMNS
    )
    with session.offered("offered_leads", frame):
        session.run(
            f"CREATE OR REPLACE TEMP TABLE {quoted_name(name)} AS "
            f"SELECT {columns} FROM offered_leads"
        )


def normalised(
    session: Session, leads: Iterable[Mapping[str, object]], columns: Sequence[str]
) -> list[tuple[Any, ...]]:
    """Stage the leads, normalise them and return the columns asked for, in the leads' order."""
    stage(session, leads)
    normalise_leads(session)
    return session.rows(f"SELECT {', '.join(columns)} FROM normalised ORDER BY record_index")
