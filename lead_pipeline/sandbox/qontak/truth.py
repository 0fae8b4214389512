"""What is true of the CRM at two moments, and whose its contacts are."""

from datetime import UTC, date, datetime, time, timedelta
from hashlib import sha256
from typing import TypedDict

import orjson

from lead_pipeline.sandbox.population import milliseconds
from lead_pipeline.sandbox.qontak.settings import QONTAK
from lead_pipeline.sandbox.qontak.store import CONTACTS, Store
from lead_pipeline.sandbox.qontak.written import Record

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class TrueContact(TypedDict):
    """One contact: times in ISO 8601 UTC, `key` its id; `vanished_at` only if it is gone by now."""

    account: str
    created_at: str
    vanished_at: str | None
    person: str
    key: str


class StreamTruth(TypedDict):
    """One stream between two moments, as scans at both would see it; ids as text.

    `alive` holds everything at the second moment with the digest of its content (`digest`; null if
    digests were not asked for). `created` were not there at the first, `vanished` are not there at
    the second, `changed` were there at both with different content; `missed` came and went between.
    """

    alive: dict[str, str | None]
    created: list[str]
    changed: list[str]
    vanished: list[str]
    missed: list[str]


CrmTruth = dict[str, dict[str, StreamTruth]]
"""Account to stream."""


def digest(record: Record) -> str:
    """SHA-256 of an object as compact JSON with sorted keys, in hexadecimal."""
    return sha256(orjson.dumps(record, option=orjson.OPT_SORT_KEYS)).hexdigest()


def crm_truth(store: Store, first: datetime, last: datetime, *, digests: bool = True) -> CrmTruth:
    """What became of every stream between two moments (aware, first <= last)."""
    start, end = milliseconds(first), milliseconds(last)
    streams = {name: _stream_truth(store, name, start, end, digests) for name in store.streams}
    return {QONTAK: streams}


def _stream_truth(store: Store, name: str, start: int, end: int, digests: bool) -> StreamTruth:
    stream = store.streams[name]
    before, after = dict.fromkeys(store.alive(name, start)), dict.fromkeys(store.alive(name, end))
    between = store.created_within(name, start + 1, end + 1)

    def ids(numbers: list[int]) -> list[str]:
        return [stream.id_of(number) for number in numbers]

    return {
        "alive": {
            stream.id_of(number): digest(store.record(name, number, end)) if digests else None
            for number in after
        },
        "created": ids([number for number in after if number not in before]),
        "changed": ids(
            [
                number
                for number in after
                if number in before
                and store.version(name, number, start) != store.version(name, number, end)
            ]
        ),
        "vanished": ids([number for number in before if number not in after]),
        "missed": ids([number for number in between if number not in after]),
    }


def true_contacts(store: Store, now: datetime, first: date, last: date) -> list[TrueContact]:
    """All made-up contacts created on the UTC days from first to last, up to the present."""
    lives, present = store.streams[CONTACTS].lives, milliseconds(now)
    start = milliseconds(datetime.combine(first, time(), UTC))
    end = milliseconds(datetime.combine(last, time(), UTC) + timedelta(days=1))
    return [
        {
            "account": QONTAK,
            "created_at": _iso(lives.created(number)),
            "vanished_at": _iso(gone) if (gone := lives.vanished(number)) <= present else None,
            "person": store.links.label(number),
            "key": store.streams[CONTACTS].id_of(number),
        }
        for number in lives.created_within(start, min(end, present + 1))
    ]


def _iso(moment: int) -> str:
    return (_EPOCH + timedelta(milliseconds=moment)).isoformat()
