"""Load what has landed and the ledger does not have yet."""

from lead_pipeline import normalise
from lead_pipeline.pipeline.arrivals import Landed, landed_of
from lead_pipeline.pipeline.delivery import load_receipts
from lead_pipeline.pipeline.folder import DataFolder
from lead_pipeline.pipeline.mend import mended
from lead_pipeline.pipeline.scan_verdicts import judge_scans
from lead_pipeline.vendors.contract import Vendor
from lead_pipeline.warehouse import Session
from lead_pipeline.warehouse.load import LedgerLine


@mended
def load_account(folder: DataFolder, vendor: Vendor, account: str) -> list[LedgerLine]:
    """Load all that an account gave and the ledger does not have yet, oldest first.

    So what an earlier run landed and could not load is loaded now. Raises WarehouseBusy,
    WarehouseUnusable.
    """
    with folder.warehouse.open() as session:
        normalise.install(session)
        lines = list(load_receipts(folder, session, pending(folder, session, vendor, account)))
        judge_scans(folder, session, vendor, account)
        return lines


def pending(folder: DataFolder, session: Session, vendor: Vendor, account: str) -> Landed:
    """What an account gave and the ledger does not have, stream by stream, oldest first."""
    known = {
        receipt_id
        for (receipt_id,) in session.rows(
            "SELECT receipt_id FROM ops.deliveries WHERE source = ? AND account = ?",
            (vendor.source, account),
        )
    }
    return [
        (vendor, path)
        for receipt_id, path in landed_of(folder, vendor, account)
        if receipt_id not in known
    ]
