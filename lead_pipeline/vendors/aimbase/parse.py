"""Reading what Aimbase sent (README.md, Response). Pure; needs no credentials.

The form (`form.py`) names every element that is known; one walk per lead follows it.
"""

from collections.abc import Iterator, Mapping
from typing import BinaryIO

from lead_pipeline.records import ParsedLead
from lead_pipeline.vendors import json, xml
from lead_pipeline.vendors.aimbase.plain import read_plainly
from lead_pipeline.vendors.aimbase.sheet import BadFieldError, Sheet
from lead_pipeline.vendors.aimbase.thorough import read_thoroughly
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

KEY_VERSION = "aimbase/1"
_IGNORED = frozenset(["ApplicationArea"])


def parse(
    stream: str,  # noqa: ARG001 - the one stream there is
    body: BinaryIO,
    reading: Reading,  # noqa: ARG001 - every time carries its own offset
    side_documents: Mapping[str, BinaryIO],  # noqa: ARG001 - there are none
) -> Iterator[ParsedItem]:
    """Every SalesLead as a lead or as unreadable, in order; new fields once each."""
    walk = xml.Walk(body, root="ProcessSalesLead", parent="DataArea", name="SalesLead")
    noticed: set[str] = set()
    index = -1
    for index, element in enumerate(walk):
        sheet = read_plainly(element) or read_thoroughly(element)
        yield _read(index, element, sheet)
        if sheet.news:
            for path in sheet.news:
                if path not in noticed:
                    noticed.add(path)
                    yield NewField(path)
    strangers = walk.strangers - _IGNORED
    if strangers and index < 0:
        raise UnreadableDocument("the document has no leads, and elements that nobody knows")
    yield from (NewField(path) for path in sorted(strangers))


def _read(index: int, element: xml.Element, sheet: Sheet) -> ParsedLead | Unreadable:
    try:
        key, created_at = sheet.key(), sheet.created_at()
    except BadFieldError as error:
        place = f"record {index}, field {error.name}"
        return Unreadable(index, place, error.reason, xml.source(element))
    consent = sheet.consent()
    attributes = sheet.attributes
    return ParsedLead(
        record_index=index,
        key_version=KEY_VERSION,
        natural_key=key,
        created_at=created_at,
        source_lead_id=key,
        interest_kind="boat",
        marketing_consent=consent,
        attributes=json.dumps(attributes) if attributes else "{}",
        **sheet.texts,  # type: ignore[arg-type]
    )


AIMBASE = Vendor(
    source="aimbase",
    streams=(Stream("leads", StreamKind.WINDOWED, ("lead",)),),
    parse=parse,
)
