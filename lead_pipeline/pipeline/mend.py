"""A damaged warehouse is set aside and filled anew from what is kept: landing and journal."""

import logging
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from functools import wraps
from pathlib import Path
from typing import Concatenate, ParamSpec, TypeVar

from lead_pipeline import identity, marts, normalise
from lead_pipeline.errors import WarehouseDamaged, WarehouseUnusable
from lead_pipeline.pipeline.account import Account
from lead_pipeline.pipeline.arrivals import Landed, landed_of
from lead_pipeline.pipeline.delivery import load_receipts
from lead_pipeline.pipeline.folder import DataFolder
from lead_pipeline.pipeline.horizons import horizons
from lead_pipeline.pipeline.scan_verdicts import judge_scans
from lead_pipeline.pipeline.sources import vendor_of
from lead_pipeline.vendors.contract import Vendor
from lead_pipeline.warehouse import Session
from lead_pipeline.warehouse.load import LedgerLine
from lead_pipeline.warehouse.publications import take_over_publications
from lead_pipeline.warehouse.publish import POINTER

logger = logging.getLogger(__name__)

Parameters = ParamSpec("Parameters")
Returned = TypeVar("Returned")
Stage = Callable[Concatenate[DataFolder, Parameters], Returned]


def mended(stage: Stage[Parameters, Returned]) -> Stage[Parameters, Returned]:
    """A stage that, where the warehouse turns out to be damaged, fills a new one and begins again.

    Where it only wants memory, the stage begins again with all that is allowed.
    Raises WarehouseDamaged where the new one is damaged too: then it is the disk.
    """

    @wraps(stage)
    def run(folder: DataFolder, /, *args: Parameters.args, **kwargs: Parameters.kwargs) -> Returned:
        try:
            return stage(folder, *args, **kwargs)
        except WarehouseDamaged as error:
            _mend(folder, error)
            return stage(folder, *args, **kwargs)
        except WarehouseUnusable as error:
            if not error.wants_memory:
                raise
            logger.warning("%s; once more with all the memory that is allowed", error.what)
            return stage(replace(folder, all_memory=True), *args, **kwargs)

    return run


def _mend(folder: DataFolder, damage: WarehouseDamaged) -> None:
    aside = folder.warehouse.set_aside(damage, folder.clock())
    if aside is None:
        logger.warning("%s; another process has replaced it", damage.what)
        return
    logger.warning(
        "%s; it is now %s, and a new one is filled from what is kept", damage.what, aside
    )
    with folder.warehouse.open() as session:
        lines = list(fill(folder, session, everything(folder)))
    logger.warning("the new warehouse is filled: %d deliveries", len(lines))


def everything(folder: DataFolder) -> Landed:
    """All that is kept, account by account, stream by stream, oldest first. Raises ConfigError."""
    return [
        (vendor, path)
        for vendor, account in _accounts(folder)
        for _, path in landed_of(folder, vendor, account)
    ]


def _accounts(folder: DataFolder) -> list[tuple[Vendor, str]]:
    """Every account that has ever been asked, or has files."""
    asked = sorted({*folder.receipts.accounts(), *folder.scans.streams()})
    found = ((vendor_of(source, stream), account) for source, account, stream in asked)
    return list(dict.fromkeys(found))


def fill(
    folder: DataFolder,
    session: Session,
    receipts: Iterable[tuple[Vendor, Path]],
    accounts: Iterable[Account] = (),
) -> Iterator[LedgerLine]:
    """Load these receipts, then decide who is who and build the reports.

    What coverage says of horizons it says of `accounts` alone.
    """
    normalise.install(session)
    yield from load_receipts(folder, session, receipts)
    for vendor, account in _accounts(folder):
        judge_scans(folder, session, vendor, account)
    identity.resolve(session, folder.journal, folder.clock())
    marts.build_coverage(session, folder.clock(), horizons(session, folder, accounts))
    take_over_publications(session, folder.path / POINTER)
    marts.build_marts(session, folder.business)
