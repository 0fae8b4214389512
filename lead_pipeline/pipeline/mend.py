"""A damaged warehouse is set aside and filled anew from what is kept: landing and journal."""

import logging
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date, datetime
from functools import wraps
from pathlib import Path
from typing import Concatenate, ParamSpec, TypeVar

from lead_pipeline import identity, marts, normalise
from lead_pipeline.errors import WarehouseDamaged
from lead_pipeline.pipeline.delivery import load_receipts
from lead_pipeline.pipeline.folder import DataFolder
from lead_pipeline.pipeline.sources import vendor_of
from lead_pipeline.vendors.contract import Vendor
from lead_pipeline.warehouse import Session
from lead_pipeline.warehouse.load import LedgerLine

logger = logging.getLogger(__name__)

Parameters = ParamSpec("Parameters")
Returned = TypeVar("Returned")
Stage = Callable[Concatenate[DataFolder, Parameters], Returned]


def mended(stage: Stage[Parameters, Returned]) -> Stage[Parameters, Returned]:
    """A stage that, where the warehouse turns out to be damaged, fills a new one and begins again.

    Raises WarehouseDamaged where the new one is damaged too: then it is the disk.
    """

    @wraps(stage)
    def run(folder: DataFolder, /, *args: Parameters.args, **kwargs: Parameters.kwargs) -> Returned:
        try:
            return stage(folder, *args, **kwargs)
        except WarehouseDamaged as error:
            aside = folder.warehouse.set_aside(folder.clock())
            logger.warning(
                "%s; it is now %s, and a new one is filled from what is kept", error.what, aside
            )
            with folder.warehouse.open() as session:
                lines = list(fill(folder, session, everything(folder)))
            logger.warning("the new warehouse is filled: %d deliveries", len(lines))
            return stage(folder, *args, **kwargs)

    return run


def everything(folder: DataFolder) -> list[tuple[Vendor, Path]]:
    """Every receipt that is kept, stream by stream, oldest first. Raises ConfigError."""
    return [
        (vendor_of(source), path)
        for source, account, stream in folder.receipts.accounts()
        for path in folder.receipts.identifiers(source, account, stream).values()
    ]


def fill(
    folder: DataFolder,
    session: Session,
    receipts: Iterable[tuple[Vendor, Path]],
    horizons: Mapping[tuple[str, date], datetime | None] | None = None,
) -> Iterator[LedgerLine]:
    """Load these receipts, then decide who is who and build the reports."""
    normalise.install(session)
    yield from load_receipts(folder, session, receipts)
    identity.resolve(session, folder.journal, folder.clock())
    marts.build_coverage(session, folder.clock(), horizons or {})
    marts.build_marts(session)
