"""Ask an account for a window, and land every answer before anything reads it."""

import logging
import time
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from datetime import timedelta

from lead_pipeline.clock import system_clock
from lead_pipeline.errors import (
    ConfigError,
    VendorError,
    VendorRefused,
    VendorUnavailable,
    run_command,
)
from lead_pipeline.landing import claim_environment
from lead_pipeline.landing.cursors import Cursor
from lead_pipeline.landing.lock import HeldError
from lead_pipeline.pipeline.account import Account
from lead_pipeline.pipeline.folder import DataFolder
from lead_pipeline.pipeline.request_log import RequestLog
from lead_pipeline.records import Receipt, Window, day_window
from lead_pipeline.vendors.contract import Client, StreamKind

logger = logging.getLogger(__name__)

UNFINISHED_FOR = timedelta(days=1)
"""No answer takes that long to arrive: what is older was left by a process that was killed."""
GIVE_UP_AFTER = 2
"""Pieces in a row without an answer after which the vendor, not the piece, is taken to be down."""
READINGS = 2
"""How often a run reads a list whose pages shift while they are read."""


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
    folder.bodies.forget_unfinished(system_clock() - UNFINISHED_FOR)
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
        self._requests = RequestLog(folder, account, stream, run_id)

    def run(self, window: Window) -> Iterator[Receipt]:
        """Read the window, or say why not."""
        try:
            client = self._account.require_client()
        except ConfigError as error:
            yield self._requests.failed(error, window)
            return
        with closing(client):
            if client.moves_cursor:
                yield from self._read_new(client, window)
                return
            yield from self._read(client, client.plan(self._stream, window, self._folder.clock()))

    def _read_new(self, client: Client, window: Window) -> Iterator[Receipt]:
        """Ask for what is new, unless another process is at it."""
        cursors = self._folder.cursors
        try:
            with cursors.hold(client.vendor.source, client.account, self._stream) as cursor:
                yield from self._ask_once(client, cursor, window)
        except HeldError as held:
            yield self._requests.failed(_held(client, held.holder, window), window)

    def _ask_once(self, client: Client, cursor: Cursor, window: Window) -> Iterator[Receipt]:
        """One call if `window` touches today; a recovery wherever an answer may be lost."""
        name = client.account
        if cursor.is_open:
            logger.warning("%s: the last answer may be lost; asking for the last days again", name)
            yield from self._recover(client, cursor, landed=False)
        elif window.start <= self._folder.clock() < window.end:
            yield from self._call(client, cursor)
        else:
            logger.warning(
                "%s: not asked: it is asked for what is new only (mode: incremental), and %s is "
                "over; what has landed of it is in the archive",
                name,
                window,
            )

    def _call(self, client: Client, cursor: Cursor) -> Iterator[Receipt]:
        """Make the call that moves the cursor; recover unless all before its answer has landed."""
        cursor.open()
        deadline = self._deadline()
        # Earlier answers hold the beginning of that day: with this one, the day is whole.
        since = day_window(cursor.landed_at.date()).start if cursor.landed_at else None
        try:
            for delivery in client.fetch_new(self._stream, since, self._folder.bodies, deadline):
                receipt = self._requests.answered(delivery, client.reading)
                yield receipt
        except VendorError as error:
            logger.warning("%s: %s; asking for the last days", client.account, error.what)
            yield from self._recover(client, cursor, landed=False)
            return
        if receipt.window is None:
            logger.info("%s: its cursor was not known; asking for the last days", client.account)
            yield from self._recover(client, cursor, landed=True)
        else:
            cursor.close(receipt.requested_at)

    def _recover(self, client: Client, cursor: Cursor, *, landed: bool) -> Iterator[Receipt]:
        """Ask for all that the vendor still gives, so that nothing hangs on a lost answer.

        Unless the call `landed` the vendor may yet move its cursor: then it is not known.
        """
        try:
            for delivery in client.recover(self._stream, self._folder.bodies, self._deadline()):
                receipt = self._requests.answered(delivery, client.reading)
                yield receipt
        except VendorError as error:
            yield self._requests.failed(error, self._owed(cursor, error))
            return
        cursor.close(receipt.requested_at if landed else None)

    def _owed(self, cursor: Cursor, error: VendorError) -> Window:
        """The days that may miss leads after a failed recovery."""
        today = self._folder.clock().date()
        if cursor.landed_at:
            return day_window(min(cursor.landed_at.date(), today), today)
        return error.subject.window or day_window(today)

    def _deadline(self) -> MonotonicDeadline:
        return MonotonicDeadline(self._folder.settings.window_deadline_seconds)

    def _read(self, client: Client, plan: Sequence[Window]) -> Iterator[Receipt]:
        """Go through the plan; stop early where going on would only repeat the failure."""
        deadline = self._deadline()
        unanswered = 0
        for piece in plan:
            try:
                yield from self._read_piece(client, piece, deadline)
                unanswered = 0
            except VendorError as error:
                unanswered += isinstance(error, VendorUnavailable)
                stop = isinstance(error, VendorRefused) or unanswered == GIVE_UP_AFTER
                lost = Window(piece.start, plan[-1].end) if stop else piece
                yield self._requests.failed(error, lost)
                if stop:
                    return

    def _read_piece(
        self, client: Client, piece: Window, deadline: MonotonicDeadline
    ) -> Iterator[Receipt]:
        """Read until an answer says that nothing is missing, but not for ever.

        Raises VendorError.
        """
        for _ in range(READINGS):
            is_whole = False
            for delivery in client.fetch(self._stream, piece, self._folder.bodies, deadline):
                is_whole = delivery.covers
                yield self._requests.answered(delivery, client.reading)
            if is_whole:
                return
            logger.warning("%s: %s: not known to be whole", client.account, piece)
        raise _never_whole(client, piece)


def _held(client: Client, holder: str, window: Window) -> VendorUnavailable:
    return VendorUnavailable(
        f"{holder} is asking with this account's cursor, so this one did not",
        state="nothing was asked; what the other one lands is loaded by either",
        next_step=f"wait for it to end, then {run_command(client.account, window)}",
        subject=client.subject(window),
    )


def _never_whole(client: Client, piece: Window) -> VendorUnavailable:
    return VendorUnavailable(
        f"{READINGS} readings in a row were not whole: the list changed while it was read, or none "
        "of its records has an id",
        state="what came is kept and loaded; records may be missing",
        next_step=run_command(client.account, piece),
        subject=client.subject(piece),
    )
