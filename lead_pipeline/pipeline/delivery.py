"""From a landed receipt to the warehouse: parse, normalise, load, one transaction a delivery."""

import logging
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from lead_pipeline import normalise
from lead_pipeline.errors import LandingError, UnreadableDelivery, run_command
from lead_pipeline.pipeline.folder import DataFolder
from lead_pipeline.records import ParsedLead, Receipt, Subject
from lead_pipeline.vendors.contract import (
    NewField,
    ParsedItem,
    Unreadable,
    UnreadableDocument,
    Vendor,
)
from lead_pipeline.warehouse import Session
from lead_pipeline.warehouse.load import (
    LedgerLine,
    Quarantined,
    load_versions,
    quarantine,
    write_ledger,
)
from lead_pipeline.warehouse.staging import stage

logger = logging.getLogger(__name__)

Landed = Sequence[tuple[Vendor, Path]]
"""Receipts on disk, each with the vendor that can read what it names."""
Follow = Callable[[Landed], Iterable[tuple[Vendor, Path]]]
"""Passes receipts on one by one, and may show how far it has come."""

MOST_NEW_FIELDS = 100
"""How many new fields of a delivery are named: vendors write their names, and no log is endless."""
LONGEST_NAME = 200


def load_receipts(
    folder: DataFolder, session: Session, receipts: Iterable[tuple[Vendor, Path]]
) -> Iterator[LedgerLine]:
    """Load receipts in order, one transaction each; `normalise.install` has been called.

    What is damaged on our own disk is said, left out of the ledger, and does not stop the others:
    the next run tries it again.
    """
    for vendor, path in receipts:
        try:
            yield load_receipt(folder, session, vendor, folder.receipts.read(path))
        except LandingError as error:
            logger.error("%s", error)
            yield LedgerLine("unreadable", error="LandingError", message=str(error))


def load_receipt(
    folder: DataFolder, session: Session, vendor: Vendor, receipt: Receipt
) -> LedgerLine:
    """Load one delivery with its ledger line; a failed request gets a line alone."""
    if receipt.sha256 is None:
        line = LedgerLine("failed", error=receipt.error, message=receipt.message)
    else:
        line = _read_and_load(folder, session, vendor, receipt)
        if line.outcome == "loaded":
            return line
    with session.transaction():
        write_ledger(session, receipt, line, folder.clock())
    return line


def _read_and_load(
    folder: DataFolder, session: Session, vendor: Vendor, receipt: Receipt
) -> LedgerLine:
    try:
        with folder.bodies.open(str(receipt.sha256)) as body, session.transaction():
            items = vendor.parse(receipt.stream, body, receipt.reading, {})
            reader = _Reader(items)
            stage(
                session,
                reader.leads(),
                receipt.source,
                receipt.account,
                receipt.reading.get("default_country"),
            )
            line = _load_staged(session, receipt, reader)
            quarantine(session, receipt, reader.refused, folder.clock())
            write_ledger(session, receipt, line, folder.clock())
    except UnreadableDocument as error:
        failure = _unreadable(receipt, error)
        logger.error("%s", failure)
        return LedgerLine("unreadable", error=type(failure).__name__, message=str(failure))
    _report(receipt, line)
    return line


def _unreadable(receipt: Receipt, error: UnreadableDocument) -> UnreadableDelivery:
    doctor = f"lead-pipeline doctor --account {receipt.account}"
    again = f", then {run_command(receipt.account, receipt.window)}" if receipt.window else ""
    return UnreadableDelivery(
        f"the document cannot be read: {error}",
        state="The answer is kept as it came; what had landed before stays valid.",
        next_step=f"{doctor}{again}",
        subject=Subject(receipt.source, receipt.account, receipt.window),
    )


def _load_staged(session: Session, receipt: Receipt, reader: "_Reader") -> LedgerLine:
    normalise.normalise_leads(session)
    return LedgerLine(
        "loaded",
        received=reader.received,
        counts=load_versions(session, receipt),
        quarantined=len(reader.refused),
        new_fields=tuple(sorted(reader.new_fields)),
    )


@dataclass(slots=True)
class _Reader:
    """Walks over parsed items once, and keeps aside what is not a lead."""

    items: Iterable[ParsedItem]
    received: int = 0
    refused: list[Quarantined] = field(default_factory=list)
    new_fields: set[str] = field(default_factory=set)

    def leads(self) -> Iterator[ParsedLead]:
        for item in self.items:
            if isinstance(item, ParsedLead):
                self.received += 1
                yield item
            elif isinstance(item, Unreadable):
                self.received += 1
                self.refused.append(
                    Quarantined(item.record_index, "parse", item.place, item.reason, item.content)
                )
            elif isinstance(item, NewField):
                full = len(self.new_fields) >= MOST_NEW_FIELDS
                self.new_fields.add("… and more" if full else _on_one_line(item.path))


def _on_one_line(path: str) -> str:
    """A vendor's name for a field as a log may show it."""
    shown = path if path.isprintable() else ascii(path)[1:-1]
    return shown if len(shown) <= LONGEST_NAME else f"{shown[:LONGEST_NAME]}…"


def _report(receipt: Receipt, line: LedgerLine) -> None:
    counts = ", ".join(
        f"{number} {name}" for name, number in line.counts._asdict().items() if number
    )
    asked = receipt.window or "what came"
    logger.info(
        "%s: %s loaded: %d received (%s)",
        receipt.account,
        asked,
        line.received,
        counts or "nothing",
    )
    if line.quarantined:
        logger.warning(
            "%s: %s: %d records could not be read; lead-pipeline quarantine list",
            receipt.account,
            asked,
            line.quarantined,
        )
    if line.new_fields:
        logger.warning(
            "%s: fields never seen before, kept in attributes: %s",
            receipt.account,
            ", ".join(line.new_fields),
        )
