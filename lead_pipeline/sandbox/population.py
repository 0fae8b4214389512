"""Who enquires where and when: any account's any UTC day, made from seed and date alone.

New people arrive every day and enquire often at first, then less, for three weeks. Most Indians
enquire at Housing and most Americans at Aimbase, but some of each at both.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from math import isqrt
from random import Random

from lead_pipeline.sandbox.dice import BITS
from lead_pipeline.sandbox.people import Home, Person, Tie, person
from lead_pipeline.sandbox.settings import AIMBASE, SandboxSettings

DAY_SECONDS = 86_400
_HOUR_SECONDS = 3_600
_EPOCH = date(1970, 1, 1)
_ACTIVE_DAYS = 21
_DAYS_KEPT = 32


@dataclass(frozen=True, slots=True)
class Enquiry:
    """One lead, before anybody wrote it down.

    `created` is in epoch milliseconds; `index` counts within the account's UTC day, in order of
    time; `step` counts within a burst of enquiries by one person of the tie CHAIN, else it is 0;
    `bits` decide how it is written.
    """

    account: str
    created: int
    index: int
    home: Home
    number: int
    step: int
    bits: int


class Population:
    """The enquiries of every account."""

    def __init__(self, settings: SandboxSettings) -> None:
        self.settings = settings
        self.day = lru_cache(maxsize=_DAYS_KEPT)(self._day)

    def person(self, enquiry: Enquiry) -> Person:
        """Who made an enquiry."""
        return person(self.settings.seed, enquiry.home, enquiry.number)

    def oldest_first(self, account: str, first: datetime, last: datetime) -> Iterator[Enquiry]:
        """The enquiries with first <= created <= last (aware)."""
        for day in _utc_days(first, last):
            yield from _within(self.day(account, day), first, last)

    def newest_first(self, account: str, first: datetime, last: datetime) -> Iterator[Enquiry]:
        """The same, backwards."""
        for day in reversed(_utc_days(first, last)):
            yield from reversed(_within(self.day(account, day), first, last))

    def _day(self, account: str, day: date) -> tuple[Enquiry, ...]:
        """Every enquiry of a UTC day, oldest first, whether its time has come or not."""
        start = (day - _EPOCH).days * DAY_SECONDS * 1000
        precise = account == AIMBASE
        planned = sorted(Planner(self.settings, account, day).enquiries())
        return tuple(
            Enquiry(
                account,
                start + second * 1000 + (bits % 1000 if precise else 0),
                index,
                Home.INDIA if indian else Home.UNITED_STATES,
                number,
                step,
                bits,
            )
            for index, (second, number, indian, step, bits) in enumerate(planned)
        )


def newcomer(settings: SandboxSettings, day: date, place: int) -> int:
    """The number of somebody who arrived on this day, in each country; any `place` will do."""
    arrivals = _arrivals(settings)
    return ((day - _EPOCH).days + _ACTIVE_DAYS) * arrivals + place % arrivals


def _arrivals(settings: SandboxSettings) -> int:
    return max(2, settings.leads_per_day // 2)


def milliseconds(moment: datetime) -> int:
    """Epoch milliseconds, rounded down."""
    return (moment - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(milliseconds=1)


def _utc_days(first: datetime, last: datetime) -> list[date]:
    start, end = first.astimezone(UTC).date(), last.astimezone(UTC).date()
    return [start + timedelta(days=passed) for passed in range((end - start).days + 1)]


def _within(enquiries: Sequence[Enquiry], first: datetime, last: datetime) -> Sequence[Enquiry]:
    """Those of one day, in order, with first <= created <= last."""
    start = bisect_left(enquiries, milliseconds(first), key=_created)
    return enquiries[start : bisect_right(enquiries, milliseconds(last), key=_created)]


def _created(enquiry: Enquiry) -> int:
    return enquiry.created


Planned = tuple[int, int, bool, int, int]
"""Second of the day, person's number, whether Indian, step, bits."""


class Planner:
    """Draws one day of one account. No person enquires twice in one second."""

    def __init__(self, settings: SandboxSettings, account: str, day: date) -> None:
        self._seed = settings.seed
        self._random = Random(f"{settings.seed}/{account}/{day.isoformat()}")  # noqa: S311
        self._at_aimbase = account == AIMBASE
        self._day = (day - _EPOCH).days + _ACTIVE_DAYS
        self._arrivals = _arrivals(settings)
        spread = isqrt(settings.leads_per_day)
        self._count = max(1, settings.leads_per_day + self._random.randint(-spread, spread))
        self._taken: set[tuple[int, int, bool]] = set()

    def enquiries(self) -> Iterator[Planned]:
        """As many as this day has, in no order."""
        while len(self._taken) < self._count:
            indian = self._random.random() < (0.1 if self._at_aimbase else 0.96)
            number = self._number()
            second = self._second()
            if self._is_chain(indian, number):
                yield from self._burst(second, number, indian)
            else:
                yield self.planned(second, number, indian=indian)

    def _burst(self, second: int, number: int, indian: bool) -> Iterator[Planned]:
        """One to four enquiries within one clock hour, in the order of their steps."""
        hour, minute = divmod(second, _HOUR_SECONDS)
        second = hour * _HOUR_SECONDS + minute % (_HOUR_SECONDS // 3)
        wanted = 1 if self._at_aimbase else self._random.randint(1, 4)
        for step in range(min(wanted, self._count - len(self._taken))):
            yield self.planned(second, number, indian=indian, step=step)
            second += self._random.randint(60, 600)

    def planned(self, second: int, number: int, *, indian: bool, step: int = 0) -> Planned:
        """One enquiry, at the first second from `second` on in which this person made none."""
        while (second, number, indian) in self._taken:
            second = (second + 1) % DAY_SECONDS
        self._taken.add((second, number, indian))
        return second, number, indian, step, self._random.getrandbits(BITS)

    def _number(self) -> int:
        """Of somebody who arrived lately."""
        age = min(int(self._random.expovariate(0.25)), _ACTIVE_DAYS - 1)
        return (self._day - age) * self._arrivals + self._random.randrange(self._arrivals)

    def _second(self) -> int:
        """Any second of the day; half of them near the evening of the account's people."""
        if self._random.random() < 0.5:
            return self._random.randrange(DAY_SECONDS)
        busiest = 20 * 3600 if self._at_aimbase else 13 * 3600
        return int(self._random.triangular(0, DAY_SECONDS - 1, busiest))

    def _is_chain(self, indian: bool, number: int) -> bool:
        home = Home.INDIA if indian else Home.UNITED_STATES
        return person(self._seed, home, number).tie is Tie.CHAIN
