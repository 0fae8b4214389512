"""What is to be there in the CRM for a person: a company, a contact, and a deal per enquiry."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

import orjson

from lead_pipeline.outbox import Kind, key_of, push_id_of
from lead_pipeline.push.mapping import ADDITIONAL, filled, value_of
from lead_pipeline.push.people import REFUSED_CONTACT, Enquiry, Person
from lead_pipeline.push.recognise import plain
from lead_pipeline.push.schema import Schema
from lead_pipeline.push.settings import Fields, PushSettings

_REFERENCE_DIGITS = 12
REACHED_BY = ("telephone", "email")
"""The fields of a contact by which it is found again."""
UNREACHED = "no phone or e-mail would be sent by which the contact could be found again"


@dataclass(frozen=True, slots=True)
class Item:
    """An object that is to be there. `hold` says why it is not to be sent; None: it is.

    `fields` hold what the mapping says, without the ids of other objects. `reference` is in the
    name of a deal or task, so that it is found again.
    """

    push_id: str
    kind: str
    person_id: str
    fields: Mapping[str, object] = field(repr=False)
    lead_id: str | None = None
    lead_ids: tuple[str, ...] = ()
    keys: tuple[str, ...] = ()
    hold: str | None = None

    @property
    def content(self) -> str:
        """A hash of what is to be there."""
        text = orjson.dumps(self.fields, option=orjson.OPT_SORT_KEYS)
        return sha256(text).hexdigest()[:32]

    @property
    def reference(self) -> str:
        """What our deals and tasks are known by."""
        return self.push_id[:_REFERENCE_DIGITS]


class Items:
    """Makes the items of one account, by its settings and its CRM's templates."""

    def __init__(self, account: str, settings: PushSettings, schema: Schema) -> None:
        self._account, self._settings, self._schema = account, settings, schema

    @property
    def kept(self) -> frozenset[str]:
        """The CRM's names of a contact's fields that are never filled where it is there."""
        names = (self._schema.name_of(Kind.CONTACT, name) for name in self._settings.keep)
        return frozenset((*names, *self._settings.keep))

    def _refusal(self, person: Person) -> str | None:
        """Why a person is not to be in the CRM."""
        is_held = self._settings.hold_refusals and not person.may_be_contacted
        return REFUSED_CONTACT if is_held else None

    def company(self, person: Person) -> Item | None:
        """The company that a person names; None where there is none to be pushed."""
        name, block = person.known["company"], self._settings.company
        if block is None or not name or self._refusal(person):
            return None
        push_id = push_id_of(self._account, Kind.COMPANY, plain(name))
        fields = filled(block.fields, person.known) | {"name": name}
        return Item(push_id, Kind.COMPANY, person.person_id, fields)

    def contact(self, person: Person, push_id: str) -> Item:
        """The contact of a person."""
        settings = self._settings
        fields = filled(settings.contact, person.known)
        fields |= self._additional(Kind.CONTACT, settings.contact_additional_fields, person.known)
        reach = [str(fields[name]) for name in REACHED_BY if name in fields]
        hold = None if reach else UNREACHED
        return Item(
            push_id,
            Kind.CONTACT,
            person.person_id,
            fields,
            lead_ids=person.lead_ids,
            keys=tuple(sorted(map(key_of, reach))),
            hold=self._refusal(person) or hold or self._lacking(Kind.CONTACT, fields),
        )

    def deal(self, person: Person, enquiry: Enquiry) -> Item:
        """The deal of an enquiry."""
        deal, known = self._settings.deal, person.known | enquiry.known
        push_id = push_id_of(self._account, Kind.DEAL, enquiry.lead_id)
        fields = filled(deal.fields, known)
        fields |= self._additional(Kind.DEAL, deal.additional_fields, known)
        fields |= {
            "name": _referring(value_of(deal.name, known), push_id),
            "crm_pipeline_id": self._schema.pipeline_id,
            "crm_stage_id": self._schema.stage_id,
        }
        return Item(
            push_id,
            Kind.DEAL,
            person.person_id,
            fields,
            lead_id=enquiry.lead_id,
            hold=self._refusal(person) or self._lacking(Kind.DEAL, fields),
        )

    def task(self, person: Person, enquiry: Enquiry) -> Item | None:
        """What somebody is to do about an enquiry; None where nothing is."""
        task, known = self._settings.task, person.known | enquiry.known
        if task is None:
            return None
        push_id = push_id_of(self._account, Kind.TASK, enquiry.lead_id)
        fields = filled(task.fields, known)
        fields["name"] = _referring(value_of(task.name, known), push_id)
        return Item(
            push_id,
            Kind.TASK,
            person.person_id,
            fields,
            lead_id=enquiry.lead_id,
            hold=self._refusal(person) or self._lacking(Kind.TASK, fields),
        )

    def _additional(
        self, kind: str, fields: Fields, known: Mapping[str, Any]
    ) -> dict[str, list[dict[str, object]]]:
        """The account's own fields, as the CRM takes them."""
        values = filled(fields, known)
        entries = []
        for name, value in values.items():
            entry = self._schema.entry_of(kind, name) or {}
            field_name = self._schema.name_of(kind, name)
            entries.append({"id": entry.get("id"), "name": field_name, "value": value})
        return {ADDITIONAL: entries} if entries else {}

    def _lacking(self, kind: str, fields: Mapping[str, object]) -> str | None:
        """Why the CRM would refuse these fields; what is filled in later counts as there."""
        later = {"crm_lead_ids", "crm_person_id", "crm_deal_id", "crm_company_id", "due_date"}
        entries = fields.get(ADDITIONAL)
        own = {str(one["name"]) for one in entries} if isinstance(entries, list) else set()
        lacking = sorted(self._schema.required(kind) - fields.keys() - own - later)
        return f"the CRM requires what nobody said: {', '.join(lacking)}" if lacking else None


def _referring(name: object, push_id: str) -> str:
    return f"{name or 'Enquiry'} [{push_id[:_REFERENCE_DIGITS]}]"
