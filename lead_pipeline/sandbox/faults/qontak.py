"""Qontak's shape: objects of JSON under `response`, and how its pages go wrong."""

from collections.abc import Callable
from typing import Any

import orjson

from lead_pipeline.sandbox.faults.fault import FaultKind
from lead_pipeline.sandbox.faults.shape import Change, Document, Shape

_NOT_UTF_8 = b"\xc3\x28"
_OPENING = b'name":"'
_TOTALS = {
    "page": "current_page",
    "total_page": "total_pages",
    "current_data": "total_current_data",
    "total_data": "total",
}
_NAMES = ("name", "creator_name")
_TEXTS = ("job_title", "address", "crm_priority_name", "detail", "alias_name", "win_probability")


def read(body: bytes) -> Document:
    """The objects of a list; a single object and the fields of a template are no records."""
    document = orjson.loads(body)
    response = document.get("response")
    if not isinstance(response, list) or any("additional_field" in one for one in response):
        return Document(body, (), b"", b"")
    records = tuple(map(orjson.dumps, response))
    head, _, tail = _written(document | {"response": None}).partition(b'"response":null')
    return Document(head + b'"response":[', records, b",", b"]" + tail)


def repaged(body: bytes, kind: FaultKind, seed: int) -> bytes | None:
    """What a fault of pages makes of an answer; None if it has none of what the fault is of."""
    document = orjson.loads(body)
    response = document.get("response")
    if kind is FaultKind.OBJECT_AS_LIST:
        return _written(document | {"response": [response]}) if _is_object(response) else None
    if not document.keys() >= _TOTALS.keys():
        return None
    match kind:
        case FaultKind.TOTALS_MISSING:
            return _written({k: v for k, v in document.items() if k not in _TOTALS})
        case FaultKind.TOTALS_RENAMED:
            return _written({_TOTALS.get(k, k): v for k, v in document.items()})
        case FaultKind.TOTALS_WRONG:
            return _written(document | _wrong_totals(document, seed))
        case FaultKind.PAGE_EMPTY:
            return _written(document | {"response": [], "current_data": 0}) if response else None
    return None


def _is_object(response: object) -> bool:
    return isinstance(response, dict)


def _wrong_totals(document: dict[str, Any], seed: int) -> dict[str, Any]:
    """Too few, too many, none at all or no numbers; the page decides which."""
    pages, total = document["total_page"], document["total_data"]
    wrong = (
        {"total_page": pages + 7, "total_data": total + 700},
        {"total_page": 1, "total_data": document["current_data"]},
        {"total_page": 0, "total_data": 0},
        {"total_page": None, "total_data": str(total)},
        {"total_page": pages, "total_data": max(0, total - 3)},
    )
    chosen = wrong[(seed + document["page"]) % len(wrong)]
    return chosen if document | chosen != document else wrong[0]


def _written(document: dict[str, Any]) -> bytes:
    return orjson.dumps(document)


def _of_object(change: Callable[[dict[str, Any], int], object]) -> Change:
    return lambda record, bits: orjson.dumps(change(orjson.loads(record), bits))


def _malformed(record: dict[str, Any], bits: int) -> object:
    def without(name: str) -> dict[str, Any]:
        return {key: value for key, value in record.items() if key != name}

    return (
        without("id"),
        without("created_at"),
        record | {"id": None},
        record | {"created_at": "soon"},
        "gone",
        None,
        [record],
    )[bits % 7]


def _unknown_field(record: dict[str, Any], bits: int) -> object:
    return record | {"lead_temperature": ("hot", "cold")[bits % 2]}


def _changed_type(record: dict[str, Any], bits: int) -> object:
    name = next(name for name in _NAMES if name in record)
    new = {"id": record[name]} if bits % 2 else len(record[name])
    return record | {name: new}


def _changed(record: dict[str, Any], _: int) -> object:
    name = next(name for name in _TEXTS if name in record)
    return record | {name: f"{record[name]} (baru)"}


QONTAK = Shape(
    media_type="application/json",
    error=b'{"meta":{"status":500,"type":"ERROR","message":"could not be processed"}}',
    expired_media_type="application/json",
    expired=b'{"message":"HMAC signature cannot be verified"}',
    read=read,
    changes={
        FaultKind.WRONG_ENCODING: lambda record, _: record.replace(
            _OPENING, _OPENING + _NOT_UTF_8, 1
        ),
        FaultKind.MALFORMED_RECORDS: _of_object(_malformed),
        FaultKind.UNKNOWN_FIELD: _of_object(_unknown_field),
        FaultKind.CHANGED_TYPE: _of_object(_changed_type),
        FaultKind.CHANGED: _of_object(_changed),
    },
    repaged=repaged,
    unprocessable=b'{"meta":{"status":422,"type":"ERROR","message":"could not be saved"}}',
)
