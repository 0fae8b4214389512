"""Load what has landed: of one account what the ledger does not have, or all that there is."""

from collections.abc import Iterator
from pathlib import Path

from lead_pipeline import normalise
from lead_pipeline.pipeline.delivery import load_receipts
from lead_pipeline.pipeline.folder import DataFolder
from lead_pipeline.pipeline.mend import mended
from lead_pipeline.vendors.contract import Vendor
from lead_pipeline.warehouse import Session
from lead_pipeline.warehouse.load import LedgerLine


@mended
def load_account(folder: DataFolder, vendor: Vendor, account: str) -> list[LedgerLine]:
    """Load every receipt of an account that the ledger does not have yet, oldest first.

    So what an earlier run landed and could not load is loaded now. Raises WarehouseBusy,
    WarehouseUnusable.
    """
    with folder.warehouse.open() as session:
        normalise.install(session)
        pending = [
            (vendor, path)
            for stream in vendor.streams
            for path in pending_receipts(folder, session, vendor.source, account, stream.name)
        ]
        return list(load_receipts(folder, session, pending))


def pending_receipts(
    folder: DataFolder, session: Session, source: str, account: str, stream: str
) -> Iterator[Path]:
    """Receipts of a stream that the ledger does not have, oldest first."""
    known = {
        receipt_id
        for (receipt_id,) in session.rows(
            "SELECT receipt_id FROM ops.deliveries WHERE source = ? AND account = ? AND stream = ?",
            (source, account, stream),
        )
    }
    for receipt_id, path in folder.receipts.identifiers(source, account, stream).items():
        if receipt_id not in known:
            yield path
