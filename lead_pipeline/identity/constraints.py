"""What evidence ties together and constraints keep apart: one component at a time, without I/O."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import product
from typing import NamedTuple


class Lead(NamedTuple):
    """A lead of the component. `name` is '' unless it is one in full.

    `sides` says on which side of which override it is; overrides are numbered as they were made.
    """

    number: int
    lead_id: str
    name: str
    sides: Mapping[int, int]


class Tie(NamedTuple):
    """Leads that a link speaks for: each of `ones` with each of `others`; the heaviest come first.

    `place` decides between equal weights, and does not depend on when a lead came.
    """

    weight: float
    place: tuple[int, ...]
    ones: tuple[int, ...]
    others: tuple[int, ...]


class _Cluster:
    """Leads found to be one person. Names that only a hand has brought together stay apart."""

    def __init__(self, lead: Lead) -> None:
        self.leads = [lead]
        self.names: list[set[str]] = [{lead.name} - {""}]


def settle(
    leads: Sequence[Lead], ties: Iterable[Tie], conflicts: Iterable[tuple[str, str]]
) -> dict[int, int]:
    """Lead number to cluster, which is named after its smallest number.

    A hand's decision outdoes evidence, and a later one an earlier. No two names of `conflicts`
    come into one cluster but by hand.
    """
    settling = _Settling(leads, conflicts)
    settling.decide_by_hand()
    for tie in sorted(ties, key=lambda tie: (-tie.weight, tie.place)):
        settling.follow(tie)
    return settling.clusters()


class _Settling:
    def __init__(self, leads: Sequence[Lead], conflicts: Iterable[tuple[str, str]]) -> None:
        self._of = {lead.number: _Cluster(lead) for lead in leads}
        self._leads = {lead.number: lead for lead in leads}
        self._conflicts = {frozenset(pair) for pair in conflicts}

    def decide_by_hand(self) -> None:
        events = sorted({event for lead in self._leads.values() for event in lead.sides})
        for event in reversed(events):
            named = [lead for lead in self._leads.values() if event in lead.sides]
            for side in sorted({lead.sides[event] for lead in named}):
                self._hold_together([lead for lead in named if lead.sides[event] == side])

    def _hold_together(self, leads: list[Lead]) -> None:
        leads.sort(key=lambda lead: lead.lead_id)
        for one, other in product(leads, leads):
            if one.lead_id < other.lead_id and judged(one, other):
                self._join(one.number, other.number, by_hand=True)

    def follow(self, tie: Tie) -> None:
        for one, other in product(self._sorted(tie.ones), self._sorted(tie.others)):
            self._join(one, other, by_hand=False)

    def _sorted(self, numbers: Iterable[int]) -> list[int]:
        return sorted(numbers, key=lambda number: self._leads[number].lead_id)

    def _join(self, one: int, other: int, *, by_hand: bool) -> None:
        first, second = self._of[one], self._of[other]
        if first is second or self._kept_apart(first, second):
            return
        facing = self._facing(first, second)
        if facing is None and not by_hand:
            return
        if facing is None:
            first.names += second.names
        else:
            here, there = facing
            first.names[here] |= second.names.pop(there)
            first.names += second.names
        first.leads += second.leads
        for lead in second.leads:
            self._of[lead.number] = first

    @staticmethod
    def _kept_apart(first: _Cluster, second: _Cluster) -> bool:
        return any(
            judged(one, other) is False
            for one in first.leads
            if one.sides
            for other in second.leads
            if other.sides
        )

    def _facing(self, first: _Cluster, second: _Cluster) -> tuple[int, int] | None:
        """Which names of the one go with which of the other; None where all conflict."""
        for here, there in product(range(len(first.names)), range(len(second.names))):
            if not any(
                frozenset(pair) in self._conflicts
                for pair in product(first.names[here], second.names[there])
            ):
                return here, there
        return None

    def clusters(self) -> dict[int, int]:
        return {
            number: min(lead.number for lead in cluster.leads)
            for number, cluster in self._of.items()
        }


def judged(one: Lead, other: Lead) -> bool | None:
    """Whether the latest override that names both has them together; None if none does."""
    for event in sorted(one.sides.keys() & other.sides.keys(), reverse=True):
        return one.sides[event] == other.sides[event]
    return None
