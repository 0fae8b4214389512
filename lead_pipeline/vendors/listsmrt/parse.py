"""Reading what ListSMRT sent (README.md, Webhook). Pure; needs no credentials."""

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from io import BytesIO
from typing import Any, BinaryIO

from lead_pipeline.records import ParsedObject
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
from lead_pipeline.vendors.listsmrt.envelope import Event, events_in
from lead_pipeline.vendors.listsmrt.options import FEATURES

KEY_VERSION = "listsmrt/1"
"""The natural key is the SHA-256 of the body as it was signed. Frozen."""

WEBHOOK = "webhook"
GENERATION = "generation"

_ENVELOPE = frozenset({"created", "type", "data", "result"})
DATA_FIELDS = frozenset(
    {
        "bed",
        "bath",
        "type",
        "garage",
        "address",
        "parking",
        "highlight",
        "land_size",
        "land_rates",
        "land_status",
        "perfect_for",
        "tenure_type",
        "water_rates",
        "weekly_rent",
        "strata_rates",
        "the_location",
        "campaign_type",
        "land_area_max",
        "land_area_min",
        "tone_of_voice",
        "floor_area_max",
        "floor_area_min",
        "language_input",
        "language_output",
        "feature_details_id",
        "nabers_energy_rating",
        "metadata",
    }
)
"""The names that are known inside of `data`."""
_NUMBER = re.compile(r"\s*([0-9]{1,3})\s*")


def require_json(body: bytes) -> None:
    """Raise UnreadableDocument where a body is no JSON, without quoting any of it."""
    json.load(BytesIO(body))


def parse(
    stream: str,  # noqa: ARG001 - there is one
    body: BinaryIO,
    reading: Reading,  # noqa: ARG001 - nothing of it changes how an event is read
    side_documents: Mapping[str, BinaryIO],  # noqa: ARG001 - there are none
) -> Iterator[ParsedItem]:
    """Every event of a drained spool as a generation, or as unreadable; new fields once each.

    No event is unreadable for a field that is missing, unknown or of another type.
    """
    noticed: set[str] = set()
    for index, event in enumerate(events_in(body)):
        try:
            value = json.load(BytesIO(event.body))
            if not isinstance(value, dict):
                raise UnreadableDocument(f"a JSON {json.type_name(value)}, not an object")
            generation, others = _generation(index, event, value)
        except (UnreadableDocument, json.NestedTooDeeplyError) as error:
            yield Unreadable(index, f"event {index}", str(error), event.body)
            continue
        yield generation
        for name in others:
            if name not in noticed:
                noticed.add(name)
                yield NewField(name)


def _generation(
    index: int, event: Event, value: dict[str, Any]
) -> tuple[ParsedObject, tuple[str, ...]]:
    data = value.get("data")
    known = data if isinstance(data, dict) else {}
    created = _moment(value.get("created"))
    others = {name: inner for name, inner in value.items() if name not in _ENVELOPE}
    if created is None and value.get("created") is not None:
        others["created"] = value["created"]
    if data is not known and data is not None:
        others["data"] = data
    others |= {f"data.{name}": inner for name, inner in known.items() if name not in DATA_FIELDS}
    said = {
        name: inner for name, inner in known.items() if name in DATA_FIELDS and inner is not None
    }
    fields = {
        "type": value.get("type"),
        "result": value.get("result"),
        "property_id": _property_id(known.get("metadata")),
        "features": _features(known.get("feature_details_id")),
        "data": said,
    }
    generation = ParsedObject(
        record_index=index,
        kind=GENERATION,
        key_version=KEY_VERSION,
        natural_key=event.sha256,
        created_at=created,
        updated_at=None,
        fields=json.dumps({name: inner for name, inner in fields.items() if inner is not None}),
        attributes=json.dumps(others),
    )
    return generation, tuple(others)


def _moment(text: object) -> datetime | None:
    """A time without a zone is UTC."""
    try:
        moment = datetime.fromisoformat(str(text))
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _property_id(metadata: object) -> str | None:
    """What the authorize URL named `propertyId`, in any of its spellings."""
    for name, value in metadata.items() if isinstance(metadata, dict) else ():
        is_id = isinstance(value, str | int) and not isinstance(value, bool)
        if is_id and re.sub("[^a-z]", "", name.lower()) == "propertyid" and str(value).strip():
            return str(value).strip()
    return None


def _features(value: object) -> list[str] | None:
    """The names of the features, `1,7,15`; an id that the document does not have stays itself."""
    parts = value if isinstance(value, list) else str(value or "").split(",")
    numbers = [match for part in parts if (match := _NUMBER.fullmatch(str(part)))]
    return [FEATURES.get(int(match[1]), match[1]) for match in numbers] or None


LISTSMRT = Vendor("listsmrt", (Stream(WEBHOOK, StreamKind.PUSHED, (GENERATION,)),), parse)
