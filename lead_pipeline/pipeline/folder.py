"""The data folder: where each stage finds what the one before has kept."""

from dataclasses import dataclass
from pathlib import Path

from lead_pipeline.clock import Clock
from lead_pipeline.journal import Journal
from lead_pipeline.landing import BodyArchive, ReceiptBook
from lead_pipeline.settings import Settings
from lead_pipeline.warehouse import Warehouse


@dataclass(frozen=True, slots=True)
class DataFolder:
    """The places in one data folder, and the clock its records are stamped with."""

    path: Path
    settings: Settings

    @property
    def clock(self) -> Clock:
        """The present, UTC."""
        return self.settings.clock

    @property
    def bodies(self) -> BodyArchive:
        """What vendors sent."""
        return BodyArchive(self.path / "landing" / "bodies")

    @property
    def receipts(self) -> ReceiptBook:
        """What was asked of vendors."""
        return ReceiptBook(self.path / "landing" / "receipts")

    @property
    def journal(self) -> Journal:
        """What we decided."""
        return Journal(self.path / "journal.jsonl")

    @property
    def warehouse(self) -> Warehouse:
        """The loader's database."""
        return Warehouse(
            self.path / "warehouse.duckdb",
            self.settings.warehouse_wait_seconds,
            self.settings.most_memory_megabytes,
        )


def open_folder(settings: Settings) -> DataFolder:
    """The folder that the settings name."""
    return DataFolder(settings.data_dir, settings)
