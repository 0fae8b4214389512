"""Finds objects by what they say: contacts by phone or e-mail, deals by name or contact.

The document names these filters and does not say what they match. Of a large CRM, the objects that
were ever seen are kept by what they say, so that a look-up costs the same in any.
"""

from collections import defaultdict
from collections.abc import Iterator

from lead_pipeline.sandbox.qontak.links import FIRST_CONTACT, Links
from lead_pipeline.sandbox.qontak.lives import Lives
from lead_pipeline.sandbox.qontak.settings import Filters
from lead_pipeline.sandbox.qontak.written import Record

FILTERS = {
    "contacts": frozenset(["phone", "email"]),
    "companies": frozenset(["name"]),
    "deals": frozenset(["name", "contact_ids"]),
    "tasks": frozenset[str](),
}
"""Those that are imitated, by stream."""

_FIELDS = {"phone": "telephone", "email": "email", "name": "name", "contact_ids": "crm_lead_ids"}
_NOT_DIGITS = str.maketrans("", "", "+ -.()")
_Key = tuple[str, str]


class LookUp:
    """The objects of one CRM by what they say; whoever asks checks what they say now."""

    def __init__(self, links: Links) -> None:
        self._links = links
        self._lives = {
            "contacts": links.contacts,
            "companies": links.companies,
            "deals": links.deals,
        }
        self._made_up: dict[str, _MadeUp] = {}
        self._noted: defaultdict[str, defaultdict[_Key, set[int]]] = defaultdict(
            lambda: defaultdict(set)
        )

    def note(self, stream: str, number: int, record: Record) -> None:
        """Keep what an object says now."""
        for name in FILTERS[stream]:
            for text in _texts(record[_FIELDS[name]]):
                self._noted[stream][name, loose(name, text)].add(number)

    def candidates(self, stream: str, name: str, text: str, at: int) -> set[int]:
        """The numbers of all objects that may say this at a moment."""
        made_up = self._made_up.setdefault(stream, _MadeUp(stream, self._links))
        key = name, loose(name, text)
        return made_up.numbers(key, self._lives[stream], at) | self._noted[stream][key]


class _MadeUp:
    """What the made-up objects of one stream say that never changes."""

    def __init__(self, stream: str, links: Links) -> None:
        self._stream = stream
        self._links = links
        self._seen = range(0)
        self._by_key: defaultdict[_Key, set[int]] = defaultdict(set)

    def numbers(self, key: _Key, lives: Lives, at: int) -> set[int]:
        """Of those that can be there at a moment, and of more."""
        span = lives.span(at)
        if not self._seen.start <= span.start <= self._seen.stop:
            self._by_key.clear()
            self._seen = range(span.start, span.start)
        for number in range(self._seen.stop, span.stop):
            for name, text in self._said(number):
                self._by_key[name, loose(name, text)].add(number)
        self._seen = range(self._seen.start, max(self._seen.stop, span.stop))
        return self._by_key.get(key, set())

    def _said(self, number: int) -> Iterator[_Key]:
        if self._stream == "companies":
            yield "name", self._links.company_name(number)
        elif self._stream == "deals":
            yield "name", self._links.deal_name(number)
            contact = self._links.contact_of(number)
            if contact is not None:
                yield "contact_ids", str(FIRST_CONTACT + contact)
        else:
            known = self._links.known(number)
            if known.telephone:
                yield "phone", known.telephone
            if known.email:
                yield "email", known.email


def says(record: Record, name: str, wanted: str, filters: Filters) -> bool:
    """Whether an object is one of those that a filter asks for."""
    if filters is Filters.IGNORED:
        return True
    form = loose if filters is Filters.LOOSE else _exact
    return any(form(name, text) == form(name, wanted) for text in _texts(record[_FIELDS[name]]))


def loose(name: str, text: str) -> str:
    """One form of all writings of a text."""
    return digits(text) if name == "phone" else _exact(name, text)


def digits(phone: str) -> str:
    """The digits of a phone, Indonesia's 62 for a leading 0."""
    bare = phone.translate(_NOT_DIGITS)
    return f"62{bare[1:]}" if bare.startswith("0") and not bare.startswith("00") else bare


def _exact(_: str, text: str) -> str:
    return text.strip().casefold()


def _texts(said: object) -> list[str]:
    if said is None:
        return []
    return [str(one) for one in said] if isinstance(said, list) else [str(said)]
