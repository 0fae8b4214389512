"""The data folder: where each stage finds what the one before has kept."""

import os
from dataclasses import dataclass
from pathlib import Path

from lead_pipeline.clock import Clock
from lead_pipeline.journal import Journal
from lead_pipeline.landing import BodyArchive, ReceiptBook
from lead_pipeline.landing.cursors import CursorBook
from lead_pipeline.landing.scans import ScanArchive
from lead_pipeline.landing.spool import Spool
from lead_pipeline.marts import Business
from lead_pipeline.settings import Settings
from lead_pipeline.warehouse import Warehouse

PRIVATE = 0o027
"""What group and others may not."""


@dataclass(frozen=True, slots=True)
class DataFolder:
    """The places in one data folder, and the clock its records are stamped with."""

    path: Path
    settings: Settings
    all_memory: bool = False
    """Whether the warehouse gets all memory that is allowed, and not by what it holds."""

    @property
    def clock(self) -> Clock:
        """The present, UTC."""
        return self.settings.clock

    @property
    def business(self) -> Business:
        """The calendar and the words of the business, for the reports."""
        return Business(self.settings.business_time_zone, self.settings.done_task_status_ids)

    @property
    def bodies(self) -> BodyArchive:
        """What vendors sent."""
        return BodyArchive(self.path / "landing" / "bodies")

    @property
    def receipts(self) -> ReceiptBook:
        """What was asked of vendors."""
        return ReceiptBook(self.path / "landing" / "receipts")

    @property
    def scans(self) -> ScanArchive:
        """What vendors sent page by page, with what was asked."""
        return ScanArchive(self.path / "landing" / "scans")

    @property
    def cursors(self) -> CursorBook:
        """What is known of the cursors that vendors keep."""
        return CursorBook(self.path / "landing" / "cursors")

    @property
    def spool(self) -> Spool:
        """What ListSMRT sent and nobody has landed yet."""
        return Spool(self.path / "spool" / "listsmrt")

    @property
    def journal(self) -> Journal:
        """What we decided."""
        return Journal(self.path / "journal.jsonl")

    @property
    def warehouse(self) -> Warehouse:
        """The loader's database."""
        return self.warehouse_named("warehouse.duckdb")

    def warehouse_named(self, name: str) -> Warehouse:
        """A database of the loader's, for one that is not in its place yet."""
        return Warehouse(
            self.path / name,
            self.settings.warehouse_wait_seconds,
            self.settings.most_memory_megabytes,
            all_memory=self.all_memory,
        )


def open_folder(settings: Settings) -> DataFolder:
    """The folder that the settings name, for its owner and group alone."""
    write_privately()
    if settings.data_dir.is_dir() and os.access(settings.data_dir, os.W_OK):
        _make_private(settings.data_dir)
    return DataFolder(settings.data_dir, settings)


def write_privately() -> None:
    """Let whatever this process and its children write be 0640, and folders 0750.

    So are the database's log and Dagster's history, which others write.
    """
    os.umask(PRIVATE)


def _make_private(folder: Path) -> None:
    """Take from everybody else what a checkout or an unpacked archive gave them."""
    status = folder.stat()
    if status.st_mode & PRIVATE and status.st_uid == os.geteuid():
        folder.chmod(status.st_mode & ~PRIVATE & 0o7777)
