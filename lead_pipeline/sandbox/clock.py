"""The sandbox's own clock: the machine's time, or a moment held still."""

from datetime import UTC, datetime


class SandboxClock:
    """Tells the time that every part of the sandbox goes by."""

    def __init__(self, held: datetime | None = None) -> None:
        self._held: datetime | None = None
        self.hold(held)

    @property
    def is_held(self) -> bool:
        """Whether the clock stands still."""
        return self._held is not None

    def now(self) -> datetime:
        """The present, UTC."""
        return self._held or datetime.now(UTC)

    def hold(self, moment: datetime | None) -> None:
        """Stand still at an aware moment, or follow the machine's time again (None)."""
        if moment is None:
            self._held = None
        elif moment.tzinfo is None:
            raise ValueError("the moment has no time zone")
        else:
            self._held = moment.astimezone(UTC)
