"""How often a client may ask."""

import time
from collections.abc import Callable
from math import ceil

_MINUTE = 60.0


class Rate:
    """So many requests a minute, saved up to a minute's worth; None: as many as come."""

    def __init__(self, per_minute: int | None, clock: Callable[[], float] = time.monotonic) -> None:
        self._per_minute = per_minute
        self._clock = clock
        self._left = float(per_minute or 0)
        self._seen = clock()

    def wait_seconds(self) -> int:
        """Take a request: 0 if it may be answered, else after how many seconds one may be."""
        if self._per_minute is None:
            return 0
        now = self._clock()
        gained = (now - self._seen) * self._per_minute / _MINUTE
        self._left, self._seen = min(self._per_minute, self._left + gained), now
        if self._left >= 1:
            self._left -= 1
            return 0
        return ceil((1 - self._left) * _MINUTE / self._per_minute)
