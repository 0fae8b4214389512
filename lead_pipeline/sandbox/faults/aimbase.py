"""Aimbase's shape: `SalesLead` elements, changed as text in the layout of `aimbase_xml`."""

import re

from lead_pipeline.sandbox.faults.fault import FaultKind
from lead_pipeline.sandbox.faults.shape import Document, Shape

_SALES_LEAD = re.compile(rb" {8}<SalesLead>\n.*?\n {8}</SalesLead>\n", re.DOTALL)
_COMMENTS = re.compile(rb" {16}<CustomerComments>.*?</CustomerComments>\n", re.DOTALL)
_DOCUMENT_ID = re.compile(rb" {16}<DocumentId>.*?</DocumentId>\n")
_MOMENT = re.compile(rb" {16}<DocumentDateTime>.*?</DocumentDateTime>\n")
_SOURCE = re.compile(rb" {16}<LeadSource>(.*?)</LeadSource>\n")
_FAMILY_NAME = re.compile(rb"<FamilyName>(.*?)</FamilyName>", re.DOTALL)

_NEW_COMMENTS = (
    b"                <CustomerComments>\n"
    b"                    <![CDATA[ Has called again & bought <elsewhere> ]]>\n"
    b"                </CustomerComments>\n"
)
_NEW_ELEMENT = b"                <LeadTemperature>Hot</LeadTemperature>\n"
_NOT_A_MOMENT = b"                <DocumentDateTime>soon</DocumentDateTime>\n"
_NOT_UTF_8 = b"\xc3\x28"


def read(body: bytes) -> Document:
    """The `SalesLead` elements, indented as they are."""
    places = [match.span() for match in _SALES_LEAD.finditer(body)]
    if not places:
        return Document(body, (), b"", b"")
    records = tuple(body[start:end] for start, end in places)
    return Document(body[: places[0][0]], records, b"", body[places[-1][1] :])


def _wrongly_encoded(record: bytes, _: int) -> bytes:
    return record.replace(b"<![CDATA[ ", b"<![CDATA[ " + _NOT_UTF_8, 1)


def _malformed(record: bytes, bits: int) -> bytes:
    pattern, new = ((_DOCUMENT_ID, b""), (_MOMENT, _NOT_A_MOMENT), (_MOMENT, b""))[bits % 3]
    return pattern.sub(new, record, count=1)


def _unknown_field(record: bytes, _: int) -> bytes:
    return _SOURCE.sub(rb"\g<0>" + _NEW_ELEMENT, record, count=1)


def _changed_type(record: bytes, bits: int) -> bytes:
    if bits % 3 == 0:
        new = b"                <LeadSource><Name>\\1</Name><Rank>1</Rank></LeadSource>\n"
        return _SOURCE.sub(new, record, count=1)
    if bits % 3 == 1:
        return _FAMILY_NAME.sub(rb"<FamilyName><Text>\1</Text></FamilyName>", record, count=1)
    return record.replace(b"<DocumentId>", b'<DocumentId checked="true">', 1)


def _changed(record: bytes, _: int) -> bytes:
    commented = _SOURCE.sub(rb"\g<0>" + _NEW_COMMENTS, _COMMENTS.sub(b"", record), count=1)
    return commented.replace(b"<LeadStatus>Lead<", b"<LeadStatus>Contacted<", 1)


AIMBASE = Shape(
    media_type="application/xml",
    error=b"<Error>\n    <Message>An unknown error occurred.</Message>\n</Error>",
    expired_media_type="text/plain; charset=utf-8",
    expired=b"publickey is not known",
    read=read,
    changes={
        FaultKind.WRONG_ENCODING: _wrongly_encoded,
        FaultKind.MALFORMED_RECORDS: _malformed,
        FaultKind.UNKNOWN_FIELD: _unknown_field,
        FaultKind.CHANGED_TYPE: _changed_type,
        FaultKind.CHANGED: _changed,
    },
)
