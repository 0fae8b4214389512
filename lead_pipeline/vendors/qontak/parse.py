"""Reading what Qontak sent (README.md, Response). Pure; needs no credentials."""

from collections.abc import Iterator, Mapping
from typing import Any, BinaryIO

from lead_pipeline.records import ParsedLead, ParsedObject
from lead_pipeline.vendors import json
from lead_pipeline.vendors.contract import (
    NewField,
    ParsedItem,
    Reading,
    Stream,
    StreamKind,
    Unreadable,
    Vendor,
)
from lead_pipeline.vendors.qontak.envelope import identity, opened
from lead_pipeline.vendors.qontak.fields import (
    ENQUIRY_FIELDS,
    FORMS,
    BadFieldError,
    OtherTypeError,
)
from lead_pipeline.vendors.qontak.template import Template, template_of

KEY_VERSION = "qontak/1"
"""The natural key is the object's id as text. Frozen: a change would make new objects of old."""

CREATED = "contacts_created"
STAGES = "stages"
TEMPLATES = {
    "contacts": "contacts_info",
    "companies": "companies_info",
    "deals": "deals_info",
    "tasks": "tasks_info",
}
_KINDS = {
    CREATED: "contact",
    "contacts": "contact",
    "companies": "company",
    "deals": "deal",
    "tasks": "task",
    "pipelines": "pipeline",
    STAGES: "stage",
}
_TAKEN = frozenset([*ENQUIRY_FIELDS, "id", "created_at", "updated_at"])
_ADDITIONAL = "additional_fields"


def parse(
    stream: str,
    body: BinaryIO,
    reading: Reading,  # noqa: ARG001 - nothing of it changes how an object is read
    side_documents: Mapping[str, BinaryIO],
) -> Iterator[ParsedItem]:
    """Every record as an object or as unreadable, in order; new fields once each.

    A field template has no records: reading it yields nothing, or says that it cannot be read.
    """
    if stream in TEMPLATES.values():
        template_of(body)
        return
    kind = _KINDS[stream]
    envelope = opened(json.load(body))
    template = template_of(side_documents.get(_template_name(stream)))
    noticed = set(envelope.others)
    yield from (NewField(name) for name in envelope.others)
    for index, record in enumerate(envelope.records):
        news: list[str] = []
        yield _read(kind, index, record, template, news)
        for path in news:
            if path not in noticed:
                noticed.add(path)
                yield NewField(path)


def _template_name(stream: str) -> str:
    return TEMPLATES.get("contacts" if stream == CREATED else stream, "")


def _read(
    kind: str, index: int, record: object, template: Template, news: list[str]
) -> ParsedObject | Unreadable:
    place = f"record {index}"
    if not isinstance(record, dict):
        reason = f"is {json.type_name(record)}, not an object"
    elif isinstance(record, json.Ambiguous):
        reason = "gives a name twice"
    else:
        try:
            return _object(kind, index, record, template, news)
        except BadFieldError as error:
            place, reason = f"record {index}, field {error.name}", error.reason
        except json.NestedTooDeeplyError:
            reason = "is nested too deeply to be kept"
    news.clear()
    return Unreadable(index, place, reason, json.source(record))


def _object(
    kind: str, index: int, record: dict[str, Any], template: Template, news: list[str]
) -> ParsedObject:
    key = identity(record)
    if key is None:
        raise BadFieldError("id", "is no id that can be used")
    fields, attributes = _sorted_out(kind, record, news)
    additional = _additional(record, template, attributes, news)
    found = ParsedObject(
        record_index=index,
        kind=kind,
        key_version=KEY_VERSION,
        natural_key=key,
        created_at=fields.get("created_at"),
        updated_at=fields.get("updated_at"),
        fields=json.dumps(fields),
        additional_fields=_written(additional),
        attributes=_written(attributes),
    )
    if kind != "contact":
        return found
    return found._replace(lead=_lead(found, fields, additional, attributes))


def _sorted_out(
    kind: str, record: dict[str, Any], news: list[str]
) -> tuple[dict[str, Any], dict[str, Any]]:
    """The documented fields, and those that nobody named; what is null is in neither."""
    forms = FORMS[kind]
    fields: dict[str, Any] = {}
    attributes: dict[str, Any] = {}
    for name, value in record.items():
        form = forms.get(name)
        if form is None:
            if name != _ADDITIONAL:
                attributes[name] = value
                news.append(name)
        elif type(value) in form.as_it_is:
            fields[name] = value
        elif value is not None:
            try:
                kept = form.read(name, value)
            except OtherTypeError:
                attributes[name] = value
                news.append(f"{name}:{json.type_name(value)}")
            else:
                if kept is not None:
                    fields[name] = kept
    return fields, attributes


def _additional(
    record: dict[str, Any], template: Template, attributes: dict[str, Any], news: list[str]
) -> dict[str, dict[str, Any]]:
    entries = record.get(_ADDITIONAL)
    if not entries:
        return {}
    found = template.read(entries, news) if isinstance(entries, list) else None
    if found is None:
        attributes[_ADDITIONAL] = entries
        news.append(f"{_ADDITIONAL}:unknown shape")
    return found or {}


def _written(found: dict[str, Any]) -> str:
    return json.dumps(found) if found else "{}"


def _lead(
    contact: ParsedObject,
    fields: dict[str, Any],
    additional: dict[str, Any],
    attributes: dict[str, Any],
) -> ParsedLead:
    """The contact as an enquiry: it needs to say when it was made."""
    if contact.created_at is None:
        raise BadFieldError("created_at", "is missing")
    left = {name: value for name, value in fields.items() if name not in _TAKEN} | attributes
    if additional:
        left[_ADDITIONAL] = additional
    texts: dict[str, Any] = {
        column: str(fields[name]).strip() or None
        for name, column in ENQUIRY_FIELDS.items()
        if name in fields
    }
    return ParsedLead(
        record_index=contact.record_index,
        key_version=KEY_VERSION,
        natural_key=contact.natural_key,
        created_at=contact.created_at,
        source_lead_id=contact.natural_key,
        updated_at=contact.updated_at,
        attributes=_written(left),
        **texts,
    )


def _streams() -> Iterator[Stream]:
    yield Stream(CREATED, StreamKind.WINDOWED, ("contact",), (TEMPLATES["contacts"],))
    for name, template in TEMPLATES.items():
        yield Stream(name, StreamKind.SCANNED, (_KINDS[name],), (template,))
    yield Stream("pipelines", StreamKind.SCANNED, ("pipeline", "stage"))
    yield Stream(STAGES, StreamKind.SIDE, ("stage",))
    yield from (Stream(name, StreamKind.SIDE, ()) for name in TEMPLATES.values())


QONTAK = Vendor(source="qontak", streams=tuple(_streams()), parse=parse)
