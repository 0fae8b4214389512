"""Chance that can be repeated: one large integer, spent a choice at a time."""

from collections.abc import Sequence
from typing import TypeVar

Option = TypeVar("Option")

BITS = 384
"""How many random bits a die needs: some sixty choices of a few options each."""

_MASK = (1 << 64) - 1


class Dice:
    """Draws choices from the digits of `bits`; the same bits give the same choices."""

    __slots__ = ("_bits",)

    def __init__(self, bits: int) -> None:
        self._bits = bits

    def below(self, limit: int) -> int:
        """An integer from 0 to limit - 1."""
        self._bits, drawn = divmod(self._bits, limit)
        return drawn

    def pick(self, options: Sequence[Option]) -> Option:
        """One of the options, all equally likely; name one twice to double its chance."""
        return options[self.below(len(options))]

    def chance(self, percent: int) -> bool:
        """True in `percent` of a hundred cases."""
        return self.below(100) < percent


def scattered(*numbers: int) -> int:
    """128 bits that depend on every number and on nothing else (two rounds of splitmix64)."""
    state = 0
    for number in numbers:
        state = mixed((state ^ number) & _MASK)
    return (mixed(state) << 64) | mixed(state ^ _MASK)


def mixed(state: int) -> int:
    """64 bits that depend on one number of 64 bits (a round of splitmix64)."""
    state = (state + 0x9E3779B97F4A7C15) & _MASK
    state = ((state ^ (state >> 30)) * 0xBF58476D1CE4E5B9) & _MASK
    state = ((state ^ (state >> 27)) * 0x94D049BB133111EB) & _MASK
    return state ^ (state >> 31)
