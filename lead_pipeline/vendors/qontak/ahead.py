"""Asking for pages before their turn, so that a vendor's latency does not bound a scan."""

import hashlib
import io
import threading
from collections.abc import Callable, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from queue import SimpleQueue
from typing import BinaryIO, Self

from lead_pipeline.vendors import json
from lead_pipeline.vendors.contract import Bodies, Deadline
from lead_pipeline.vendors.http import Answer, HttpClient
from lead_pipeline.vendors.qontak.access import Access


@dataclass(frozen=True, slots=True)
class _Held:
    """A `contract.Body` in memory."""

    content: bytes = field(repr=False)

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.content).hexdigest()

    @property
    def length(self) -> int:
        return len(self.content)

    def open(self) -> BinaryIO:
        return io.BytesIO(self.content)


class _Memory:
    """A `contract.Bodies` in which answers wait for their turn."""

    def store(self, chunks: Iterable[bytes]) -> _Held:
        return _Held(b"".join(chunks))


def _at_once(_: Deadline) -> None:
    """The pace of a thread: who gives it a page to ask for has kept the account's."""


class _AbandonedError(Exception):
    """Nobody waits for the answer any more."""


Ask = Callable[[int, Access, Bodies, Deadline], Answer]
"""Asks for the page of that number."""


class Ahead:
    """Asks for as many pages at once as it has threads, and gives them in the order of their turns.

    Only the thread that calls it keeps the pace and writes into `bodies`; an answer is in memory
    until its turn comes. Leaving the block ends what is still being asked.
    """

    def __init__(
        self, ask: Ask, access: Access, threads: int, bodies: Bodies, deadline: Deadline
    ) -> None:
        self._ask, self._pace, self._count = ask, access.pace, threads
        self._bodies, self._deadline = bodies, deadline
        self._left = threading.Event()
        self._asked: dict[int, Future[Answer]] = {}
        self._threads = ThreadPoolExecutor(threads, "pages-ahead")
        self._idle: SimpleQueue[Access] = SimpleQueue()
        for _ in range(threads):
            self._idle.put(replace(access, http=self._connection(access.http), pace=_at_once))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._left.set()
        self._threads.shutdown(cancel_futures=True)
        while not self._idle.empty():
            self._idle.get().http.close()

    def page(self, number: int) -> Answer:
        """The page, asked for anew unless its turn was foreseen. Raises VendorError."""
        if number not in self._asked:
            self._forget()
        for foreseen in range(number, number + self._count):
            if foreseen not in self._asked:
                self._pace(self._deadline)
                self._asked[foreseen] = self._threads.submit(self._fetch, foreseen)
            if self._asked[number].done():
                break
        answer = self._asked.pop(number).result()
        with answer.body.open() as content:
            return replace(answer, body=self._bodies.store([content.read()]))

    def remaining(self) -> float:
        """Seconds left to its threads, which ask by this `contract.Deadline`."""
        return 0.0 if self._left.is_set() else self._deadline.remaining()

    def _fetch(self, number: int) -> Answer:
        access = self._idle.get()
        try:
            return self._ask(number, access, _Memory(), self)
        finally:
            self._idle.put(access)

    def _forget(self) -> None:
        for asked in self._asked.values():
            asked.cancel()
        self._asked.clear()

    def _connection(self, http: HttpClient) -> HttpClient:
        most = min(http.settings.maximum_bytes, json.MAXIMUM_BYTES)
        settings = replace(http.settings, maximum_bytes=most)
        return HttpClient(settings, clock=http.clock, sleep=self._sleep)

    def _sleep(self, seconds: float) -> None:
        if self._left.wait(seconds):
            raise _AbandonedError
