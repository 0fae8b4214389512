"""What the scans of an account say as a whole, once all of their pages are loaded."""

import logging
from dataclasses import replace

from lead_pipeline.errors import LandingError
from lead_pipeline.landing.scans import KeptScan
from lead_pipeline.pipeline.folder import DataFolder
from lead_pipeline.vendors.contract import Stream, StreamKind, Vendor
from lead_pipeline.warehouse import Session
from lead_pipeline.warehouse.vanished import mark_vanished

logger = logging.getLogger(__name__)

LOST_PACKS = "some of its packs are not in the landing folder any more"


def judge_scans(folder: DataFolder, session: Session, vendor: Vendor, account: str) -> None:
    """Record what scans there are and how they ended, then mark what is gone, and nothing else.

    A pure function of what is kept and loaded, so it may be called as often as one likes.
    """
    for stream in vendor.streams:
        if stream.kind is StreamKind.SCANNED:
            with session.transaction():
                for scan in _unjudged(folder, session, vendor, account, stream):
                    _record(session, vendor, account, stream, scan)
                mark_vanished(session, vendor.source, account, stream.name, stream.record_kinds)


def _unjudged(
    folder: DataFolder, session: Session, vendor: Vendor, account: str, stream: Stream
) -> list[KeptScan]:
    """The scans that the ledger does not know to have ended."""
    ended = {
        scan_id
        for (scan_id,) in session.rows(
            "SELECT scan_id FROM ops.scans "
            "WHERE source = ? AND account = ? AND stream = ? AND ended_at IS NOT NULL",
            (vendor.source, account, stream.name),
        )
    }
    kept = folder.scans.scans(vendor.source, account, stream.name)
    return [scan for scan in kept if scan.scan_id not in ended]


def _record(session: Session, vendor: Vendor, account: str, stream: Stream, scan: KeptScan) -> None:
    """Write the scan's row; it has an end once every pack that it consists of is in the ledger."""
    try:
        verdict = scan.verdict()
    except LandingError as error:
        logger.error("%s", error)
        return
    packs = [pack.pack_id for pack in scan.packs()]
    ((loaded,),) = session.rows(
        "SELECT count(*) FROM ops.deliveries WHERE is_latest AND list_contains(?, receipt_id)",
        (packs,),
    )
    ended = verdict if loaded == len(packs) else None
    if ended and len(packs) != ended.packs:
        ended = replace(ended, complete=False, reason=LOST_PACKS)
    session.run("DELETE FROM ops.scans WHERE scan_id = ?", (scan.scan_id,))
    session.run(
        "INSERT INTO ops.scans "
        "(scan_id, source, account, stream, began_at, ended_at, complete, reason) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        (
            scan.scan_id,
            vendor.source,
            account,
            stream.name,
            scan.began_at,
            ended.ended_at if ended else None,
            ended.complete if ended else None,
            ended.reason if ended else None,
        ),
    )
