"""Asking gently: at most so many requests a second."""

from collections.abc import Callable

from lead_pipeline.vendors.contract import Deadline


class Pace:
    """Keeps requests apart. `monotonic` is in seconds."""

    def __init__(
        self, per_second: float, sleep: Callable[[float], None], monotonic: Callable[[], float]
    ) -> None:
        self._apart = 1 / per_second
        self._sleep = sleep
        self._monotonic = monotonic
        self._next = monotonic()

    def wait(self, deadline: Deadline) -> None:
        """Sleep until the next request may be sent, but not past the deadline."""
        pause = min(self._next - self._monotonic(), deadline.remaining())
        if pause > 0:
            self._sleep(pause)
        self._next = max(self._next, self._monotonic()) + self._apart
