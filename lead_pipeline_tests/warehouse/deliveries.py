"""Deliveries made by hand, and loading them as the pipeline does."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from lead_pipeline.records import LEAD_COLUMNS, Origin, ParsedLead, Receipt, Window, day_window
from lead_pipeline.warehouse import Session
from lead_pipeline.warehouse.load import (
    Counts,
    LedgerLine,
    Quarantined,
    load_versions,
    quarantine,
    write_ledger,
)
from lead_pipeline.warehouse.staging import stage

DAY = date(2026, 11, 14)
WINDOW = day_window(DAY)
CREATED = datetime(2026, 11, 14, 9, 30, tzinfo=UTC)
NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)

_OF_DELIVERY = {"first_seen_at", "last_seen_at", "vanished_at", "person_id"}


# It takes any field of the record, each of its own type.
def lead(natural_key: str, record_index: int = 0, **fields: Any) -> ParsedLead:  # noqa: ANN401
    made: dict[str, Any] = {"key_version": "housing/1", "created_at": CREATED} | fields
    return ParsedLead(record_index, natural_key=natural_key, **made)


@dataclass(frozen=True)
class Delivery:
    """One receipt and the records in its body; equal records make an equal body.

    `body` stands for the bytes where another parser reads other records in the same ones.
    """

    leads: tuple[ParsedLead, ...]
    requested_at: datetime = NOW
    account: str = "mumbai"
    source: str = "housing"
    window: Window | None = WINDOW
    covers: bool = True
    refused: tuple[Quarantined, ...] = ()
    error: str | None = None
    run_id: str = "run"
    body: str | None = None

    @property
    def records(self) -> list[tuple[Origin, ParsedLead]]:
        origin = Origin(self.receipt.sha256 or "", self.requested_at)
        return [(origin, found) for found in self.leads]

    @property
    def receipt(self) -> Receipt:
        content = (self.body or repr((self.leads, self.refused))).encode()
        name = repr((self.requested_at, self.account, self.window, self.error)).encode()
        return Receipt(
            receipt_id=hashlib.sha256(content + name).hexdigest()[:12],
            run_id=self.run_id,
            source=self.source,
            account=self.account,
            environment="loopback",
            stream="leads",
            window=self.window,
            covers=self.covers,
            requested_at=self.requested_at,
            received_at=self.requested_at + timedelta(seconds=1),
            attempts=1,
            reading={},
            status=None if self.error else 200,
            sha256=None if self.error else hashlib.sha256(content).hexdigest(),
            length=None if self.error else len(content),
            error=self.error,
        )


def load(session: Session, delivery: Delivery, now: datetime = NOW) -> Counts:
    """Load a delivery with its ledger line, in one transaction."""
    with session.transaction():
        return load_inside(session, delivery, now)


def load_inside(session: Session, delivery: Delivery, now: datetime = NOW) -> Counts:
    """Load a delivery; the caller holds the transaction."""
    receipt = delivery.receipt
    if delivery.error:
        write_ledger(session, receipt, LedgerLine("failed", error=delivery.error), now)
        return Counts()
    stage(session, delivery.records, delivery.source, delivery.account, None)
    session.run(_NORMALISE_NOTHING)
    counts = load_versions(session)
    quarantine(session, receipt, delivery.refused, now)
    received = len(delivery.leads) + len(delivery.refused)
    line = LedgerLine("loaded", received, counts, len(delivery.refused))
    write_ledger(session, receipt, line, now)
    return counts


def load_all(session: Session, deliveries: Sequence[Delivery]) -> None:
    for delivery in deliveries:
        load(session, delivery)


def _as_sent(name: str) -> str:
    """How a column is filled where nothing is normalised."""
    if name == "phone_status":
        return "'missing' AS phone_status"
    if name == "attributes":
        return "attributes::JSON AS attributes"
    raw = {field for field in ParsedLead._fields if field.endswith("_raw")}
    return f"{name}_raw AS {name}" if f"{name}_raw" in raw else name


# Enough for the warehouse, which never looks inside a value; normalising has tests of its own.
_NORMALISE_NOTHING = (
    "CREATE OR REPLACE TEMP TABLE normalised AS SELECT content_hash, requested_at, "
    + (
        ", ".join(
            _as_sent(column.name) for column in LEAD_COLUMNS if column.name not in _OF_DELIVERY
        )
        + " FROM staged"
    )
)
