"""The mapping against what the CRM says of its fields, for `doctor`."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from lead_pipeline.outbox import Kind
from lead_pipeline.push.mapping import columns_of
from lead_pipeline.push.people import ENQUIRY, NAMES, PERSON
from lead_pipeline.push.schema import Schema, kinds_of, read_schema
from lead_pipeline.push.settings import Choice, Fields, PushSettings
from lead_pipeline.vendors.contract import Deadline
from lead_pipeline.vendors.qontak import QontakClient

OF_PERSON = {*PERSON, *NAMES, "source"}
OF_ENQUIRY = OF_PERSON | {*ENQUIRY, "enquired_at"}
BY_ITSELF: Mapping[str, frozenset[str]] = {
    Kind.CONTACT: frozenset({"crm_company_id"}),
    Kind.COMPANY: frozenset({"name"}),
    Kind.DEAL: frozenset(
        {"name", "crm_pipeline_id", "crm_stage_id", "crm_lead_ids", "crm_company_id"}
    ),
    Kind.TASK: frozenset({"name", "crm_person_id", "crm_deal_id", "due_date"}),
}
"""Fields that every object of a kind gets without being mapped."""
OWN_FIELDS: Mapping[str, str] = {
    Kind.CONTACT: "contact_additional_fields",
    Kind.DEAL: "deal.additional_fields",
}
"""Where the account's own fields of a kind are mapped."""


def problems_of(client: QontakClient, settings: PushSettings, deadline: Deadline) -> list[str]:
    """What is wrong with the mapping, each with the setting to correct.

    Raises ConfigError where pipeline or stage is unknown, VendorError.
    """
    schema = read_schema(client.writer(), settings, client.subject(), deadline)
    found = [
        problem
        for kind in kinds_of(settings)
        for problem in (
            *_required(schema, settings, kind),
            *_unknown(schema, settings, kind),
            *_choices(schema, settings, kind),
        )
    ]
    return [*found, *_kept(schema, settings), *columns_unknown(settings)]


def columns_unknown(settings: PushSettings) -> list[str]:
    """Values that name a column that is not there."""
    return [
        f"push.{kind} names {{{column}}}, which is no column; there are {', '.join(sorted(known))}"
        for kind in kinds_of(settings)
        for known in [OF_PERSON if kind in {Kind.CONTACT, Kind.COMPANY} else OF_ENQUIRY]
        for column in sorted({*columns_of(_fields(settings, kind, whole=True))} - known)
    ]


def _required(schema: Schema, settings: PushSettings, kind: str) -> Iterator[str]:
    own = (schema.name_of(kind, name) for name in _additional(settings, kind))
    given = {*_fields(settings, kind), *own, *BY_ITSELF[kind]}
    for name in sorted(schema.required(kind) - given):
        yield f"push.{kind} lacks {name}, which the CRM requires"


def _unknown(schema: Schema, settings: PushSettings, kind: str) -> Iterator[str]:
    """Fields that are none, and those that would arrive under a name that the CRM does not know."""
    if not schema.templates[kind]:
        return
    for name in _fields(settings, kind):
        entry, known = schema.entry_of(kind, name), schema.name_of(kind, name)
        if entry is None:
            yield f"push.{kind} maps {name}, which is no field of the CRM's template"
        elif entry.get("additional_field") is True:
            block = OWN_FIELDS.get(kind)
            where = f"it belongs under push.{block}" if block else "it is not pushed"
            yield f"push.{kind} maps {name}, which is one of the account's own fields: {where}"
        elif name != known:
            yield f"push.{kind} maps {name} by what people call it: the CRM's name is {known}"
    for name in _additional(settings, kind):
        entry = schema.entry_of(kind, name)
        if entry is None:
            yield f"push.{OWN_FIELDS[kind]} maps {name}, which is no field of the CRM's template"
        elif entry.get("additional_field") is False:
            yield (
                f"push.{OWN_FIELDS[kind]} maps {name}, which every account has: write it as "
                f"{schema.name_of(kind, name)} beside the other fields of push.{kind}"
            )


def _kept(schema: Schema, settings: PushSettings) -> Iterator[str]:
    """Names under `keep` that keep nothing."""
    known = {*settings.contact, *BY_ITSELF[Kind.CONTACT]}
    for name in settings.keep if schema.templates[Kind.CONTACT] else ():
        if name not in known and schema.entry_of(Kind.CONTACT, name) is None:
            yield f"push.keep names {name}, which is no field of the CRM's template"


def _choices(schema: Schema, settings: PushSettings, kind: str) -> Iterator[str]:
    """Values that are none of a field's choices."""
    fields = {**_fields(settings, kind), **_additional(settings, kind)}
    for name, value in fields.items():
        entry = schema.entry_of(kind, name) or {}
        allowed = set(_allowed(entry.get("dropdown")))
        said = [*value.values.values(), value.otherwise] if isinstance(value, Choice) else [value]
        for one in said:
            is_fixed = one is not None and not (isinstance(one, str) and "{" in one)
            if allowed and is_fixed and str(one) not in allowed:
                yield f"push.{kind}.{name} may be {one!r}, which is none of its choices"


def _allowed(dropdown: object) -> Iterator[str]:
    """Ids and names of the choices that a template gives."""
    entries: Iterable[Any] = dropdown if isinstance(dropdown, list) else ()
    for entry in entries:
        if isinstance(entry, dict):
            yield from (str(entry[key]) for key in ("id", "name", "value") if key in entry)
        else:
            yield str(entry)


def _fields(settings: PushSettings, kind: str, *, whole: bool = False) -> Fields:
    blocks: Mapping[str, Any] = {
        Kind.COMPANY: settings.company,
        Kind.DEAL: settings.deal,
        Kind.TASK: settings.task,
    }
    if kind == Kind.CONTACT:
        found = dict(settings.contact)
    else:
        found = dict(blocks[kind].fields)
        if whole and kind != Kind.COMPANY:
            found["name"] = blocks[kind].name
    return {**found, **_additional(settings, kind)} if whole else found


def _additional(settings: PushSettings, kind: str) -> Fields:
    if kind == Kind.CONTACT:
        return settings.contact_additional_fields
    return settings.deal.additional_fields if kind == Kind.DEAL else {}
