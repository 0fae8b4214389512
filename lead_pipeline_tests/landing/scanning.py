"""Scans on a real disk, small ones, and what is kept of them."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path

from lead_pipeline.landing import ScanArchive
from lead_pipeline.landing.open_scan import OpenScan, StoredFrame
from lead_pipeline.landing.receipts import new_receipt_id
from lead_pipeline.landing.scans import KeptScan
from lead_pipeline.records import Receipt

ONE = ("qontak", "main", "contacts")
NOW = datetime(2026, 11, 20, 23, 59, 59, 123456, tzinfo=UTC)
WITHIN = timedelta(hours=20)
_copies = count()


def receipt_of(body: StoredFrame) -> Receipt:
    """What is written of a page."""
    return Receipt(
        receipt_id=new_receipt_id(NOW),
        run_id="run-1",
        source=ONE[0],
        account=ONE[1],
        environment="loopback",
        stream=ONE[2],
        window=None,
        covers=True,
        requested_at=NOW,
        received_at=NOW + timedelta(seconds=1),
        attempts=1,
        reading={"default_country": "ID"},
        url="https://vendor.test/contacts?page=1",
        status=200,
        sha256=body.sha256,
        length=body.length,
    )


def land(scan: OpenScan, content: bytes, resume: str | None = "on") -> Receipt:
    """Store and write one page."""
    receipt = receipt_of(scan.store([content]))
    scan.write(receipt, resume)
    return receipt


@contextmanager
def scanning(folder: Path, now: datetime = NOW) -> Iterator[OpenScan]:
    """The one stream's scan."""
    with ScanArchive(folder).hold(*ONE, now, WITHIN) as scan:
        yield scan


def kept(folder: Path) -> list[KeptScan]:
    """Every scan of the one stream."""
    return ScanArchive(folder).scans(*ONE)


def contents(scan: KeptScan) -> list[bytes]:
    """The bodies of a scan, in order."""
    found = []
    for pack in scan.packs():
        for page in pack.pages():
            with pack.open(page) as body:
                found.append(body.read())
    return found


def as_if_killed(folder: Path) -> Path:
    """The folder as a process would leave it that was killed now."""
    return Path(shutil.copytree(folder, folder.with_name(f"killed-{next(_copies)}")))


def unfinished(folder: Path) -> tuple[Path, Path]:
    """(lines, frames) of the pack that is being written."""
    (lines,) = folder.rglob(".part-*.jsonl")
    return lines, lines.with_name(lines.name.removeprefix(".part-")).with_suffix(".pack")
