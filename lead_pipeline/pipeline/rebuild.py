"""Make the warehouse anew from landing and journal alone, and put it in the place of the old one.

The old one is held meanwhile, so that nobody writes into what is about to be replaced, and stays
as it was until the new one is whole: to interrupt is safe.
"""

from collections.abc import Iterable
from contextlib import ExitStack
from pathlib import Path
from typing import NamedTuple

from lead_pipeline.errors import ConfigError, WarehouseDamaged
from lead_pipeline.pipeline.account import Account
from lead_pipeline.pipeline.delivery import Follow
from lead_pipeline.pipeline.folder import DataFolder
from lead_pipeline.pipeline.mend import everything, fill
from lead_pipeline.pipeline.outcome import publish_snapshot
from lead_pipeline.vendors.contract import Vendor
from lead_pipeline.warehouse import Published
from lead_pipeline.warehouse.load import LedgerLine

NEW = "warehouse-new.duckdb"


class Rebuilt(NamedTuple):
    """What a rebuild made; `set_aside` is where a damaged warehouse is now."""

    lines: list[LedgerLine]
    published: Published | None
    set_aside: Path | None


def rebuild(folder: DataFolder, accounts: Iterable[Account], follow: Follow) -> Rebuilt:
    """Fill a new warehouse, replace the old one, publish.

    Raises WarehouseBusy, JournalError, ConfigError where nothing is kept or its vendor is unknown:
    the old warehouse and snapshot are then as they were.
    """
    receipts = everything(folder)
    if not receipts:
        raise ConfigError(
            f"nothing that a vendor sent is kept in {folder.path}",
            state="nothing was changed",
            next_step="set LEAD_PIPELINE_DATA_DIR to the folder that is meant, or "
            "lead-pipeline run --days 7 to fill this one",
        )
    with ExitStack() as holding:
        aside = _hold_old_one(folder, holding)
        lines = _fill_new_one(folder, follow(receipts), accounts)
    folder.warehouse.replace_by(folder.path / NEW)
    return Rebuilt(lines, publish_snapshot(folder), aside)


def _hold_old_one(folder: DataFolder, holding: ExitStack) -> Path | None:
    """Keep others out of the warehouse that there is, or set it aside where it is damaged."""
    try:
        holding.enter_context(folder.warehouse.open())
    except WarehouseDamaged as damage:
        return folder.warehouse.set_aside(damage, folder.clock())
    return None


def _fill_new_one(
    folder: DataFolder, receipts: Iterable[tuple[Vendor, Path]], accounts: Iterable[Account]
) -> list[LedgerLine]:
    new = folder.warehouse_named(NEW)
    new.remove()
    with new.open() as session:
        return list(fill(folder, session, receipts, accounts))
