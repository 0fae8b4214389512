"""When a run gives up: after so many failures in a row, or when its time is over."""

from lead_pipeline.vendors.contract import Deadline


class GivenUpError(Exception):
    """What is left waits for the next run; the words say why."""


class Circuit:
    """Counts failures in a row; opens by raising GivenUpError."""

    def __init__(self, give_up_after: int, deadline: Deadline) -> None:
        self._most, self.deadline = give_up_after, deadline
        self._failures = 0

    def check(self) -> None:
        """Raise GivenUpError where the time is over."""
        if self.deadline.remaining() <= 0:
            raise GivenUpError("the time limit of the run passed")

    def well(self) -> None:
        """It answered."""
        self._failures = 0

    def failed(self, why: str) -> None:
        """Count a failure. Raises GivenUpError where it was the last one allowed."""
        self._failures += 1
        if self._failures >= self._most:
            raise GivenUpError(f"{self._failures} failures in a row, at last: {why}")
