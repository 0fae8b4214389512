"""Objects that somebody entered: when they came and went. Times are epoch milliseconds.

Their numbers begin far above those of the objects that are made up, so no id is ever given twice.
"""

from bisect import insort

FIRST_OWN = 10**13
_FOR_EVER = 2**62


class OwnLives:
    """One stream's."""

    def __init__(self) -> None:
        self._created: list[int] = []
        self._gone: dict[int, int] = {}
        self._in_order: list[tuple[int, int]] = []

    @property
    def next_number(self) -> int:
        """What the next new object gets."""
        return FIRST_OWN + len(self._created)

    def create(self, at: int) -> int:
        """The number of a new object."""
        number = self.next_number
        self._created.append(at)
        insort(self._in_order, (at, number))
        return number

    def end(self, number: int, at: int) -> None:
        """From this moment on the object is gone."""
        self._gone[number] = at

    def created(self, number: int) -> int:
        """When the object came."""
        return self._created[number - FIRST_OWN]

    def vanished(self, number: int) -> int:
        """From this moment on the object is gone; far ahead if it is not."""
        return self._gone.get(number, _FOR_EVER)

    def is_alive(self, number: int, at: int) -> bool:
        """Whether the object is there at a moment."""
        if number - FIRST_OWN >= len(self._created):
            return False
        return self.created(number) <= at < self.vanished(number)

    def alive(self, at: int, since: int = 0) -> list[int]:
        """Which are there, of those created from `since` on, in order of creation."""
        return [
            number
            for created, number in self._in_order
            if since <= created <= at < self.vanished(number)
        ]

    def created_within(self, first: int, end: int) -> list[int]:
        """The numbers created from `first` on and before `end`."""
        return [number for created, number in self._in_order if first <= created < end]
