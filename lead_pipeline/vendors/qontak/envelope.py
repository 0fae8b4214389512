"""The envelope around every list that Qontak answers (README.md, Response)."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from lead_pipeline.vendors import json
from lead_pipeline.vendors.contract import UnreadableDocument

_LONGEST_ID = 200
_MOST_DIGITS = 15
_RECORDS, _PAGES = ("total_data",), ("total_page",)
_ROWS, _PAGE = ("current_data", "total_current_data"), ("page", "current_page")
_KNOWN = frozenset(["meta", "response", *_RECORDS, *_PAGES, *_ROWS, *_PAGE])


class ErrorObject(UnreadableDocument):
    """The document is the vendor's error, whatever the HTTP status was."""


class Totals(NamedTuple):
    """What an envelope says of the whole list and of its own page; None where it does not."""

    records: int | None = None
    pages: int | None = None
    rows: int | None = None
    page: int | None = None


class Envelope(NamedTuple):
    """The records of one page, what is said of the list, and the envelope's unknown fields."""

    records: list[Any]
    totals: Totals
    others: list[str]


def opened(document: object) -> Envelope:
    """The records in any envelope seen; one object instead of a list is a list of one.

    Raises ErrorObject, or UnreadableDocument for every other shape: never an empty list for one.
    """
    if not isinstance(document, dict):
        raise UnreadableDocument(f"the document is {json.type_name(document)}, not an envelope")
    if isinstance(document, json.Ambiguous) and document.is_own:
        raise UnreadableDocument("the envelope gives a name twice")
    _refuse_errors(document)
    if "response" not in document:
        raise UnreadableDocument("the envelope has no response")
    found = document["response"]
    records = [found] if isinstance(found, dict) else found
    if not isinstance(records, list):
        raise UnreadableDocument(f"the response is {json.type_name(found)}, not a list")
    others = sorted(document.keys() - _KNOWN)
    if others and not records:
        raise UnreadableDocument("the envelope has no records, and fields that nobody knows")
    totals = (_count(document, names) for names in (_RECORDS, _PAGES, _ROWS, _PAGE))
    return Envelope(records, Totals(*totals), others)


def identity(record: object) -> str | None:
    """The id of a record as text; None where it has none that can be used."""
    if not isinstance(record, dict):
        return None
    found = record.get("id")
    if isinstance(found, int) and not isinstance(found, bool):
        return str(found)
    if not isinstance(found, str):
        return None
    text = found.strip()
    return text if text.isprintable() and 0 < len(text) <= _LONGEST_ID else None


def _refuse_errors(document: Mapping[str, Any]) -> None:
    meta = document.get("meta")
    status = _number(meta.get("status")) if isinstance(meta, dict) else None
    if status is not None and status >= 400:
        raise ErrorObject(f"its meta states the status {status}")
    if any(value for name, value in document.items() if "error" in name.lower()):
        raise ErrorObject("the document is an error object, not an envelope")


def _count(document: Mapping[str, Any], names: tuple[str, ...]) -> int | None:
    numbers = (_number(document.get(name)) for name in names)
    return next((number for number in numbers if number is not None), None)


def _number(value: object) -> int | None:
    """A count that is none of a whole number or its digits is not said."""
    if isinstance(value, str) and value.isascii() and value.isdigit():
        value = int(value) if len(value) <= _MOST_DIGITS else None
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        return None
    return value
