"""Scans: lists of a vendor that are read whole, page by page, perhaps by several processes.

    landing/scans/{source}/{account}/{stream}/{UTC day}/{scan_id}/   packs (packs.py), verdict.json
    landing/scans/{source}/{account}/{stream}/lock   held while a process scans; freed at death

Of a stream at most one scan has no verdict: it is going on, or can.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from lead_pipeline.errors import LandingError
from lead_pipeline.landing.lock import held
from lead_pipeline.landing.open_scan import OpenScan, settle
from lead_pipeline.landing.packs import FRAMES, Pack, named_packs
from lead_pipeline.landing.receipts import day_of, moment_of, new_receipt_id
from lead_pipeline.landing.verdicts import VERDICT, Verdict, read_verdict, write_verdict

GIVEN_UP = "given up: it was cut short and could not go on"


@dataclass(frozen=True, slots=True)
class KeptScan:
    """A scan on disk: one that ended, can go on or is going on."""

    path: Path

    @property
    def scan_id(self) -> str:
        """Sorts by the time the scan began."""
        return self.path.name

    @property
    def began_at(self) -> datetime:
        """When it was begun, UTC."""
        return moment_of(self.scan_id)

    @property
    def has_ended(self) -> bool:
        """Whether there is a verdict."""
        return (self.path / VERDICT).exists()

    def verdict(self) -> Verdict | None:
        """How it ended; None: it can go on. Raises LandingError."""
        return read_verdict(self.path)

    def packs(self) -> list[Pack]:
        """What landed of it, in order; without the pack that is being written."""
        return named_packs(self.path)


class ScanArchive:
    """The scans under one folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    @contextmanager
    def hold(
        self, source: str, account: str, stream: str, now: datetime, resume_within: timedelta
    ) -> Iterator[OpenScan]:
        """The stream's scan, this process's alone for the block.

        It is the last one if that can go on and began at most `resume_within` before `now`; else
        it begins now, and the last one is given up. Raises HeldError at once where another
        process scans the stream, LandingError.
        """
        folder = self._folder / source / account / stream
        with held(folder / "lock", "a scan's lock"):
            scan = self._go_on(self.scans(source, account, stream), now, resume_within)
            if scan is None:
                scan_id = new_receipt_id(now)
                scan = OpenScan(folder / day_of(scan_id) / scan_id)
            try:
                yield scan
            finally:
                scan.close()

    def scans(self, source: str, account: str, stream: str) -> list[KeptScan]:
        """Every scan of a stream, oldest first."""
        found = (self._folder / source / account / stream).glob("*/*")
        return [KeptScan(path) for path in sorted(found, key=lambda path: path.name)]

    def streams(self) -> Iterator[tuple[str, str, str]]:
        """Every (source, account, stream) that has ever been scanned."""
        for path in sorted(self._folder.glob("*/*/*")):
            source, account, stream = path.parts[-3:]
            yield source, account, stream

    def pack(self, source: str, account: str, stream: str, pack_id: str) -> Pack:
        """The pack of that id, whether it is still there or not."""
        scan_id, _, number = pack_id.rpartition("-")
        folder = self._folder / source / account / stream / day_of(scan_id) / scan_id
        return Pack(folder / f"{number}{FRAMES}")

    def _go_on(
        self, scans: list[KeptScan], now: datetime, resume_within: timedelta
    ) -> OpenScan | None:
        """The last unfinished scan if it can go on; the others are given up."""
        unfinished = [scan for scan in scans if not scan.has_ended]
        for scan in unfinished:
            settle(scan.path)
        resume = _resume_of(unfinished[-1], now, resume_within) if unfinished else None
        going_on = unfinished.pop() if resume else None
        for scan in unfinished:
            given_up = Verdict(False, GIVEN_UP, now, packs=len(scan.packs()))
            write_verdict(scan.path, given_up)
        return OpenScan(going_on.path, resume) if going_on else None


def _resume_of(scan: KeptScan, now: datetime, resume_within: timedelta) -> str | None:
    """Where it can go on; None: nowhere."""
    packs = scan.packs()
    if not packs or not timedelta(0) <= now - scan.began_at <= resume_within:
        return None
    try:
        return packs[-1].pages()[-1].resume
    except LandingError:
        # Whoever loads the pack says what is wrong with it; this scan cannot be whole any more.
        return None
