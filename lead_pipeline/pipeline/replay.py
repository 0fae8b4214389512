"""Load again what has landed, without asking any vendor: of some days, or what is in quarantine."""

from collections.abc import Iterable, Sequence

from lead_pipeline import normalise
from lead_pipeline.pipeline.arrivals import Landed, path_of
from lead_pipeline.pipeline.delivery import Follow, load_receipts
from lead_pipeline.pipeline.folder import DataFolder
from lead_pipeline.pipeline.load import pending
from lead_pipeline.pipeline.mend import mended
from lead_pipeline.pipeline.scan_verdicts import judge_scans
from lead_pipeline.pipeline.sources import vendor_of
from lead_pipeline.records import Window
from lead_pipeline.vendors.contract import Vendor
from lead_pipeline.warehouse import Session
from lead_pipeline.warehouse.load import LedgerLine

# A response that claims no window (of a vendor that keeps the cursor) belongs to its day.
OF_WINDOW = """
SELECT source, account, stream, receipt_id
FROM ops.deliveries
WHERE is_latest AND outcome <> 'failed' AND list_contains($accounts, account)
    AND coalesce(window_start, requested_at) < $window_end
    AND coalesce(window_end, requested_at + INTERVAL '1 microsecond') > $window_start
ORDER BY first_load_id
"""

Accounts = Iterable[tuple[Vendor, str]]

# Whatever else brought the same record is read again too, so that no older row takes its place.
IN_QUARANTINE = """
SELECT DISTINCT source, account, stream, receipt_id
FROM core.quarantined_records
WHERE record_key IN (
    SELECT record_key
    FROM core.quarantined_records
    WHERE list_contains($accounts, account)
        AND (len($quarantine_ids) = 0 OR list_contains($quarantine_ids, quarantine_id))
)
ORDER BY receipt_id
"""


@mended
def replay(
    folder: DataFolder, accounts: Sequence[tuple[Vendor, str]], window: Window, follow: Follow
) -> list[LedgerLine]:
    """Load again every kept response that these accounts gave for `window`, and what is pending.

    Raises WarehouseBusy, WarehouseUnusable.
    """
    with folder.warehouse.open() as session:
        new = [
            landed
            for vendor, account in accounts
            for landed in pending(folder, session, vendor, account)
        ]
        rows = session.rows(
            OF_WINDOW,
            {
                "accounts": [account for _, account in accounts],
                "window_start": window.start,
                "window_end": window.end,
            },
        )
        return _load(folder, session, [*new, *_landed(folder, rows)], follow, accounts)


@mended
def retry_quarantine(
    folder: DataFolder, accounts: Sequence[str], quarantine_ids: Sequence[str], follow: Follow
) -> list[LedgerLine]:
    """Load again the responses that hold these quarantined records (none named: all of them).

    Each gets a line of its own in the ledger; what can be read now leaves the quarantine.
    Raises as `replay`.
    """
    with folder.warehouse.open() as session:
        rows = session.rows(
            IN_QUARANTINE,
            {"accounts": list(accounts), "quarantine_ids": list(quarantine_ids)},
        )
        held = {(vendor_of(source, stream), account) for source, account, stream, _ in rows}
        return _load(folder, session, _landed(folder, rows), follow, held)


def _load(
    folder: DataFolder, session: Session, landed: Landed, follow: Follow, accounts: Accounts
) -> list[LedgerLine]:
    normalise.install(session)
    lines = list(load_receipts(folder, session, follow(landed)))
    for vendor, account in accounts:
        judge_scans(folder, session, vendor, account)
    return lines


def _landed(folder: DataFolder, rows: Iterable[tuple[str, str, str, str]]) -> Landed:
    return [
        (vendor, path_of(folder, vendor, account, stream, receipt_id))
        for source, account, stream, receipt_id in rows
        for vendor in (vendor_of(source, stream),)
    ]
