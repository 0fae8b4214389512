"""When the objects of one stream are created, change and vanish. Times are epoch milliseconds.

Number n is created in the n-th of equal steps since 1970. Of five objects one vanishes at some time
before the mean life is over, the others some time after it; so as many come as go. Changes follow
one another at an interval of the object's own.
"""

from array import array
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from functools import lru_cache

from lead_pipeline.sandbox.dice import mixed, scattered

_BLOCK = 1024
_BLOCKS_KEPT = 4096
_MASK = (1 << 64) - 1
_EIGHTEEN_BITS = 0x3FFFF


class Lives:
    """One stream: `alive` objects on average, each there for `life` milliseconds on average."""

    def __init__(self, seed: int, stream: int, alive: int, life: int) -> None:
        self._key = scattered(seed, stream, 1) & _MASK
        self._life = life
        self.step = max(1, life // alive)
        self._ended: dict[int, int] = {}
        self._vanishing = lru_cache(maxsize=_BLOCKS_KEPT)(self._block)

    def created(self, number: int) -> int:
        """Later for a larger number."""
        return self._created(number, self._bits(number))

    def vanished(self, number: int) -> int:
        """From this moment on the object is gone."""
        bits = self._bits(number)
        gone = self._vanished(self._created(number, bits), bits)
        return min(gone, self._ended.get(number, gone))

    def end(self, number: int, at: int) -> None:
        """Let the object be gone from this moment on."""
        self._ended[number] = at
        self._vanishing.cache_clear()

    def is_alive(self, number: int, at: int) -> bool:
        """Whether the object is there at a moment."""
        if number < 0:
            return False
        return self.created(number) <= at < self.vanished(number)

    def revision(self, number: int, at: int) -> int:
        """How often the object has changed since it was created."""
        return max(0, at - self.created(number)) // self._interval(number)

    def updated(self, number: int, revision: int) -> int:
        """When the object got this revision; revision 0 is its creation."""
        return self.created(number) + revision * self._interval(number)

    def count(self, at: int, since: int) -> int:
        """How many are there at a moment, of those with a number from `since` on."""
        return sum(self._count(block, at, since) for block in self._blocks(at, since))

    def numbers(self, at: int, since: int, *, newest_first: bool) -> Iterator[int]:
        """Which are there at a moment, of those with a number from `since` on."""
        return self.page(at, since, 0, None, newest_first=newest_first)

    def page(
        self, at: int, since: int, start: int, length: int | None, *, newest_first: bool
    ) -> Iterator[int]:
        """The same, without the first `start`, and `length` at most."""
        blocks = self._blocks(at, since)
        for block in reversed(blocks) if newest_first else blocks:
            count = self._count(block, at, since)
            if start >= count:
                start -= count
                continue
            alive = self._alive(block, at, since)
            if newest_first:
                alive.reverse()
            found = alive[start : None if length is None else start + length]
            yield from found
            start = 0
            if length is not None:
                length -= len(found)
                if length == 0:
                    return

    def created_within(self, first: int, end: int) -> range:
        """The numbers created from `first` on and before `end`."""
        return range(self.first_created(first), self.first_created(end))

    def first_created(self, moment: int) -> int:
        """The first number created at a moment or after it."""
        number = max(0, moment // self.step)
        return number if self.created(number) >= moment else number + 1

    def span(self, at: int) -> range:
        """No other numbers than these can be there at a moment."""
        oldest = (at - self._life - self._life // 4) // self.step - 1
        return range(max(0, oldest), at // self.step + 1)

    def _blocks(self, at: int, since: int) -> range:
        span = self.span(at)
        oldest, newest = max(span.start, since), span.stop - 1
        return range(oldest // _BLOCK, newest // _BLOCK + 1) if newest >= oldest else range(0)

    def _count(self, block: int, at: int, since: int) -> int:
        first = block * _BLOCK
        if first < since or first + _BLOCK > at // self.step:
            return len(self._alive(block, at, since))
        return _BLOCK - bisect_right(self._vanishing(block)[1], at)

    def _alive(self, block: int, at: int, since: int) -> list[int]:
        """In order of creation."""
        vanishing = self._vanishing(block)[0]
        alive = [number for number, gone in enumerate(vanishing, block * _BLOCK) if gone > at]
        if block * _BLOCK < since:
            alive = [number for number in alive if number >= since]
        while alive and self.created(alive[-1]) > at:
            alive.pop()
        return alive

    def _block(self, block: int) -> tuple[Sequence[int], Sequence[int]]:
        """When the objects of a block vanish: by number, and sorted."""
        moments = array("q", (self.vanished(block * _BLOCK + place) for place in range(_BLOCK)))
        return moments, array("q", sorted(moments))

    def _bits(self, number: int) -> int:
        return mixed(self._key ^ number)

    def _created(self, number: int, bits: int) -> int:
        return number * self.step + ((bits & 0xFFFFF) * self.step >> 20)

    def _vanished(self, created: int, bits: int) -> int:
        share = bits >> 28 & _EIGHTEEN_BITS
        if bits >> 20 & 0xFF < 51:
            return created + 1 + (share * self._life >> 18)
        return created + self._life + (share * self._life >> 20)

    def _interval(self, number: int) -> int:
        share = self._bits(number) >> 46 & _EIGHTEEN_BITS
        return max(1, self._life // 10 + (share * self._life * 9 // 10 >> 18))
