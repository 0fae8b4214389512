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


@dataclass(frozen=True)
class Request:
    """What a rule looks at; `query` and `body` as they came over the wire."""

    method: str
    path: str
    query: str
    body: bytes = b""

    def is_of(self, fault: Fault) -> bool:
        """Whether a fault is for requests like this one."""
        return (
            fault.vendor in (None, vendor_of(self.path))
            and fault.method in (None, self.method)
            and (fault.path or "") in self.path
            and (fault.query or "") in self.query
            and (fault.body or "").encode() in self.body
            and can_have(vendor_of(self.path), fault.kind)
        )


class Rule:
    """A fault with its counts."""

    def __init__(self, fault: Fault) -> None:
        self.fault = fault
        self.matched = 0
        self.given = 0
        self.records = 0

    def takes(self, request: Request, seed: int) -> bool:
        """Whether the request gets this fault; if so, that is counted."""
        fault = self.fault
        if not request.is_of(fault):
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

    @property
    def look_into_bodies(self) -> bool:
        """Whether any rule does."""
        return any(rule.fault.body for rule in self._rules)

    def first(self, request: Request) -> Rule | None:
        """The first rule that takes a request; None for the sandbox's own pages."""
        if vendor_of(request.path) not in self._vendors:
            return None
        return next((rule for rule in self._rules if rule.takes(request, self.seed)), None)


def vendor_of(path: str) -> str:
    """The first segment of a path."""
    return path.removeprefix("/").partition("/")[0]
