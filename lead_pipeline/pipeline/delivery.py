"""From what has landed to the warehouse: parse, normalise, load, one transaction an arrival."""

import logging
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

from lead_pipeline import normalise
from lead_pipeline.errors import LandingError, UnreadableDelivery, run_command, scan_command
from lead_pipeline.pipeline.arrivals import (
    Answer,
    Arrival,
    Landed,
    SideDocuments,
    arrival_at,
    is_scanned,
)
from lead_pipeline.pipeline.folder import DataFolder
from lead_pipeline.records import Origin, ParsedLead, ParsedObject, Receipt, Subject
from lead_pipeline.vendors.contract import (
    NewField,
    Unreadable,
    UnreadableDocument,
    Vendor,
)
from lead_pipeline.vendors.history import STREAM as HISTORY
from lead_pipeline.vendors.history.cells import shown
from lead_pipeline.warehouse import Session
from lead_pipeline.warehouse.dismissals import count_dismissed
from lead_pipeline.warehouse.load import (
    NOTHING,
    OBJECT_VERSIONS,
    LedgerLine,
    Quarantined,
    load_versions,
    quarantine,
    write_ledger,
)
from lead_pipeline.warehouse.staging import stage

logger = logging.getLogger(__name__)

Follow = Callable[[Landed], Iterable[tuple[Vendor, Path]]]
"""Passes on one by one what landed, and may show how far it has come."""

MOST_NEW_FIELDS = 100
"""How many new fields of a delivery are named: vendors write their names, and no log is endless."""
LONGEST_NAME = 200


def load_receipts(
    folder: DataFolder, session: Session, landed: Iterable[tuple[Vendor, Path]]
) -> Iterator[LedgerLine]:
    """Load what landed in order, one transaction each; `normalise.install` has been called.

    What is damaged on our own disk is said, left out of the ledger, and does not stop the others:
    the next run tries it again.
    """
    for vendor, path in landed:
        try:
            yield load_arrival(folder, session, arrival_at(folder, vendor, path))
        except LandingError as error:
            logger.error("%s", error)
            yield LedgerLine("unreadable", error="LandingError", message=str(error))


def load_arrival(folder: DataFolder, session: Session, arrival: Arrival) -> LedgerLine:
    """Load one delivery with its ledger line; a failed request gets a line alone."""
    receipt = arrival.receipt
    if receipt.error is not None:
        line = LedgerLine("failed", error=receipt.error, message=receipt.message)
    else:
        line = _read_and_load(folder, session, arrival)
        if line.outcome == "loaded":
            return line
    with session.transaction():
        write_ledger(session, receipt, line, folder.clock())
    return line


def _read_and_load(folder: DataFolder, session: Session, arrival: Arrival) -> LedgerLine:
    receipt = arrival.receipt
    reader = _Reader(folder, arrival)
    try:
        with session.transaction():
            country = receipt.reading.get("default_country")
            stage(session, reader.records(), receipt.source, receipt.account, country)
            line = _load_staged(session, reader)
            quarantine(session, receipt, reader.refused, folder.clock())
            if reader.refused:
                line = replace(line, dismissed=count_dismissed(session, receipt.receipt_id))
            write_ledger(session, receipt, line, folder.clock())
    except UnreadableDocument as error:
        failure = _unreadable(arrival, error)
        logger.error("%s", failure)
        return LedgerLine("unreadable", error=type(failure).__name__, message=str(failure))
    _report(receipt, line)
    return line


def _unreadable(arrival: Arrival, error: UnreadableDocument) -> UnreadableDelivery:
    receipt = arrival.receipt
    first = f"lead-pipeline doctor --account {receipt.account}"
    again = ""
    if receipt.window:
        again = f", then {run_command(receipt.account, receipt.window)}"
    elif is_scanned(arrival.vendor, receipt.stream):
        again = f", then {scan_command(receipt.account)}"
    elif receipt.stream == HISTORY:
        first = "correct the file or its mapping, then lead-pipeline import again"
    return UnreadableDelivery(
        f"the document cannot be read: {error}",
        state="The answer is kept as it came; what had landed before stays valid.",
        next_step=f"{first}{again}",
        subject=Subject(receipt.source, receipt.account, receipt.window),
    )


def _load_staged(session: Session, reader: "_Reader") -> LedgerLine:
    """Load leads, and objects where there are any: then it is these that are counted."""
    counts = NOTHING
    if reader.leads:
        normalise.normalise_leads(session)
        counts = load_versions(session)
    if reader.objects:
        counts = load_versions(session, OBJECT_VERSIONS)
    return LedgerLine(
        "loaded",
        received=reader.received,
        counts=counts,
        quarantined=len(reader.refused),
        new_fields=tuple(sorted(reader.new_fields)),
    )


@dataclass(slots=True)
class _Reader:
    """Walks over an arrival's records once, and keeps aside what is none."""

    folder: DataFolder
    arrival: Arrival
    received: int = 0
    leads: int = 0
    objects: int = 0
    refused: list[Quarantined] = field(default_factory=list)
    new_fields: set[str] = field(default_factory=set)

    def records(self) -> Iterator[tuple[Origin, ParsedLead | ParsedObject]]:
        """Every record with its origin. Raises UnreadableDocument, LandingError."""
        receipt = self.arrival.receipt
        documents = SideDocuments(self.folder, self.arrival.vendor, receipt.account)
        for answer in self.arrival.answers:
            with answer.open() as body, documents.of(answer.receipt) as beside:
                reading = answer.receipt.reading
                items = self.arrival.vendor.parse(answer.receipt.stream, body, reading, beside)
                origin = answer.origin
                for item in items:
                    if isinstance(item, ParsedLead):
                        self.leads += 1
                        yield origin, item
                    elif isinstance(item, ParsedObject):
                        self.objects += 1
                        self.leads += item.lead is not None
                        yield origin, item
                    else:
                        self._keep_aside(answer, item)
        self.received = len(self.refused) + (self.objects or self.leads)

    def _keep_aside(self, answer: Answer, item: Unreadable | NewField) -> None:
        if isinstance(item, Unreadable):
            index, place, reason, content, own_id = item
            self.refused.append(
                Quarantined(index, "parse", place, reason, content, answer.receipt, own_id)
            )
            return
        full = len(self.new_fields) >= MOST_NEW_FIELDS
        self.new_fields.add("… and more" if full else _on_one_line(item.path))


def _on_one_line(path: str) -> str:
    """A vendor's name for a field as a log may show it."""
    name = shown(path)
    return name if len(name) <= LONGEST_NAME else f"{name[:LONGEST_NAME]}…"


def _report(receipt: Receipt, line: LedgerLine) -> None:
    counts = ", ".join(
        f"{number} {name}" for name, number in line.counts._asdict().items() if number
    )
    asked = receipt.window or receipt.stream
    logger.info(
        "%s: %s loaded: %d received (%s)",
        receipt.account,
        asked,
        line.received,
        counts or "nothing",
    )
    if line.waiting:
        logger.warning(
            "%s: %s: %d records could not be read; lead-pipeline quarantine list",
            receipt.account,
            asked,
            line.waiting,
        )
    if line.new_fields:
        logger.warning(
            "%s: fields never seen before, kept in attributes: %s",
            receipt.account,
            ", ".join(line.new_fields),
        )
