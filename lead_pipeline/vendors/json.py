"""The one JSON door: strict RFC 8259, no NaN or Infinity, bounded depth and size."""

from typing import BinaryIO

import orjson

from lead_pipeline.vendors.contract import UnreadableDocument

MAXIMUM_BYTES = 256 * 1024 * 1024
"""A JSON document is read whole, so its size is bounded."""

_BYTE_ORDER_MARK = b"\xef\xbb\xbf"


def load(body: BinaryIO, maximum_bytes: int = MAXIMUM_BYTES) -> object:
    """The document in `body`. Raises UnreadableDocument, without quoting any of it."""
    content = body.read(maximum_bytes + 1)
    if len(content) > maximum_bytes:
        raise UnreadableDocument(f"the document is larger than {maximum_bytes:,} bytes")
    try:
        value: object = orjson.loads(content.removeprefix(_BYTE_ORDER_MARK))
    except orjson.JSONDecodeError as error:
        place = f"line {error.lineno}, column {error.colno}"
        raise UnreadableDocument(f"not valid JSON at {place} of {len(content):,} bytes") from None
    return value


def dumps(value: object) -> str:
    """A value as compact JSON with sorted keys: equal content makes equal text."""
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS).decode()


def type_name(value: object) -> str:
    """What JSON calls the type of a loaded value."""
    if isinstance(value, bool):
        return "boolean"
    names = {int: "integer", float: "number", str: "string", list: "array", dict: "object"}
    return names.get(type(value), "null")
