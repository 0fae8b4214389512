"""Whether a list was read whole, although its pages may shift while they are read (README.md)."""

import hashlib
import io
from dataclasses import dataclass, field, fields
from typing import Any, NamedTuple

from lead_pipeline.vendors import json
from lead_pipeline.vendors.contract import UnreadableDocument
from lead_pipeline.vendors.qontak.envelope import Envelope, Totals, identity

_MODULUS = 2**64


class Page(NamedTuple):
    """What a page has: how many rows, the usable ids in order, and its totals.

    `nameless` stands for the rows without a usable id: what they hold, as a hash behind a blank,
    with which no id begins.
    """

    rows: int
    ids: list[str]
    totals: Totals = Totals()
    nameless: tuple[str, ...] = ()


def page_of(envelope: Envelope) -> Page:
    """The page in an envelope."""
    named = [(identity(record), record) for record in envelope.records]
    ids = [found for found, _ in named if found is not None]
    nameless = tuple(_content(record) for found, record in named if found is None)
    return Page(len(envelope.records), ids, envelope.totals, nameless)


@dataclass(slots=True)
class Progress:
    """How far a list has been read. `page` is asked next, unless `ended`.

    `trouble` says why the list cannot count as whole. `first` is the first of two readings, which
    are made where the totals cannot vouch: how many rows it saw, and the sum of their marks. `text`
    is enough to go on from; of the ids it keeps those of the last page only. Of the rows that were
    `seen` so many are `nameless`, without a usable id: they count, and never show a shift.
    """

    per_page: int
    page: int = 1
    fullest: int = 0
    seen: int = 0
    nameless: int = 0
    digest: int = 0
    total: int | None = None
    totals_hold: bool = True
    asked_again: bool = False
    ended: bool = False
    trouble: str = ""
    last: list[str] = field(default_factory=list, repr=False)
    first: list[int] | None = None
    _known: set[int] = field(default_factory=set, repr=False)

    @property
    def text(self) -> str:
        """The point to go on from, as JSON."""
        return json.dumps({name: getattr(self, name) for name in _KEPT})

    @classmethod
    def at(cls, text: str) -> "Progress":
        """Go on from there. Raises ValueError where it is no such point."""
        try:
            kept: Any = json.load(io.BytesIO(text.encode()))
            progress = cls(**{name: kept[name] for name in _KEPT if name != "nameless"})
            # Older points do not have it: then such a row was trouble.
            progress.nameless = kept.get("nameless", 0)
            progress._known = {_mark(one) for one in progress.last}
        except (AttributeError, KeyError, TypeError, UnreadableDocument):
            raise ValueError("this is no point from which a scan can go on") from None
        return progress

    def take(self, page: Page) -> None:
        """Take in the page that was asked for, and decide what comes next."""
        marks = {_mark(one) for one in page.ids}
        nameless = [_mark(one) for one in page.nameless]
        fresh = marks - self._known
        if fresh or not self._known.issuperset(nameless):
            self._add(page, len(fresh) < len(marks), [*fresh, *nameless])
            return
        if self.seen and page.totals.records not in {None, self.total}:
            self.totals_hold = False
        if self._says_more(page) and not self.asked_again:
            self.asked_again = True
        else:
            self._end_with(page)

    def _add(self, page: Page, came_again: bool, fresh: list[int]) -> None:
        if came_again:
            self._doubt(f"ids came again on page {self.page}: the pages shifted while being read")
        self._known.update(fresh)
        self.seen += len(fresh)
        self.nameless += len(page.nameless)
        self.digest = (self.digest + sum(fresh)) % _MODULUS
        self.fullest = max(self.fullest, page.rows)
        self.last = _rows(page)
        self.asked_again = False
        self._weigh(page)
        vouched = self.totals_hold and self.total == self.seen
        short = self.page > 1 and page.rows < self.fullest and not self._says_more(page)
        if short or (vouched and page.rows < self.per_page):
            self._end()
        else:
            self.page += 1

    def _weigh(self, page: Page) -> None:
        """Compare the page's totals with each other, with the page and with those before."""
        if not self.totals_hold:
            return
        self.totals_hold = self._agree(page)
        if self.totals_hold and self.total not in {None, page.totals.records}:
            change = f"from {self.total} to {page.totals.records}"
            self._doubt(f"its total went {change} on page {self.page}: the list changed")
        self.total = page.totals.records

    def _agree(self, page: Page) -> bool:
        records, pages, rows, number = page.totals
        if records is None or rows not in {None, page.rows} or number not in {None, self.page}:
            return False
        if records < (self.page - 1) * self.fullest + page.rows:
            return False
        return pages in {None, -(-records // self.per_page), -(-records // self.fullest)}

    def _says_more(self, page: Page) -> bool:
        if not self.seen:
            return bool(page.totals.records)
        return self.totals_hold and (self.total or 0) > self.seen

    def _end_with(self, page: Page) -> None:
        """End with a page that has nothing new."""
        same = bool(page.rows) and _rows(page) == self.last
        if page.rows and not same:
            self._doubt(f"page {self.page} has only ids that came before: the pages shifted")
        says_another = page.totals.page not in {None, self.page}
        if same and page.rows >= self.per_page and not (says_another and self.totals_hold):
            self._doubt(f"page {self.page} is full and the same as the one before")
        if not self.seen and page.totals.records:
            self._doubt(f"it says that there are {page.totals.records}, and gave none")
        self._end(read_twice=same and self.page == 2)

    def _end(self, *, read_twice: bool = False) -> None:
        """The list is at its end: judge it, or read it once more where nothing vouches for it."""
        reading = [self.seen, self.digest]
        if self.nameless == self.seen > 1:
            self._doubt(f"none of its {self.seen} records has a usable id")
        if self.totals_hold and self.total is not None:
            if self.total != self.seen:
                self._doubt(f"its totals say {self.total}, and {self.seen} different ids came")
            self.ended = True
        elif self.trouble or read_twice:
            self.ended = True
        elif self.first is None:
            self._begin_again(reading)
        else:
            if self.first != reading:
                self._doubt("its totals cannot be trusted, and two readings saw different ids")
            self.ended = True

    def _begin_again(self, reading: list[int]) -> None:
        self.first = reading
        self.page, self.fullest, self.seen, self.nameless, self.digest = 1, 0, 0, 0, 0
        self.totals_hold, self.last = False, []
        self._known.clear()

    def _doubt(self, why: str) -> None:
        self.trouble = self.trouble or why


_KEPT = tuple(one.name for one in fields(Progress) if not one.name.startswith("_"))


def _rows(page: Page) -> list[str]:
    return [*page.ids, *page.nameless]


def _content(record: object) -> str:
    """What stands for a record without a usable id."""
    return f" {hashlib.blake2b(json.source(record), digest_size=16).hexdigest()}"


def _mark(identifier: str) -> int:
    content = hashlib.blake2b(identifier.encode(), digest_size=8).digest()
    return int.from_bytes(content, "big")
