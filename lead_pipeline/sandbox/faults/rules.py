"""Which request gets which fault, and what was really given."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from lead_pipeline.sandbox.dice import scattered
from lead_pipeline.sandbox.faults.fault import Fault, FaultError
from lead_pipeline.sandbox.faults.shapes import can_have

_WHOLE = 2**128


@dataclass(frozen=True)
class FaultGiven:
    """How often a fault was given since it was set, and how many leads it hit in all answers."""

    fault: Fault
    given: int
    records: int


class Rule:
    """A fault with its counts."""

    def __init__(self, fault: Fault) -> None:
        self.fault = fault
        self.matched = 0
        self.given = 0
        self.records = 0

    def takes(self, path: str, query: str, seed: int) -> bool:
        """Whether the request gets this fault; if so, that is counted."""
        fault, vendor = self.fault, vendor_of(path)
        if fault.vendor not in (None, vendor):
            return False
        if (fault.path or "") not in path or (fault.query or "") not in query:
            return False
        if not can_have(vendor, fault.kind):
            return False
        number, self.matched = self.matched, self.matched + 1
        if number < fault.after or (fault.times is not None and self.given >= fault.times):
            return False
        if scattered(seed, number) >= fault.rate * _WHOLE:
            return False
        self.given += 1
        return True

    def take_back(self) -> None:
        """Nothing was there to be spoiled, so it was not given after all."""
        self.given -= 1


class Rules:
    """The faults of one sandbox, in the order in which they are tried."""

    def __init__(self, seed: int, vendors: Collection[str], faults: Iterable[Fault]) -> None:
        self.seed = seed
        self._vendors = frozenset(vendors)
        self._rules: tuple[Rule, ...] = ()
        self.set(faults)

    def set(self, faults: Iterable[Fault]) -> None:
        """Put these in the place of all others, counts at zero. Raises FaultError."""
        rules = tuple(map(Rule, faults))
        for rule in rules:
            self._check(rule.fault)
        self._rules = rules

    def _check(self, fault: Fault) -> None:
        if fault.vendor is None:
            return
        if fault.vendor not in self._vendors:
            known = ", ".join(sorted(self._vendors))
            raise FaultError(f"vendor {fault.vendor} is none of {known}")
        if not can_have(fault.vendor, fault.kind):
            raise FaultError(f"{fault.kind} is not known of {fault.vendor}")

    def given(self) -> tuple[FaultGiven, ...]:
        """In the order in which they were set."""
        return tuple(FaultGiven(rule.fault, rule.given, rule.records) for rule in self._rules)

    def first(self, path: str, query: str) -> Rule | None:
        """The first rule that takes a request; None for the sandbox's own pages."""
        if vendor_of(path) not in self._vendors:
            return None
        return next((rule for rule in self._rules if rule.takes(path, query, self.seed)), None)


def vendor_of(path: str) -> str:
    """The first segment of a path."""
    return path.removeprefix("/").partition("/")[0]
