"""Load one delivery: its leads, its quarantined records and its line in the ledger.

The caller holds the transaction, so that all of it is there or none.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from importlib import resources
from typing import NamedTuple

import pandas as pd

from lead_pipeline.crm_tables import STORED_OBJECT
from lead_pipeline.records import Column, Receipt
from lead_pipeline.tables import DELIVERIES
from lead_pipeline.warehouse.migrate import VERSION_COLUMNS
from lead_pipeline.warehouse.session import Session

_SEEN = {"first_seen_at", "last_seen_at"}
# A record vanishes as a whole: that is said of its current version, and anew after every load.
_OF_PAST = {"vanished_at": "NULL AS vanished_at"}
_OF_VERSION = _OF_PAST | {
    "delivery_sha256": "ranking.delivery_sha256",
    "requested_at": "ranking.requested_at",
}


Versions = Mapping[str, str]
"""A kind of record of which all versions are kept: its tables and columns, by the SQL's blanks."""


def _versions(
    current: str, history: str, key: str, incoming: str, columns: Sequence[Column]
) -> Versions:
    names = [column.name for column in columns if column.name not in _SEEN]
    return {
        "current": current,
        "history": history,
        "key": key,
        "incoming": incoming,
        "known_columns": ", ".join(_OF_PAST.get(name, f"known.{name}") for name in names),
        "incoming_columns": ", ".join(_OF_VERSION.get(name, f"incoming.{name}") for name in names),
    }


LEAD_VERSIONS = _versions(
    "core.leads", "core.lead_history", "lead_id", "normalised", VERSION_COLUMNS
)
OBJECT_VERSIONS = _versions(
    "core.objects", "core.object_history", "object_id", "staged_objects", STORED_OBJECT
)


class Counts(NamedTuple):
    """What a delivery's readable records were; they add up to how many it held."""

    new: int = 0
    changed: int = 0
    unchanged: int = 0
    stale: int = 0
    repeated: int = 0


NOTHING = Counts()


@dataclass(frozen=True, slots=True)
class Quarantined:
    """One record that could not be read, as it is kept. `content` never leaves the warehouse.

    `answer` is the one of the delivery's answers that held it; None where it has only one.
    """

    record_index: int
    stage: str
    place: str
    reason: str
    content: bytes
    answer: Receipt | None = None
    source_lead_id: str | None = None


@dataclass(frozen=True, slots=True)
class LedgerLine:
    """How loading one receipt ended; `outcome` is loaded, unreadable or failed.

    With so many of the `quarantined` records a human is done: they are `dismissed`.
    """

    outcome: str
    received: int = 0
    counts: Counts = NOTHING
    quarantined: int = 0
    new_fields: tuple[str, ...] = ()
    error: str | None = None
    message: str | None = None
    dismissed: int = 0

    @property
    def waiting(self) -> int:
        """Records that could not be read, and that somebody should look at."""
        return self.quarantined - self.dismissed


def load_versions(session: Session, kind: Versions = LEAD_VERSIONS) -> Counts:
    """Move what came (for leads the temporary table `normalised`) into the tables of its kind."""
    for name in ("load_known", "load_reread", "load_pool", "load_ranking", "load"):
        session.run(_sql(f"{name}.sql").format(**kind))
    if kind is LEAD_VERSIONS:
        session.run(_sql("load_touched.sql"))
    return Counts(*session.rows(_sql("load_counts.sql"))[0])


def quarantine(
    session: Session, receipt: Receipt, records: Sequence[Quarantined], now: datetime
) -> None:
    """Replace what the quarantine holds of this receipt."""
    session.run(
        "DELETE FROM core.quarantined_content WHERE quarantine_id IN "
        "(SELECT quarantine_id FROM ops.quarantine WHERE receipt_id = ?)",
        (receipt.receipt_id,),
    )
    session.run("DELETE FROM ops.quarantine WHERE receipt_id = ?", (receipt.receipt_id,))
    if not records:
        return
    frame = pd.DataFrame(
        {
            "quarantine_id": [
                f"{(record.answer or receipt).receipt_id}/{record.record_index}"
                for record in records
            ],
            "sha256": [(record.answer or receipt).sha256 for record in records],
            "record_index": [record.record_index for record in records],
            "stage": [record.stage for record in records],
            "place": [record.place for record in records],
            "reason": [record.reason for record in records],
            "content": [record.content for record in records],
            "source_lead_id": pd.array([record.source_lead_id for record in records], "string"),
        }
    )
    of_receipt = (receipt.receipt_id, receipt.source, receipt.account, receipt.stream, now)
    with session.offered("refused", frame):
        session.run(
            "INSERT INTO ops.quarantine BY NAME SELECT quarantine_id, $1 AS receipt_id, "
            "$2 AS source, $3 AS account, $4 AS stream, sha256, record_index, stage, place, "
            "reason, source_lead_id, $5::TIMESTAMPTZ AS quarantined_at, 'waiting' AS state "
            "FROM refused",
            of_receipt,
        )
        session.run(
            "INSERT INTO core.quarantined_content BY NAME "
            "SELECT quarantine_id, content::BLOB AS content FROM refused"
        )


def write_ledger(session: Session, receipt: Receipt, line: LedgerLine, now: datetime) -> None:
    """Add the line of one load attempt; of the attempts at a receipt the last is the latest."""
    window = receipt.window
    load_id = session.rows("SELECT nextval('core.load_ids')")[0][0]
    of_receipt = (receipt.receipt_id,)
    ((first_load_id,),) = session.rows(
        f"SELECT min(load_id) FROM {DELIVERIES.name} WHERE receipt_id = ?", of_receipt
    )
    if first_load_id is not None:
        session.run(
            f"UPDATE {DELIVERIES.name} SET is_latest = false WHERE receipt_id = ?", of_receipt
        )
    values: dict[str, object] = {
        "load_id": load_id,
        "first_load_id": load_id if first_load_id is None else first_load_id,
        "is_latest": True,
        "receipt_id": receipt.receipt_id,
        "run_id": receipt.run_id,
        "source": receipt.source,
        "account": receipt.account,
        "stream": receipt.stream,
        "window_start": window.start if window else None,
        "window_end": window.end if window else None,
        "covers": receipt.covers,
        "requested_at": receipt.requested_at,
        "received_at": receipt.received_at,
        "loaded_at": now,
        "outcome": line.outcome,
        "status": receipt.status,
        "url": receipt.url,
        "sha256": receipt.sha256,
        "length": receipt.length,
        "attempts": receipt.attempts,
        "received": line.received,
        **line.counts._asdict(),
        "quarantined": line.quarantined,
        "new_fields": ", ".join(line.new_fields) or None,
        "error": line.error,
        "message": line.message,
    }
    names = [column.name for column in DELIVERIES.columns]
    session.run(
        f"INSERT INTO {DELIVERIES.name} ({', '.join(names)}) "
        f"VALUES ({', '.join('?' for _ in names)})",
        [values[name] for name in names],
    )


def _sql(name: str) -> str:
    return (resources.files("lead_pipeline.warehouse") / name).read_text()
