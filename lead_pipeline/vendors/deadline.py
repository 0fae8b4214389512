"""The one time limit of a window."""

import time
from collections.abc import Callable


class Countdown:
    """A `contract.Deadline`: so many seconds from now on a monotonic clock."""

    def __init__(self, seconds: float, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._monotonic = monotonic
        self._end = monotonic() + seconds

    def remaining(self) -> float:
        """Seconds left; zero or less when it has passed."""
        return self._end - self._monotonic()
