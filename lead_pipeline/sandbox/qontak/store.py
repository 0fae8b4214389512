"""The objects of the CRM as they are at a moment. Times are epoch milliseconds.

Everything that is read goes through `Store`, so objects that a client creates or changes can be
kept here, beside those that are made up.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from lead_pipeline.sandbox.qontak.companies import company
from lead_pipeline.sandbox.qontak.contacts import contact
from lead_pipeline.sandbox.qontak.deals import deal
from lead_pipeline.sandbox.qontak.links import FIRST_COMPANY, FIRST_CONTACT, FIRST_DEAL, Links
from lead_pipeline.sandbox.qontak.lives import Lives
from lead_pipeline.sandbox.qontak.settings import Order
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
        links = Links(settings)
        self.links = links
        self.streams = {
            CONTACTS: _with_integer_ids(links.contacts, contact, FIRST_CONTACT),
            COMPANIES: _with_integer_ids(links.companies, company, FIRST_COMPANY),
            DEALS: _with_integer_ids(links.deals, deal, FIRST_DEAL),
            TASKS: Stream(links.tasks, task, task_id, task_number),
        }

    def total(self, stream: str, at: int, since: int | None = None) -> int:
        """How many objects there are, created from `since` on."""
        lives = self.streams[stream].lives
        return lives.count(at, 0 if since is None else lives.first_created(since))

    def page(
        self, stream: str, at: int, start: int, length: int, since: int | None = None
    ) -> list[Record]:
        """So many of them from a place on, in the order of the settings."""
        lives = self.streams[stream].lives
        first = 0 if since is None else lives.first_created(since)
        found = lives.page(at, first, start, length, newest_first=self._newest_first)
        return [self.record(stream, number, at) for number in found]

    def by_id(self, stream: str, text: str, at: int) -> Record | None:
        """The object with this id, if it is there."""
        kind = self.streams[stream]
        number = kind.number_of(text)
        if number is None or not kind.lives.is_alive(number, at):
            return None
        return self.record(stream, number, at)

    def record(self, stream: str, number: int, at: int) -> Record:
        """The object with this number as it is at a moment."""
        kind = self.streams[stream]
        return kind.write(self.links, number, kind.lives.revision(number, at))

    def alive(self, stream: str, at: int) -> Iterator[int]:
        """The numbers of the objects that are there, in order of creation."""
        return self.streams[stream].lives.numbers(at, 0, newest_first=False)


def _with_integer_ids(
    lives: Lives, write: Callable[[Links, int, int], Record], first: int
) -> Stream:
    def number_of(text: str) -> int | None:
        if not (text.isascii() and text.isdigit()) or str(int(text)) != text:
            return None
        return int(text) - first

    return Stream(lives, write, lambda number: str(first + number), number_of)
