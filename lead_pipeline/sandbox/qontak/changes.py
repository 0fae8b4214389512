"""What was written over the objects of the CRM, and by whom. Times are epoch milliseconds."""

from collections import defaultdict
from dataclasses import dataclass
from enum import StrEnum

from lead_pipeline.sandbox.qontak.written import Record, moment

_UTC = "+00:00"


class By(StrEnum):
    """Who writes: a client of the vendor's endpoints, or a person at the CRM's own pages."""

    CLIENT = "client"
    HAND = "hand"


@dataclass(frozen=True, slots=True)
class Link:
    """Another object that is named from now on, or no longer: in a list of ids, one of names."""

    ids: str
    names: str
    id: int
    name: str
    is_there: bool


@dataclass(frozen=True, slots=True)
class Change:
    """What an object says from a moment on."""

    at: int
    fields: Record
    links: tuple[Link, ...] = ()


class Changes:
    """All of one CRM, by stream and number."""

    def __init__(self) -> None:
        self._of: defaultdict[tuple[str, int], list[Change]] = defaultdict(list)

    def add(self, stream: str, number: int, change: Change) -> None:
        """Keep one."""
        self._of[stream, number].append(change)

    def count(self, stream: str, number: int, at: int) -> int:
        """How often an object was written over, up to a moment."""
        return sum(change.at <= at for change in self._of.get((stream, number), ()))

    def applied(self, stream: str, number: int, record: Record, at: int) -> Record:
        """An object with all that was written over it up to a moment."""
        for change in self._of.get((stream, number), ()):
            if change.at <= at:
                record = _changed(record, change)
        return record


def _changed(record: Record, change: Change) -> Record:
    changed = {**record, **change.fields}
    for link in change.links:
        changed |= _linked(changed, link)
    # Both have the object's own offset, so that the later one is the greater text.
    time = moment(change.at, in_utc=record["created_at"].endswith(_UTC))
    return changed | {"updated_at": max(record["updated_at"], time)}


def _linked(record: Record, link: Link) -> Record:
    pairs = zip(record[link.ids], record[link.names], strict=True)
    kept = [(one, name) for one, name in pairs if one != link.id]
    if link.is_there:
        kept.append((link.id, link.name))
    return {link.ids: [one for one, _ in kept], link.names: [name for _, name in kept]}
