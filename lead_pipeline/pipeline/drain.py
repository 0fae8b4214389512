"""From the spool to the warehouse: land what ListSMRT sent, without its secrets, then load it.

A segment of the spool becomes one delivery, whose id is the segment's: whatever moment a process
dies at, the next one lands the same delivery again, and the ledger knows it.
"""

import hashlib
import logging

from lead_pipeline.errors import LandingError
from lead_pipeline.landing.lock import HeldError, held
from lead_pipeline.landing.spool import Segment, SpoolRecord
from lead_pipeline.pipeline.account import environment_of
from lead_pipeline.pipeline.folder import DataFolder
from lead_pipeline.pipeline.load import load_account
from lead_pipeline.records import Receipt
from lead_pipeline.vendors.listsmrt import LISTSMRT
from lead_pipeline.vendors.listsmrt.authorize import BASE_URL
from lead_pipeline.vendors.listsmrt.envelope import Event, lines_of
from lead_pipeline.vendors.listsmrt.parse import WEBHOOK
from lead_pipeline.vendors.listsmrt.redact import redact
from lead_pipeline.warehouse.load import LedgerLine

logger = logging.getLogger(__name__)


def drain(folder: DataFolder) -> list[LedgerLine]:
    """Land and load all that waits; a line for each delivery that is new in the ledger.

    A segment that is damaged is said, and does not stop the others. Where another process lands
    already, only what has landed is loaded. Raises WarehouseBusy, WarehouseUnusable.
    """
    damaged: list[LedgerLine] = []
    try:
        with held(folder.spool.lock, "the spool"):
            for segment in folder.spool.segments():
                try:
                    _land(folder, segment)
                except LandingError as error:
                    logger.error("%s", error)
                    damaged.append(
                        LedgerLine("unreadable", error="LandingError", message=str(error))
                    )
    except HeldError as other:
        logger.info("%s lands what waits in the spool", other.holder)
    return [*load_account(folder, LISTSMRT, LISTSMRT.source), *damaged]


def _land(folder: DataFolder, segment: Segment) -> None:
    """Keep its records as one body with one receipt, both on disk, then remove it."""
    records = list(segment.records())
    body = folder.bodies.store([lines_of(map(_event, records))])
    folder.receipts.write(
        Receipt(
            receipt_id=segment.segment_id,
            run_id="gateway",
            source=LISTSMRT.source,
            account=LISTSMRT.source,
            environment=environment_of(BASE_URL),
            stream=WEBHOOK,
            window=None,
            covers=True,
            requested_at=records[0].received_at,
            received_at=records[-1].received_at,
            attempts=len(records),
            reading={},
            status=200,
            sha256=body.sha256,
            length=body.length,
        )
    )
    segment.remove()


def _event(record: SpoolRecord) -> Event:
    return Event(
        record.received_at,
        record.about["signed_at"],
        hashlib.sha256(record.body).hexdigest(),
        redact(record.body),
    )
