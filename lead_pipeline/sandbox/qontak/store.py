"""The objects of the CRM as they are at a moment. Times are epoch milliseconds.

Those that are made up follow from their numbers; beside them are kept those that somebody entered
(`own`), and what was written over any of them (`changes`).
"""

from bisect import bisect_left
from collections.abc import Callable
from dataclasses import dataclass

from lead_pipeline.sandbox.qontak.changes import Change, Changes
from lead_pipeline.sandbox.qontak.companies import company
from lead_pipeline.sandbox.qontak.contacts import contact
from lead_pipeline.sandbox.qontak.deals import deal
from lead_pipeline.sandbox.qontak.links import FIRST_COMPANY, FIRST_CONTACT, FIRST_DEAL, Links
from lead_pipeline.sandbox.qontak.lives import Lives
from lead_pipeline.sandbox.qontak.look_up import LookUp, says
from lead_pipeline.sandbox.qontak.own import FIRST_OWN, OwnLives
from lead_pipeline.sandbox.qontak.settings import Filters, Order
from lead_pipeline.sandbox.qontak.tasks import task, task_id, task_number
from lead_pipeline.sandbox.qontak.written import Record
from lead_pipeline.sandbox.settings import SandboxSettings

CONTACTS, COMPANIES, DEALS, TASKS = "contacts", "companies", "deals", "tasks"
STREAMS = (CONTACTS, COMPANIES, DEALS, TASKS)


@dataclass(frozen=True)
class Stream:
    """One kind of object: who lives when, what each says, and how numbers become ids."""

    lives: Lives
    write: Callable[[Links, int, int], Record]
    id_of: Callable[[int], str]
    number_of: Callable[[str], int | None]


class Store:
    """One company's CRM."""

    def __init__(self, settings: SandboxSettings) -> None:
        self._newest_first = settings.qontak.order is Order.NEWEST_FIRST
        self._filters = settings.qontak.filters
        links = Links(settings)
        self.links = links
        self.streams = {
            CONTACTS: _with_integer_ids(links.contacts, contact, FIRST_CONTACT),
            COMPANIES: _with_integer_ids(links.companies, company, FIRST_COMPANY),
            DEALS: _with_integer_ids(links.deals, deal, FIRST_DEAL),
            TASKS: Stream(links.tasks, task, task_id, task_number),
        }
        self.own = {stream: OwnLives() for stream in STREAMS}
        self.look_up = LookUp(links)
        self._entered: dict[tuple[str, int], Record] = {}
        self._changes = Changes()

    def total(self, stream: str, at: int, since: int | None = None) -> int:
        """How many objects there are, created from `since` on."""
        lives = self.streams[stream].lives
        made_up = lives.count(at, 0 if since is None else lives.first_created(since))
        return made_up + len(self.own[stream].alive(at, since or 0))

    def page(
        self, stream: str, at: int, start: int, length: int, since: int | None = None
    ) -> list[Record]:
        """So many of them from a place on, in the order of the settings."""
        lives = self.streams[stream].lives
        first = 0 if since is None else lives.first_created(since)
        own = self.own[stream].alive(at, since or 0)
        if self._newest_first:
            own.reverse()

        def place(index: int) -> int:
            return index + self._made_up_before(stream, own[index], at, first)

        passed = bisect_left(range(len(own)), start, key=place)
        made_up = lives.page(at, first, start - passed, length, newest_first=self._newest_first)
        numbers = self._in_order(stream, [*made_up, *own[passed : passed + length]])
        return [self.record(stream, number, at) for number in numbers[:length]]

    def found(
        self, stream: str, at: int, filters: dict[str, str], since: int | None = None
    ) -> list[Record]:
        """All that say what is asked for, in the order of the settings."""
        if self._filters is Filters.IGNORED:
            return self.page(stream, at, 0, self.total(stream, at, since), since)
        numbers = set.intersection(
            *(
                set[int]().union(
                    *(self.look_up.candidates(stream, name, one, at) for one in _each(name, text))
                )
                for name, text in filters.items()
            )
        )
        records = [
            self.record(stream, number, at)
            for number in self._in_order(stream, list(numbers))
            if self._is_alive(stream, number, at) and self.created(stream, number) >= (since or 0)
        ]
        return [
            record
            for record in records
            if all(
                any(says(record, name, one, self._filters) for one in _each(name, text))
                for name, text in filters.items()
            )
        ]

    def number(self, stream: str, text: str, at: int) -> int | None:
        """The number of the object with this id, if it is there."""
        number = self.streams[stream].number_of(text)
        return number if number is not None and self._is_alive(stream, number, at) else None

    def by_id(self, stream: str, text: str, at: int) -> Record | None:
        """The object with this id, if it is there."""
        number = self.number(stream, text, at)
        return None if number is None else self.record(stream, number, at)

    def record(self, stream: str, number: int, at: int) -> Record:
        """The object with this number as it is at a moment."""
        kind = self.streams[stream]
        if number >= FIRST_OWN:
            record = self._entered[stream, number]
        else:
            record = kind.write(self.links, number, kind.lives.revision(number, at))
        return self._changes.applied(stream, number, record, at)

    def alive(self, stream: str, at: int) -> list[int]:
        """The numbers of the objects that are there."""
        made_up = self.streams[stream].lives.numbers(at, 0, newest_first=False)
        return [*made_up, *self.own[stream].alive(at)]

    def created_within(self, stream: str, first: int, end: int) -> list[int]:
        """The numbers created from `first` on and before `end`."""
        made_up = self.streams[stream].lives.created_within(first, end)
        return [*made_up, *self.own[stream].created_within(first, end)]

    def created(self, stream: str, number: int) -> int:
        """When an object came."""
        return self._lives(stream, number).created(number)

    def version(self, stream: str, number: int, at: int) -> tuple[int, int]:
        """Another one whenever the object says something else."""
        made_up = self.streams[stream].lives
        revision = 0 if number >= FIRST_OWN else made_up.revision(number, at)
        return revision, self._changes.count(stream, number, at)

    def create(self, stream: str, at: int, record: Record) -> int:
        """Keep a new object, which gets its id; the number is answered."""
        number = self.own[stream].create(at)
        given = self.streams[stream].id_of(number)
        self._entered[stream, number] = record | {"id": given if stream == TASKS else int(given)}
        return number

    def change(self, stream: str, number: int, change: Change) -> None:
        """Write over an object."""
        self._changes.add(stream, number, change)

    def end(self, stream: str, number: int, at: int) -> None:
        """Let an object be gone from a moment on."""
        self._lives(stream, number).end(number, at)

    def _lives(self, stream: str, number: int) -> Lives | OwnLives:
        return self.own[stream] if number >= FIRST_OWN else self.streams[stream].lives

    def _is_alive(self, stream: str, number: int, at: int) -> bool:
        return self._lives(stream, number).is_alive(number, at)

    def _made_up_before(self, stream: str, own: int, at: int, first: int) -> int:
        """How many of the made-up objects from `first` on a list holds before an entered one."""
        lives = self.streams[stream].lives
        later = lives.first_created(self.own[stream].created(own) + 1)
        newer = lives.count(at, max(first, later))
        return newer if self._newest_first else lives.count(at, first) - newer

    def _in_order(self, stream: str, numbers: list[int]) -> list[int]:
        return sorted(
            numbers,
            key=lambda number: (self.created(stream, number), number),
            reverse=self._newest_first,
        )


def _each(name: str, text: str) -> list[str]:
    """Ids come with commas; nothing else does."""
    return text.split(",") if name.endswith("_ids") else [text]


def _with_integer_ids(
    lives: Lives, write: Callable[[Links, int, int], Record], first: int
) -> Stream:
    def number_of(text: str) -> int | None:
        if not (text.isascii() and text.isdigit()) or str(int(text)) != text:
            return None
        return int(text) - first

    return Stream(lives, write, lambda number: str(first + number), number_of)
