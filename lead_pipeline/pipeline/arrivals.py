"""What has landed, as it is loaded: one answer, or one pack of a scan's answers."""

import hashlib
from bisect import bisect_right
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import BinaryIO, NamedTuple

from lead_pipeline.landing.packs import FRAMES, Pack
from lead_pipeline.pipeline.folder import DataFolder
from lead_pipeline.records import Origin, Receipt
from lead_pipeline.vendors.contract import Stream, StreamKind, Vendor

Landed = Sequence[tuple[Vendor, Path]]
"""Receipts and packs on disk, each with the vendor that can read what it names."""


class Answer(NamedTuple):
    """One response with its receipt, whose body can be opened."""

    receipt: Receipt
    open: Callable[[], BinaryIO]

    @property
    def origin(self) -> Origin:
        """What its records are told apart by."""
        return Origin(str(self.receipt.sha256), self.receipt.requested_at)


@dataclass(frozen=True, slots=True)
class Arrival:
    """What is loaded in one transaction. `receipt` is what the ledger says of it.

    There is no answer where the request failed.
    """

    vendor: Vendor
    receipt: Receipt
    answers: tuple[Answer, ...]


def arrival_at(folder: DataFolder, vendor: Vendor, path: Path) -> Arrival:
    """What landed at that path. Raises LandingError where it is not as it was."""
    if path.suffix == FRAMES:
        return _arrival_of(vendor, Pack(path))
    receipt = folder.receipts.read(path)
    if receipt.sha256 is None:
        return Arrival(vendor, receipt, ())
    answer = Answer(receipt, partial(folder.bodies.open, receipt.sha256))
    return Arrival(vendor, receipt, (answer,))


def _arrival_of(vendor: Vendor, pack: Pack) -> Arrival:
    """A pack; an answer that its client could not read is kept in it, and asked for again."""
    pages = pack.pages()
    first, last = pages[0].receipt, pages[-1].receipt
    hashes = "".join(str(page.receipt.sha256) for page in pages)
    receipt = replace(
        first,
        receipt_id=pack.pack_id,
        stream=pack.path.parts[-4],
        covers=all(page.receipt.covers for page in pages),
        received_at=last.received_at,
        attempts=sum(page.receipt.attempts for page in pages),
        sha256=hashlib.sha256(hashes.encode()).hexdigest(),
        length=sum(page.receipt.length or 0 for page in pages),
    )
    answers = (
        Answer(page.receipt, partial(pack.open, page)) for page in pages if page.receipt.covers
    )
    return Arrival(vendor, receipt, tuple(answers))


def path_of(folder: DataFolder, vendor: Vendor, account: str, stream: str, receipt_id: str) -> Path:
    """Where the receipt or the pack is that the ledger knows by that id."""
    if is_scanned(vendor, stream) and "-" in receipt_id.partition("-")[2]:
        return folder.scans.pack(vendor.source, account, stream, receipt_id).path
    return folder.receipts.path(vendor.source, account, stream, receipt_id)


def is_scanned(vendor: Vendor, stream: str) -> bool:
    """Whether that stream of the vendor's is read by scans."""
    return any(one.name == stream and one.kind is StreamKind.SCANNED for one in vendor.streams)


def landed_of(folder: DataFolder, vendor: Vendor, account: str) -> Iterator[tuple[str, Path]]:
    """Id and path of all that an account ever gave, stream by stream, oldest first."""
    for stream in vendor.streams:
        yield from folder.receipts.identifiers(vendor.source, account, stream.name).items()
        if stream.kind is StreamKind.SCANNED:
            for scan in folder.scans.scans(vendor.source, account, stream.name):
                yield from ((pack.pack_id, pack.path) for pack in scan.packs())


class SideDocuments:
    """The documents that parsing an account's answers needs: of each stream the newest at the time.

    So a rebuild reads every answer with the same documents as the first load.
    """

    def __init__(self, folder: DataFolder, vendor: Vendor, account: str) -> None:
        self._folder = folder
        self._vendor = vendor
        self._account = account
        self._known: dict[str, list[Receipt]] = {}

    @contextmanager
    def of(self, answer: Receipt) -> Iterator[Mapping[str, BinaryIO]]:
        """The documents by stream, open for the block. Raises LandingError."""
        with ExitStack() as opened:
            yield {
                name: opened.enter_context(self._folder.bodies.open(sha256))
                for name in self._stream(answer.stream).side_documents
                if (sha256 := self._newest(name, answer))
            }

    def _stream(self, name: str) -> Stream:
        return next(stream for stream in self._vendor.streams if stream.name == name)

    def _newest(self, stream: str, answer: Receipt) -> str | None:
        receipts = self._known.get(stream)
        if receipts is None:
            receipts = self._known[stream] = self._readable(stream)
        place = bisect_right(receipts, answer.requested_at, key=lambda one: one.requested_at)
        return receipts[place - 1].sha256 if place else None

    def _readable(self, stream: str) -> list[Receipt]:
        paths = self._folder.receipts.identifiers(self._vendor.source, self._account, stream)
        receipts = (self._folder.receipts.read(path) for path in paths.values())
        return [receipt for receipt in receipts if receipt.covers]
