"""The sandbox's own clock: the machine's time, or a moment held still."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime, timedelta

_SKEW: ContextVar[timedelta] = ContextVar("skew", default=timedelta())


class SandboxClock:
    """Tells the time that every part of the sandbox goes by."""

    def __init__(self, held: datetime | None = None) -> None:
        self._held: datetime | None = None
        self.hold(held)

    @property
    def is_held(self) -> bool:
        """Whether the clock stands still."""
        return self._held is not None

    def present(self) -> datetime:
        """The true present, UTC: leads are there up to it, whatever a vendor's clock says."""
        return self._held or datetime.now(UTC)

    def now(self) -> datetime:
        """What the clock says, UTC: the present, but for a skew."""
        return self.present() + _SKEW.get()

    @contextmanager
    def skewed(self, seconds: float) -> Iterator[None]:
        """Let the clock be this much ahead for the request that is being answered."""
        before = _SKEW.set(timedelta(seconds=seconds))
        try:
            yield
        finally:
            _SKEW.reset(before)

    def hold(self, moment: datetime | None) -> None:
        """Stand still at an aware moment, or follow the machine's time again (None)."""
        if moment is None:
            self._held = None
        elif moment.tzinfo is None:
            raise ValueError("the moment has no time zone")
        else:
            self._held = moment.astimezone(UTC)
