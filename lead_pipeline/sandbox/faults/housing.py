"""Housing's shape: rows of JSON, in a bare list or under `data`."""

from collections.abc import Callable
from typing import Any

import orjson

from lead_pipeline.sandbox.faults.fault import FaultKind
from lead_pipeline.sandbox.faults.shape import Change, Document, Shape

_NOT_UTF_8 = b"\xc3\x28"
_OPENING = b'"lead_name":"'


def read(body: bytes) -> Document:
    """The rows as the vendor writes them."""
    document = orjson.loads(body)
    bare = isinstance(document, list)
    rows = document if bare else document["data"]
    head, tail = (b"[", b"]") if bare else (b'{"data":[', b"]}")
    return Document(head, tuple(map(orjson.dumps, rows)), b",", tail)


def _of_row(change: Callable[[dict[str, Any], int], object]) -> Change:
    return lambda record, bits: orjson.dumps(change(orjson.loads(record), bits))


def _malformed(row: dict[str, Any], bits: int) -> object:
    undated = {name: value for name, value in row.items() if name != "lead_date"}
    return (undated, row | {"lead_date": "soon"}, row["lead_name"], 7, None, [row])[bits % 6]


def _unknown_field(row: dict[str, Any], bits: int) -> object:
    return row | {"lead_temperature": ("hot", "cold")[bits % 2]}


def _changed_type(row: dict[str, Any], bits: int) -> object:
    digits = "".join(sign for sign in row["lead_phone"] if sign in "0123456789")
    if digits and bits % 3 == 0:
        return row | {"lead_phone": int(digits)}
    name = row["project_name"]
    return row | {"project_name": {"en": name} if bits % 3 == 1 else len(name)}


def _changed(row: dict[str, Any], _: int) -> object:
    locality = "locality" if "locality" in row else "locality_name"
    return row | {
        locality: f"{row[locality]} East",
        "project_name": f"{row['project_name']} Phase 2",
    }


HOUSING = Shape(
    media_type="application/json",
    error=b'{"apiErrors":{"base":["could not be processed"]}}',
    expired_media_type="application/json",
    expired=b'{"apiErrors":{"hash":["does not match current_time"]}}',
    read=read,
    changes={
        FaultKind.WRONG_ENCODING: lambda record, _: record.replace(
            _OPENING, _OPENING + _NOT_UTF_8, 1
        ),
        FaultKind.MALFORMED_RECORDS: _of_row(_malformed),
        FaultKind.UNKNOWN_FIELD: _of_row(_unknown_field),
        FaultKind.CHANGED_TYPE: _of_row(_changed_type),
        FaultKind.CHANGED: _of_row(_changed),
    },
)
