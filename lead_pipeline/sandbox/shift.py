"""How far a list has moved under the reader of its pages, for one request at a time.

A list that grows at its front while it is read moves back: a page repeats what the page before
held. One that shrinks there moves on: what stood between two pages is on neither.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from math import ceil


class Shift:
    """By what share of a page; below 0 records repeat, above 0 records are passed over."""

    def __init__(self, share: float) -> None:
        self._share = share
        self.took_place = False
        """Whether a page was asked for that a shift can move."""

    def moved(self, start: int, per_page: int) -> int:
        """Where a page begins that began at `start`; the first page never moves."""
        if start == 0 or self._share == 0:
            return start
        self.took_place = True
        by = ceil(abs(self._share) * per_page)
        return start + by if self._share > 0 else max(0, start - by)


_SHIFT: ContextVar[Shift | None] = ContextVar("shift", default=None)


def moved(start: int, per_page: int) -> int:
    """Where the page begins in the request that is being answered."""
    shift = _SHIFT.get()
    return start if shift is None else shift.moved(start, per_page)


@contextmanager
def shifted(share: float) -> Iterator[Shift]:
    """Let lists be shifted for the request that is being answered."""
    shift = Shift(share)
    token = _SHIFT.set(shift)
    try:
        yield shift
    finally:
        _SHIFT.reset(token)
