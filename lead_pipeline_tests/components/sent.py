"""Records of each vendor by its own field names, for saying one thing differently at a time."""

import json
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from io import BytesIO
from typing import NamedTuple
from xml.sax.saxutils import escape

from lead_pipeline.records import ParsedLead, ParsedObject
from lead_pipeline.vendors.aimbase import AIMBASE
from lead_pipeline.vendors.aimbase.lineage import LEAD_FIELDS as OF_AIMBASE
from lead_pipeline.vendors.contract import Vendor
from lead_pipeline.vendors.housing import HOUSING
from lead_pipeline.vendors.housing.lineage import LEAD_FIELDS as OF_HOUSING
from lead_pipeline.vendors.lineage import SentField
from lead_pipeline.vendors.listsmrt import LISTSMRT
from lead_pipeline.vendors.listsmrt.envelope import Event, lines_of
from lead_pipeline.vendors.listsmrt.lineage import OBJECT_FIELDS as OF_LISTSMRT
from lead_pipeline.vendors.qontak import QONTAK
from lead_pipeline.vendors.qontak.lineage import LEAD_FIELDS as OF_QONTAK
from lead_pipeline.vendors.qontak.lineage import OBJECT_FIELDS as OBJECTS_OF_QONTAK

Sent = Mapping[str, object]
"""A record by the vendor's field names, with the path to each."""

TEXTS = (
    *("Marked", "0", "1763000001", "2026-11-14T03:00:00Z", "+1", "US", "Iceland"),
    ["Marked", "Twice", "Thrice"],
)
VALUES: tuple[object, ...] = (*TEXTS, 7, True, [7])
"""What is said instead."""


class Sample(NamedTuple):
    """A stream: its fields, records that say much, and how such records are written down."""

    vendor: Vendor
    stream: str
    fields: tuple[SentField, ...]
    said: tuple[Sent, ...]
    document: Callable[[list[Sent]], bytes]
    instead: tuple[object, ...] = VALUES

    def __str__(self) -> str:
        return f"{self.vendor.source} {self.stream}"

    def read(self, record: Sent) -> ParsedLead | ParsedObject | None:
        """What the record says; None where it cannot be read, or holds what nobody expects."""
        document = BytesIO(self.document([record]))
        items = list(self.vendor.parse(self.stream, document, {}, {}))
        (first, *others) = items
        return first if isinstance(first, ParsedLead | ParsedObject) and not others else None

    def varied(self, base: Sent) -> Iterator[tuple[str, Sent]]:
        """The record with one field said differently or not at all, and which."""
        for field in self.fields:
            others = {name: value for name, value in base.items() if name != field.name}
            yield field.name, others
            yield from ((field.name, {**others, field.name: value}) for value in self.instead)


def _json(records: list[Sent]) -> bytes:
    return json.dumps(records).encode()


def _enveloped(records: list[Sent]) -> bytes:
    return json.dumps({"meta": {"status": 200}, "response": records}).encode()


def _webhooks(records: list[Sent]) -> bytes:
    bodies = []
    for record in records:
        data = {
            name.removeprefix("data."): value
            for name, value in record.items()
            if name.startswith("data.")
        }
        others = {name: value for name, value in record.items() if not name.startswith("data.")}
        bodies.append(json.dumps({**others, "data": data}).encode())
    moment = datetime(2026, 11, 20, 12, tzinfo=UTC)
    return lines_of([Event(moment, "1", "0" * 64, body) for body in bodies])


def sales_leads(records: list[Sent]) -> bytes:
    """Each path as nested elements, a list as the same element again."""
    leads = "".join(f"<SalesLead>{_elements(record)}</SalesLead>" for record in records)
    return (
        '<ProcessSalesLead xmlns="http://www.starstandards.org/STAR">'
        f"<ApplicationArea/><DataArea>{leads}</DataArea></ProcessSalesLead>"
    ).encode()


def _elements(record: Sent) -> str:
    inner: dict[str, dict[str, object]] = {}
    written = ""
    for path, value in record.items():
        name, _, rest = path.partition("/")
        if rest:
            inner.setdefault(name, {})[rest] = value
        else:
            values = value if isinstance(value, list) else [value]
            written += "".join(f"<{name}>{escape(str(one))}</{name}>" for one in values)
    return written + "".join(
        f"<{name}>{_elements(below)}</{name}>" for name, below in inner.items()
    )


_ROW: Sent = {
    "lead_name": "Asha Rao",
    "lead_phone": "9876501234 / 9876501235",
    "lead_email": "asha@example.org",
    "lead_date": 1763000000,
    "country_code": "+91",
    "project_id": 17,
    "project_name": "Lake View",
    "locality": "Powai",
}
_FLAT: Sent = {
    **{name: _ROW[name] for name in ("lead_name", "lead_phone", "lead_date")},
    "flat_id": 5,
    "pg_name": "Hostel",
    "locality_name": "Powai",
}

_WITHOUT_PHONE: Sent = {name: _ROW[name] for name in ("lead_email", "lead_date")}

_PROSPECT = "Header/IndividualProspect"
_SALES_LEAD: Sent = {
    "Header/DocumentDateTime": "2026-11-14T03:30:00Z",
    "Header/DocumentId": "D-1",
    "Header/CustomerComments": "Please call",
    f"{_PROSPECT}/PersonName/GivenName": "Joan",
    f"{_PROSPECT}/PersonName/FamilyName": "Diaz",
    f"{_PROSPECT}/MarketingMailInd": "1",
    f"{_PROSPECT}/Address/AddressLine": ["1 Pier", "Flat 2"],
    f"{_PROSPECT}/Address/City": "San Diego",
    f"{_PROSPECT}/Address/StateOrProvince": "California",
    f"{_PROSPECT}/Address/Country": "US",
    f"{_PROSPECT}/Contact/Telephone": ["619 555 0123", "619 555 0124"],
    f"{_PROSPECT}/Contact/EmailAddress": "joan@example.org",
    "Detail/LeadStatus": "New",
    "Detail/SalesVehicle/ModelDescription": "Skiff",
}

_CONTACT: Sent = {
    "id": 1,
    "created_at": "2026-11-14T08:00:00.000+07:00",
    "updated_at": "2026-11-14T03:30:00Z",
    "first_name": "Sari",
    "last_name": "Dewi",
    "email": "sari@example.org",
    "telephone": "0812 3456 7890 / 0812 3456 7891",
    "country": "Indonesia",
    "province": "California",
    "additional_fields": [{"id": 7, "name": "budget", "value": "1500", "value_name": None}],
}
_OBJECT: Sent = {name: _CONTACT[name] for name in ("id", "created_at", "additional_fields")}
_WEBHOOK: Sent = {
    "created": "2026-11-14T03:30:00Z",
    "type": "property.generate-content",
    "result": "A home",
    "data.feature_details_id": "1,7",
    "data.metadata": {"propertyId": "P-1"},
}

LEADS = (
    Sample(HOUSING, "leads", OF_HOUSING, (_ROW, _FLAT, _WITHOUT_PHONE), _json),
    Sample(AIMBASE, "leads", OF_AIMBASE, (_SALES_LEAD,), sales_leads, TEXTS),
    Sample(QONTAK, "contacts_created", OF_QONTAK, (_CONTACT,), _enveloped),
)

OBJECTS = {
    **{
        kind: Sample(QONTAK, stream, OBJECTS_OF_QONTAK[kind], (_OBJECT,), _enveloped)
        for kind, stream in {
            "contact": "contacts",
            "company": "companies",
            "deal": "deals",
            "task": "tasks",
            "pipeline": "pipelines",
            "stage": "stages",
        }.items()
    },
    "generation": Sample(
        LISTSMRT,
        "webhook",
        OF_LISTSMRT["generation"],
        (_WEBHOOK,),
        _webhooks,
        (*VALUES, {"property_id": 9}),
    ),
}
"""By kind of object."""
