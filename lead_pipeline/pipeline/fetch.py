"""Ask an account for a window, and land every answer before anything reads it."""

import logging
import time
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from typing import TypedDict

from lead_pipeline.errors import (
    ConfigError,
    PipelineError,
    VendorError,
    VendorRefused,
    VendorUnavailable,
)
from lead_pipeline.landing import claim_environment
from lead_pipeline.landing.receipts import new_receipt_id
from lead_pipeline.pipeline.account import Account
from lead_pipeline.pipeline.folder import DataFolder
from lead_pipeline.records import Receipt, Window
from lead_pipeline.vendors.contract import Client, Delivery, Reading, StreamKind

logger = logging.getLogger(__name__)

GIVE_UP_AFTER = 2
"""Pieces in a row without an answer after which the vendor, not the piece, is taken to be down."""


@dataclass(frozen=True, slots=True)
class MonotonicDeadline:
    """A time limit that begins when it is made."""

    seconds: float
    started: float = field(default_factory=time.monotonic)

    def remaining(self) -> float:
        """Seconds left."""
        return self.started + self.seconds - time.monotonic()


def fetch_account(
    folder: DataFolder, account: Account, window: Window, run_id: str
) -> list[Receipt]:
    """Read `window` of every windowed stream; the receipts, failures among them.

    A vendor's failure, or a half-set account, becomes a receipt, so that the other accounts go
    on. Raises EnvironmentMismatch, LandingError.
    """
    claim_environment(folder.path, account.environment, accept=folder.settings.accept_environment)
    return [
        receipt
        for stream in account.vendor.streams
        if stream.kind is StreamKind.WINDOWED
        for receipt in _Fetch(folder, account, stream.name, run_id).run(window)
    ]


class _Fetch:
    """One stream of one account in one run."""

    def __init__(self, folder: DataFolder, account: Account, stream: str, run_id: str) -> None:
        self._folder = folder
        self._account = account
        self._stream = stream
        self._run_id = run_id

    def run(self, window: Window) -> Iterator[Receipt]:
        """Read the window, or say why not."""
        try:
            client = self._account.require_client()
        except ConfigError as error:
            yield self._fail(error, window)
            return
        with closing(client):
            yield from self._read(client, client.plan(self._stream, window, self._folder.clock()))

    def _read(self, client: Client, plan: Sequence[Window]) -> Iterator[Receipt]:
        """Go through the plan; stop early where going on would only repeat the failure."""
        deadline = MonotonicDeadline(self._folder.settings.window_deadline_seconds)
        unanswered = 0
        for piece in plan:
            try:
                for delivery in client.fetch(self._stream, piece, self._folder.bodies, deadline):
                    yield self._receive(delivery, client.reading)
                unanswered = 0
            except VendorError as error:
                unanswered += isinstance(error, VendorUnavailable)
                stop = isinstance(error, VendorRefused) or unanswered == GIVE_UP_AFTER
                lost = Window(piece.start, plan[-1].end) if stop else piece
                yield self._fail(error, lost)
                if stop:
                    return

    def _receive(self, delivery: Delivery, reading: Reading) -> Receipt:
        logger.info(
            "%s: %s received, %d bytes", self._account.name, delivery.window, delivery.body.length
        )
        receipt = Receipt(
            **self._about(),
            receipt_id=new_receipt_id(delivery.requested_at),
            window=delivery.window,
            covers=delivery.covers,
            requested_at=delivery.requested_at,
            received_at=delivery.received_at,
            attempts=delivery.attempts,
            reading=dict(reading),
            url=delivery.url,
            status=delivery.status,
            sha256=delivery.body.sha256,
            length=delivery.body.length,
        )
        self._folder.receipts.write(receipt)
        return receipt

    def _fail(self, error: PipelineError, window: Window) -> Receipt:
        logger.error("%s", error)
        now = self._folder.clock()
        receipt = Receipt(
            **self._about(),
            receipt_id=new_receipt_id(now),
            window=window,
            covers=False,
            requested_at=now,
            received_at=now,
            attempts=0,
            reading={},
            error=type(error).__name__,
            message=str(error),
        )
        self._folder.receipts.write(receipt)
        return receipt

    def _about(self) -> "_About":
        return {
            "run_id": self._run_id,
            "source": self._account.vendor.source,
            "account": self._account.name,
            "environment": self._account.environment,
            "stream": self._stream,
        }


class _About(TypedDict):
    """The fields that every receipt of one fetch shares."""

    run_id: str
    source: str
    account: str
    environment: str
    stream: str
