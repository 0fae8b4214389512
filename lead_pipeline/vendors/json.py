"""The one JSON door: strict RFC 8259, no NaN or Infinity, bounded depth and size.

Whole numbers keep all their digits; other numbers are doubles. An object that gives a name twice
says two things: it is loaded as `Ambiguous`, for its reader to refuse.
"""

import json
from datetime import datetime
from typing import Any, BinaryIO

import orjson

from lead_pipeline.vendors.contract import UnreadableDocument

MAXIMUM_BYTES = 256 * 1024 * 1024
"""A JSON document is read whole, so its size is bounded."""

_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_SIGNS = bytes.maketrans(b"0123456789\t\n\r", b"0000000000   ")
"""A text with one sign for every digit, and one for every blank."""
_LONG_NUMBER = b"0" * 19
"""From so many digits on a whole number may not fit into the 64 bits that the fast parser has."""
_COLON_APART = b" :"
_CONTAINERS = frozenset([dict, list])


class Ambiguous(dict[str, Any]):
    """An object that gives a name twice, or holds one that does: `is_own` says which."""

    is_own = True


class NestedTooDeeplyError(ValueError):
    """A value that was loaded and is nested too deeply to be written."""


def load(body: BinaryIO, maximum_bytes: int = MAXIMUM_BYTES) -> object:
    """The document in `body`. Raises UnreadableDocument, without quoting any of it."""
    content = body.read(maximum_bytes + 1)
    if len(content) > maximum_bytes:
        raise UnreadableDocument(f"the document is larger than {maximum_bytes:,} bytes")
    content = content.removeprefix(_BYTE_ORDER_MARK)
    try:
        value: object = orjson.loads(content)
    except orjson.JSONDecodeError as error:
        place = f"line {error.lineno}, column {error.colno}"
        raise UnreadableDocument(f"not valid JSON at {place} of {len(content):,} bytes") from None
    return value if _is_exact(content, value) else _load_exactly(content)


def dumps(value: object) -> str:
    """A value as compact JSON with sorted keys: equal content makes equal text.

    Aware times are written as ISO 8601. Raises NestedTooDeeplyError.
    """
    try:
        return orjson.dumps(value, option=orjson.OPT_SORT_KEYS).decode()
    except orjson.JSONEncodeError:
        return _dumps_slowly(value)


def source(value: object) -> bytes:
    """A record for the quarantine; empty where it is nested too deeply: the body has it."""
    try:
        return dumps(value).encode()
    except NestedTooDeeplyError:
        return b""


def type_name(value: object) -> str:
    """What JSON calls the type of a loaded value."""
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, dict):
        return "object"
    names = {int: "integer", float: "number", str: "string", list: "array"}
    return names.get(type(value), "null")


def _is_exact(content: bytes, value: object) -> bool:
    """Whether the fast parser surely kept every digit and every name, of which none is set apart.

    It did where the value is written as it came. Else a text has at least as many `":` as names,
    and a name that is given twice is loaded once.
    """
    if _is_written_as(content, value):
        return True
    signs = content.translate(_SIGNS)
    if _LONG_NUMBER in signs or _COLON_APART in signs:
        return False
    return content.count(b'":') == _names_in(value)


def _is_written_as(content: bytes, value: object) -> bool:
    try:
        return orjson.dumps(value) == content
    except orjson.JSONEncodeError:
        return False  # It is nested more deeply than this writes.


def _names_in(value: object) -> int:
    """How many names all objects of a document have, as the fast parser loaded it."""
    names = 0
    level: list[Any] = [value] if type(value) in _CONTAINERS else []
    while level:
        names += sum([len(container) for container in level if type(container) is dict])
        level = [
            inner
            for container in level
            for inner in (container.values() if type(container) is dict else container)
            if type(inner) in _CONTAINERS
        ]
    return names


def _load_exactly(content: bytes) -> object:
    """The same by the slower parser, which sees every digit and every name."""
    try:
        value: object = json.loads(content, object_pairs_hook=_object)
    except RecursionError:
        raise UnreadableDocument("the document is nested too deeply") from None
    return value


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        return Ambiguous(found)
    if any(_is_ambiguous(value) for value in found.values()):
        around = Ambiguous(found)
        around.is_own = False
        return around
    return found


def _is_ambiguous(value: object) -> bool:
    if isinstance(value, list):
        return any(map(_is_ambiguous, value))
    return isinstance(value, Ambiguous)


def _dumps_slowly(value: object) -> str:
    """For more than 64 bits and more than 254 levels."""
    try:
        return json.dumps(
            value,
            default=datetime.isoformat,
            sort_keys=True,
            ensure_ascii=False,
            separators=(",", ":"),
        )
    except RecursionError:
        raise NestedTooDeeplyError("nested too deeply") from None
