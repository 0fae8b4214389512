"""The one clock.

Everything that needs the present asks a `Clock`; tests, the demo and the sandbox hold one still.
"""

from collections.abc import Callable
from datetime import UTC, datetime

Clock = Callable[[], datetime]
"""Returns the present, aware and in UTC."""


def system_clock() -> datetime:
    """The machine's time, UTC."""
    return datetime.now(UTC)


def held_clock(moment: datetime) -> Clock:
    """A clock that stands at `moment` (aware; any zone)."""
    still = moment.astimezone(UTC)
    return lambda: still
