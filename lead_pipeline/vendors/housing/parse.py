"""Reading what Housing sent (README.md, Response). Pure; needs no credentials."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any, BinaryIO

from lead_pipeline.records import ParsedLead
from lead_pipeline.vendors import json
from lead_pipeline.vendors.contract import (
    NewField,
    ParsedItem,
    Reading,
    Stream,
    StreamKind,
    Unreadable,
    UnreadableDocument,
    Vendor,
)
from lead_pipeline.vendors.housing.key import KEY_VERSION, contact_of, natural_key

_MILLISECONDS_FROM = 10**11
_LATEST_SECOND = 7_258_118_400
"""2200-01-01; what lies between here and the first milliseconds is no date."""

_OPTIONAL = ("project_name", "locality", "locality_name", "country_code")
_USED = frozenset(
    [
        "lead_name",
        "lead_phone",
        "lead_email",
        "lead_date",
        "project_id",
        "project_name",
        "locality",
        "locality_name",
        "country_code",
        "flat_id",
        "pg_name",
    ]
)
_KEPT = frozenset(
    [
        "apartment_names",
        "service_type",
        "category_type",
        "city_name",
        "min_area",
        "max_area",
        "min_price",
        "max_price",
        "property_field",
    ]
)


class ErrorObject(UnreadableDocument):
    """The document is the vendor's error object, whatever the status was."""


class _BadFieldError(Exception):
    def __init__(self, name: str, reason: str) -> None:
        super().__init__(name)
        self.name, self.reason = name, reason


def rows(document: object) -> tuple[list[Any], list[str]]:
    """The rows of a response in any envelope seen, and the envelope's unknown fields.

    Raises ErrorObject, or UnreadableDocument for every other shape: never an empty list for one.
    """
    if isinstance(document, list):
        return document, []
    if not isinstance(document, dict):
        raise UnreadableDocument(f"the document is {json.type_name(document)}, not rows")
    if isinstance(document, json.Ambiguous) and document.is_own:
        raise UnreadableDocument("the document is an object that gives a name twice")
    if any(value for name, value in document.items() if "error" in name.lower()):
        raise ErrorObject("the document is an error object, not rows")
    found = document.get("data")
    if not isinstance(found, list):
        raise UnreadableDocument("the document is an object without a list of rows in data")
    others = sorted(name for name in document if name != "data")
    if others and not found:
        raise UnreadableDocument("the document has no rows, and fields that nobody knows")
    return found, others


def parse(
    stream: str,  # noqa: ARG001 - the one stream there is
    body: BinaryIO,
    reading: Reading,  # noqa: ARG001 - nothing of it changes how a row is read
    side_documents: Mapping[str, BinaryIO],  # noqa: ARG001 - there are none
) -> Iterator[ParsedItem]:
    """Every row as a lead or as unreadable, in order; new fields once each."""
    found, others = rows(json.load(body))
    noticed = set(others)
    yield from (NewField(name) for name in others)
    for index, row in enumerate(found):
        item, news = _read(index, row)
        found[index] = None  # A row that is read is not needed any more, and there may be many.
        yield item
        for path in news:
            if path not in noticed:
                noticed.add(path)
                yield NewField(path)


def _read(index: int, row: object) -> tuple[ParsedLead | Unreadable, list[str]]:
    if not isinstance(row, dict):
        reason = f"is {json.type_name(row)}, not an object"
        return Unreadable(index, f"record {index}", reason, json.source(row)), []
    if isinstance(row, json.Ambiguous):
        return Unreadable(index, f"record {index}", "gives a name twice", json.source(row)), []
    try:
        return _lead(index, row)
    except _BadFieldError as error:
        place = f"record {index}, field {error.name}"
        return Unreadable(index, place, error.reason, json.source(row)), []
    except json.NestedTooDeeplyError:
        reason = "is nested too deeply to be kept"
        return Unreadable(index, f"record {index}", reason, json.source(row)), []


def _lead(index: int, row: dict[str, Any]) -> tuple[ParsedLead, list[str]]:
    kept = {name: value for name, value in row.items() if name not in _USED}
    news = [name for name in kept if name not in _KEPT]
    name = _key_text(row, "lead_name")
    phone = _key_text(row, "lead_phone")
    email = _email(row)
    project = _key_id(row, "project_id")
    flat = _key_id(row, "flat_id")
    pg_name = _key_text(row, "pg_name")
    seconds = _seconds(row, news)
    contact = contact_of(phone, email)
    if not contact:
        raise _BadFieldError("lead_phone", "there is neither a phone nor an e-mail")
    optional = {field: _optional(row, field, kept, news) for field in _OPTIONAL}
    interest_name, locality = _interest(optional, pg_name, kept)
    if flat and project:
        kept["flat_id"] = flat
    lead = ParsedLead(
        record_index=index,
        key_version=KEY_VERSION,
        natural_key=natural_key(project, flat, pg_name, seconds, contact, name),
        created_at=datetime.fromtimestamp(seconds, UTC),
        full_name_raw=name or None,
        email_raw=email,
        phone_raw=phone or None,
        phone_country_code=optional["country_code"],
        interest_kind="property",
        interest_id=project or flat or None,
        interest_name=interest_name,
        interest_locality=locality,
        attributes=json.dumps(kept) if kept else "{}",
    )
    return lead, news


def _interest(
    optional: dict[str, str | None], pg_name: str, kept: dict[str, Any]
) -> tuple[str | None, str | None]:
    """Name and locality; what is said a second time and differently stays in the attributes."""
    locality, spelled = optional["locality"], optional["locality_name"]
    if locality and spelled and spelled != locality:
        kept["locality_name"] = spelled
    name = optional["project_name"] or pg_name or None
    if pg_name and name != pg_name:
        kept["pg_name"] = pg_name
    return name, locality or spelled


def _key_text(row: dict[str, Any], name: str) -> str:
    value = row.get(name)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise _BadFieldError(name, f"is {json.type_name(value)}, not text")
    return value.strip()


def _key_id(row: dict[str, Any], name: str) -> str:
    value = row.get(name)
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    return _key_text(row, name)


def _email(row: dict[str, Any]) -> str | None:
    value = _key_text(row, "lead_email")
    return None if value.lower() in {"", "null"} else value


def _optional(row: dict[str, Any], name: str, kept: dict[str, Any], news: list[str]) -> str | None:
    """The text of a field that no key needs; another type is kept as it came, and reported."""
    value = row.get(name)
    if value is None:
        return None
    if isinstance(value, str):
        return value.strip() or None
    kept[name] = value
    news.append(f"{name}:{json.type_name(value)}")
    return None


def _seconds(row: dict[str, Any], news: list[str]) -> int:
    """When the lead was given, in epoch seconds; milliseconds are turned into seconds."""
    value = row.get("lead_date")
    if isinstance(value, str):
        text = value.strip()
        if not (text.isascii() and text.isdigit() and len(text) <= 15):
            raise _BadFieldError("lead_date", "is not a whole number of epoch seconds")
        value = int(text)
    if not isinstance(value, int) or isinstance(value, bool):
        raise _BadFieldError("lead_date", f"is {json.type_name(value)}, not epoch seconds")
    if value >= _MILLISECONDS_FROM:
        news.append("lead_date:milliseconds")
        value //= 1000
    if not 0 < value < _LATEST_SECOND:
        raise _BadFieldError("lead_date", "is no date between 1970 and 2200")
    return value


HOUSING = Vendor(
    source="housing",
    streams=(Stream("leads", StreamKind.WINDOWED, ("lead",)),),
    parse=parse,
)
