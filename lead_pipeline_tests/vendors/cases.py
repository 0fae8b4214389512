"""What the one suite needs to know of each vendor: how to build it, and documents it may send."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone

from lead_pipeline.records import Window
from lead_pipeline.vendors.aimbase import AIMBASE, AimbaseClient
from lead_pipeline.vendors.contract import Client, Vendor
from lead_pipeline.vendors.housing import HOUSING, HousingClient
from lead_pipeline.vendors.http import HttpClient
from lead_pipeline.vendors.qontak import QONTAK, QontakClient

NOW = datetime(2026, 11, 20, 12, 0, 0, tzinfo=UTC)
WINDOW = Window(datetime(2026, 11, 18, 6, tzinfo=UTC), datetime(2026, 11, 19, 6, tzinfo=UTC))
SECRET = "s3cr3t-kept-in-no-message"
JAKARTA = timezone(timedelta(hours=7))
CREDENTIALS = ("VENDOR_ID", "VENDOR_KEY")
HOSTILE = 'Zoë \u202e नाम 😀 \'; DROP TABLE leads; -- \\ "quoted" <b>&amp;</b> a\u00a0b'

Fields = dict[str, str]


@dataclass(frozen=True)
class Case:
    """One vendor and a windowed stream of it. A record is given as the fields of `person`.

    `interest` names the field of `records.ParsedLead` that what a person is interested in gets.
    """

    vendor: Vendor
    content_type: str
    client: Callable[[str, HttpClient], Client]
    document: Callable[[list[Fields]], bytes]
    with_unknown_field: Callable[[Fields, str, str], bytes]
    without_date: bytes
    refusals_with_200: tuple[bytes, ...]
    unreadable_in_fetch: bool
    signed_part: Callable[[str, dict[str, str]], str]
    stream: str = "leads"
    interest: str = "interest_name"

    def __str__(self) -> str:
        return self.vendor.source


def housing_client(base_url: str, http: HttpClient, **settings: object) -> HousingClient:
    return HousingClient(
        account="main",
        base_url=base_url,
        account_id="4544",
        api_key=SECRET,
        http=http,
        credentials=CREDENTIALS,
        **settings,  # type: ignore[arg-type]  # each test knows what it sets
    )


def aimbase_client(base_url: str, http: HttpClient, **settings: object) -> AimbaseClient:
    return AimbaseClient(
        account="main",
        base_url=base_url,
        nmma_id="CB",
        public_key="public-key-1",
        private_key=SECRET,
        http=http,
        credentials=CREDENTIALS,
        **settings,  # type: ignore[arg-type]  # each test knows what it sets
    )


def qontak_client(base_url: str, http: HttpClient, **settings: object) -> QontakClient:
    given: dict[str, object] = {"requests_per_second": 1000.0}
    return QontakClient(
        account="main",
        base_url=base_url,
        client_id="client-1",
        client_secret=SECRET,
        sso_id="00000000-0000-4000-8000-000000000001",
        http=http,
        credentials=CREDENTIALS,
        **(given | settings),  # type: ignore[arg-type]  # each test knows what it sets
    )


def person(number: int, **changed: str) -> Fields:
    """An invented enquiry, by the fields that all vendors can carry."""
    fields = {
        "id": f"{5000 + number}",
        "created": str(int(WINDOW.start.timestamp()) + number),
        "name": f"Person {number}",
        "phone": f"98765{number:05}",
        "email": f"person{number}@example.org",
        "interest": "Lake View",
    }
    return fields | changed


def housing_row(fields: Fields) -> dict[str, object]:
    return {
        "lead_name": fields["name"],
        "lead_phone": fields["phone"],
        "lead_email": fields["email"],
        "lead_date": int(fields["created"]),
        "project_id": int(fields["id"]),
        "project_name": fields["interest"],
        "locality": "Powai",
    }


def _housing_document(records: list[Fields]) -> bytes:
    return json.dumps([housing_row(fields) for fields in records]).encode()


def _housing_unknown(fields: Fields, name: str, value: str) -> bytes:
    return json.dumps({"data": [housing_row(fields) | {name: value}]}).encode()


def escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def sales_lead(fields: Fields, more: str = "") -> str:
    moment = datetime.fromtimestamp(int(fields["created"]), UTC)
    return f"""
    <SalesLead><Header>
      <DocumentDateTime>{moment.isoformat()[:19]}.1234567Z</DocumentDateTime>
      <DocumentId>{fields["id"]}</DocumentId>
      <IndividualProspect>
        <PersonName><GivenName> {escaped(fields["name"])} </GivenName></PersonName>
        <Contact><Telephone desc="Day Phone"> <![CDATA[ {fields["phone"]} ]]> </Telephone>
        <EmailAddress desc="Home">{escaped(fields["email"])}</EmailAddress></Contact>
      </IndividualProspect>{more}</Header>
      <Detail><SalesVehicle><ModelDescription>{escaped(fields["interest"])}</ModelDescription>
      </SalesVehicle></Detail>
    </SalesLead>"""


def process_sales_lead(*leads: str) -> bytes:
    return (
        '<ProcessSalesLead xmlns="http://www.starstandards.org/STAR">'
        "<ApplicationArea><CreationDateTime>2026-11-20T12:00:00.0000000Z</CreationDateTime>"
        f"</ApplicationArea><DataArea>{''.join(leads)}</DataArea></ProcessSalesLead>"
    ).encode()


def _aimbase_document(records: list[Fields]) -> bytes:
    return process_sales_lead(*(sales_lead(fields) for fields in records))


def _aimbase_unknown(fields: Fields, name: str, value: str) -> bytes:
    return process_sales_lead(sales_lead(fields, f"<{name}>{escaped(value)}</{name}>"))


def contact(fields: Fields) -> dict[str, object]:
    """A contact of Qontak; what the person is interested in stands as the company's name."""
    created = datetime.fromtimestamp(int(fields["created"]), JAKARTA).isoformat("T", "milliseconds")
    return {
        "id": int(fields["id"]),
        "first_name": fields["name"],
        "last_name": "",
        "created_at": created,
        "updated_at": created,
        "email": fields["email"],
        "telephone": fields["phone"],
        "crm_source_name": "Website",
        "crm_status_name": "New",
        "crm_company_name": fields["interest"],
    }


def envelope(records: object, **changed: object) -> bytes:
    """What Qontak answers; totals as of a list of one page."""
    count = len(records) if isinstance(records, list) else 1
    totals = {"page": 1, "total_page": 1, "current_data": count, "total_data": count}
    meta = {"status": 200, "type": "OK"}
    return json.dumps({"meta": meta, "response": records} | totals | changed).encode()


def _qontak_document(records: list[Fields]) -> bytes:
    return envelope([contact(fields) for fields in records])


def _qontak_unknown(fields: Fields, name: str, value: str) -> bytes:
    return envelope([contact(fields) | {name: value}])


HOUSING_CASE = Case(
    vendor=HOUSING,
    content_type="application/json",
    client=housing_client,
    document=_housing_document,
    with_unknown_field=_housing_unknown,
    without_date=json.dumps(
        [
            housing_row(person(0)),
            housing_row(person(1)) | {"lead_date": "yesterday"},
            housing_row(person(2)),
        ]
    ).encode(),
    refusals_with_200=(
        b'{"apiErrors": {"code": 401, "message": "no such id"}}',
        b'{"data": [], "apiErrors": {"code": 1}}',
        b'{"message": "please try later"}',
        b'{"data": {"lead_name": "One"}}',
        b'{"data": null}',
        b'{"data": [], "status": "failed"}',
        b'"nothing"',
        b"null",
        b"",
        b"<leads/>",
        b'[{"lead_name": "cut',
        b"[NaN]",
        b"[" * 100_000,
    ),
    unreadable_in_fetch=True,
    signed_part=lambda target, _: target.partition("hash=")[2],
)
AIMBASE_CASE = Case(
    vendor=AIMBASE,
    content_type="application/xml",
    client=aimbase_client,
    document=_aimbase_document,
    with_unknown_field=_aimbase_unknown,
    without_date=process_sales_lead(
        sales_lead(person(0)),
        sales_lead(person(1)).replace(".1234567Z", "the day before"),
        sales_lead(person(2)),
    ),
    refusals_with_200=(
        b"<Error><Message>no such NMMA id</Message></Error>",
        b"<ProcessSalesLead/>",
        b"<ProcessSalesLead><DataArea><Error>busy</Error></DataArea></ProcessSalesLead>",
        b"<ProcessSalesLead><DataArea>not today</DataArea></ProcessSalesLead>",
        b"<ProcessSalesLead><SalesLead/></ProcessSalesLead>",
        b"<ProcessSalesLead><ApplicationArea/></ProcessSalesLead>",
        b"<!DOCTYPE x><ProcessSalesLead><DataArea/></ProcessSalesLead>",
        b'<!DOCTYPE x [<!ENTITY a "b">]><ProcessSalesLead><DataArea/></ProcessSalesLead>',
        b"<ProcessSalesLead><DataArea>",
        b"<ProcessSalesLead><DataArea/></ProcessSalesLead><again/>",
        b"[]",
        b"",
        b"<a>" * 1000,
    ),
    unreadable_in_fetch=False,
    signed_part=lambda _, headers: headers["Authenticate"],
)
QONTAK_CASE = Case(
    vendor=QONTAK,
    content_type="application/json",
    client=qontak_client,
    document=_qontak_document,
    with_unknown_field=_qontak_unknown,
    without_date=envelope(
        [
            contact(person(0)),
            contact(person(1)) | {"created_at": "yesterday"},
            contact(person(2)),
        ]
    ),
    refusals_with_200=(
        b'{"message": "Unauthorized"}',
        b'{"meta": {"status": 404}}',
        b'{"meta": {"status": 404}, "response": []}',
        b'{"meta": {"status": "500"}, "response": [{"id": 1}]}',
        b'{"response": [], "error": "no such user"}',
        b'{"response": [], "message": "try later"}',
        b'{"response": null}',
        b'{"response": "nothing"}',
        b'{"response": [], "response": [{"id": 1}]}',
        b'{"data": [{"id": 1}]}',
        b"[]",
        b'[{"id": 1}]',
        b'"nothing"',
        b"null",
        b"",
        b"<contacts/>",
        b'{"response": [{"id": 1',
        b'{"response": [NaN]}',
        b'{"response": ' + b"[" * 100_000,
    ),
    unreadable_in_fetch=True,
    signed_part=lambda _, headers: headers["Authorization"].partition("signature=")[2],
    stream="contacts_created",
    interest="company_raw",
)
CASES = (HOUSING_CASE, AIMBASE_CASE, QONTAK_CASE)
