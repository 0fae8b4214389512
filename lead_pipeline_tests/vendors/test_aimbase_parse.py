"""What Aimbase sends, and what it may send."""

import io
import json

import pytest

from lead_pipeline.records import ParsedLead
from lead_pipeline.vendors.aimbase import AIMBASE
from lead_pipeline.vendors.contract import ParsedItem, UnreadableDocument
from lead_pipeline_tests.vendors.cases import (
    AIMBASE_CASE,
    person,
    process_sales_lead,
    sales_lead,
)
from lead_pipeline_tests.vendors.conftest import leads_of, new_fields_of, read, unreadable_of

FULL = """
<SalesLead>
  <Header>
    <DocumentDateTime>2020-06-12T11:53:02.633Z</DocumentDateTime>
    <DocumentId>13236</DocumentId>
    <LeadSource>DiscoverBoating.com</LeadSource>
    <CustomerComments>
        <![CDATA[ Horizon: I don't know ]]>
    </CustomerComments>
    <IndividualProspect>
      <PersonName>
        <GivenName> <![CDATA[ Joan ]]> </GivenName><FamilyName><![CDATA[ Doe ]]></FamilyName>
      </PersonName>
      <MarketingMailInd>1</MarketingMailInd>
      <Address>
        <AddressLine> <![CDATA[ 1 Long Road ]]> </AddressLine>
        <AddressLine> <![CDATA[ Apt 2 ]]> </AddressLine>
        <City><![CDATA[ San Diego ]]></City><StateOrProvince>CA</StateOrProvince>
        <Country>US</Country><PostalCode>92108</PostalCode>
      </Address>
      <Contact>
        <Telephone desc="Evening Phone"> <![CDATA[ 555-555-5555 ]]> </Telephone>
        <Telephone desc="Day">555-555-5556</Telephone>
        <EmailAddress desc="Home"><![CDATA[ joan@example.org ]]></EmailAddress>
      </Contact>
      <PurchaseEarliestDate>2027-01-15</PurchaseEarliestDate>
      <OwnedVehicle><OwnedType>Boat</OwnedType><ModelDescription>Skiff</ModelDescription></OwnedVehicle>
    </IndividualProspect>
  </Header>
  <Detail>
    <LeadStatus>Lead</LeadStatus>
    <LeadIndustryType>Boats</LeadIndustryType>
    <LeadRequestType> <![CDATA[ Contact Dealer ]]> </LeadRequestType>
    <SalesVehicle>
      <ModelDescription> <![CDATA[ Bowrider ]]> </ModelDescription>
      <BoatingActivities> <![CDATA[ Day Cruising ]]> </BoatingActivities>
      <BoatOwnershipStatus> <![CDATA[ Yes ]]> </BoatOwnershipStatus>
    </SalesVehicle>
  </Detail>
</SalesLead>"""


def items(*leads: str) -> list[ParsedItem]:
    return read(AIMBASE_CASE, process_sales_lead(*leads))


def lead(text: str) -> ParsedLead:
    (found,) = leads_of(items(text))
    return found


def swapped(old: str, new: str) -> str:
    assert old in FULL
    return FULL.replace(old, new)


def test_every_known_element_has_its_place() -> None:
    (found,) = items(FULL)
    assert isinstance(found, ParsedLead)
    assert found._asdict() == {
        "record_index": 0,
        "key_version": "aimbase/1",
        "natural_key": "13236",
        "created_at": found.created_at,
        "source_lead_id": "13236",
        "updated_at": None,
        "full_name_raw": None,
        "given_name_raw": "Joan",
        "family_name_raw": "Doe",
        "company_raw": None,
        "email_raw": "joan@example.org",
        "phone_raw": "555-555-5555",
        "phone_2_raw": "555-555-5556",
        "phone_country_code": None,
        "address_line1_raw": "1 Long Road",
        "address_line2_raw": "Apt 2",
        "city_raw": "San Diego",
        "region_raw": "CA",
        "postal_code_raw": "92108",
        "country_raw": "US",
        "interest_kind": "boat",
        "interest_id": None,
        "interest_name": "Bowrider",
        "interest_locality": None,
        "request_type": "Contact Dealer",
        "status": "Lead",
        "channel": "DiscoverBoating.com",
        "marketing_consent": True,
        "comments": "Horizon: I don't know",
        "attributes": found.attributes,
    }
    assert found.created_at.isoformat() == "2020-06-12T11:53:02.633000+00:00"
    assert json.loads(found.attributes) == {
        "BoatOwnershipStatus": "Yes",
        "BoatingActivities": "Day Cruising",
        "EmailAddress/@desc": "Home",
        "LeadIndustryType": "Boats",
        "OwnedVehicle": [{"ModelDescription": "Skiff", "OwnedType": "Boat"}],
        "PurchaseEarliestDate": "2027-01-15",
        "Telephone/@desc": ["Evening Phone", "Day"],
    }


@pytest.mark.parametrize(
    "namespace", ["", ' xmlns="http://www.starstandard.org/STAR/5"', ' xmlns:x="http://a.example"']
)
def test_the_namespace_does_not_matter(namespace: str) -> None:
    known = process_sales_lead(FULL)
    other = known.replace(b' xmlns="http://www.starstandards.org/STAR"', namespace.encode())
    assert other != known
    assert read(AIMBASE_CASE, other) == read(AIMBASE_CASE, known)


def test_a_prefix_does_not_matter() -> None:
    prefixed = FULL.replace("</", "\0").replace("<!", "\1").replace("<", "<s:")
    prefixed = prefixed.replace("\0", "</s:").replace("\1", "<!")
    document = (
        f'<s:ProcessSalesLead xmlns:s="x"><s:DataArea>{prefixed}</s:DataArea></s:ProcessSalesLead>'
    )
    assert read(AIMBASE_CASE, document.encode()) == items(FULL)


@pytest.mark.parametrize(
    ("sent", "read_as"),
    [
        ("2020-06-16T16:51:06.3788239Z", "2020-06-16T16:51:06.378823+00:00"),
        ("2020-06-16T16:51:06-05:00", "2020-06-16T21:51:06+00:00"),
        ("2020-06-16T16:51:06.1+05:30", "2020-06-16T11:21:06.100000+00:00"),
        (" <![CDATA[ 2020-06-16T00:00:00Z ]]> ", "2020-06-16T00:00:00+00:00"),
    ],
)
def test_times(sent: str, read_as: str) -> None:
    assert lead(swapped("2020-06-12T11:53:02.633Z", sent)).created_at.isoformat() == read_as


@pytest.mark.parametrize(
    "sent",
    [
        "",
        "soon",
        "2020-06-12T11:53:02",
        "06/12/2020",
        "0001-01-01T00:00:00+05:00",
        "9999-12-31T23:59:59-05:00",
        "1592000000",
    ],
)
def test_a_time_that_cannot_be_read(sent: str) -> None:
    (found,) = unreadable_of(items(FULL, swapped("2020-06-12T11:53:02.633Z", sent)))
    assert found.place == "record 1, field DocumentDateTime"
    assert b"Joan" in found.content
    assert b"Joan" not in found.reason.encode()


def test_without_an_id_there_is_no_lead() -> None:
    (found,) = unreadable_of(items(swapped("13236", "  "), FULL))
    assert found.place == "record 0, field DocumentId"


def test_an_empty_lead_is_unreadable_not_lost() -> None:
    assert len(unreadable_of(items("<SalesLead/>", FULL))) == 1


@pytest.mark.parametrize(
    ("sent", "consent"), [("1", True), (" 0 ", False), ("", None), ("yes", None)]
)
def test_consent(sent: str, consent: bool | None) -> None:
    found = items(swapped("<MarketingMailInd>1", f"<MarketingMailInd>{sent}"))
    (only,) = leads_of(found)
    assert only.marketing_consent is consent
    assert bool(new_fields_of(found)) is (sent == "yes")
    assert ("MarketingMailInd" in json.loads(only.attributes)) is (sent == "yes")


def test_further_phones_emails_lines_and_vehicles_are_kept() -> None:
    text = swapped(
        "</Contact>",
        "<Telephone>3</Telephone><Telephone>4</Telephone><EmailAddress>b@x"
        "</EmailAddress></Contact>",
    )
    text = text.replace("</Address>", "<AddressLine>third</AddressLine></Address>")
    text = text.replace(
        "</Detail>",
        "<SalesVehicle><ModelDescription>Jon</ModelDescription></SalesVehicle></Detail>",
    )
    found = items(text)
    assert new_fields_of(found) == []
    attributes = json.loads(leads_of(found)[0].attributes)
    assert attributes["Telephone"] == ["3", "4"]
    assert attributes["EmailAddress"] == "b@x"
    assert attributes["AddressLine"] == "third"
    assert attributes["SalesVehicle"] == [{"ModelDescription": "Jon"}]


def test_two_vehicles_are_not_made_one() -> None:
    vehicles = (
        "<SalesVehicle><BoatingActivities>Fishing</BoatingActivities></SalesVehicle>"
        "<SalesVehicle><ModelDescription>Jon</ModelDescription></SalesVehicle>"
    )
    before, _, rest = FULL.partition("<SalesVehicle>")
    found = lead(before + vehicles + rest.partition("</SalesVehicle>")[2])
    assert found.interest_name is None
    assert json.loads(found.attributes)["BoatingActivities"] == "Fishing"
    assert json.loads(found.attributes)["SalesVehicle"] == [{"ModelDescription": "Jon"}]


def test_a_blank_first_phone_is_passed_over() -> None:
    found = lead(swapped("<![CDATA[ 555-555-5555 ]]>", "<![CDATA[  ]]>"))
    assert (found.phone_raw, found.phone_2_raw) == ("555-555-5556", None)


def test_a_second_of_what_is_single_is_kept_and_reported() -> None:
    found = items(swapped("</PersonName>", "<GivenName>Jo</GivenName></PersonName>"))
    (path,) = new_fields_of(found)
    assert path == "Header/IndividualProspect/PersonName/GivenName:repeated"
    (only,) = leads_of(found)
    assert only.given_name_raw == "Joan"
    assert json.loads(only.attributes)[path] == "Jo"


@pytest.mark.parametrize(
    ("old", "new", "path", "kept"),
    [
        (
            "</Address>",
            "<County>Bay</County></Address>",
            "Header/IndividualProspect/Address/County",
            "Bay",
        ),
        ("</SalesLead>", "<Score>7</Score></SalesLead>", "SalesLead/Score", "7"),
        ("<City>", '<City lang="en">', "Header/IndividualProspect/Address/City/@lang", "en"),
        ("<SalesLead>", '<SalesLead version="2">', "SalesLead/@version", "2"),
        ("<Header>", '<Header desc="x">', "Header/@desc", "x"),
        (
            "<Telephone desc",
            '<Telephone kind="m" desc',
            "Header/IndividualProspect/Contact/Telephone/@kind",
            "m",
        ),
        ("<LeadStatus>", "<LeadStatus><Code>3</Code>", "Detail/LeadStatus/Code", "3"),
    ],
)
def test_the_unknown_is_kept_by_its_path(old: str, new: str, path: str, kept: str) -> None:
    found = items(FULL.replace(old, new, 1))
    assert new_fields_of(found) == [path]
    assert json.loads(leads_of(found)[0].attributes)[path] == kept


def test_a_known_name_in_an_unknown_place_is_not_taken_for_the_persons() -> None:
    dealer = "<Dealer><City>Reno</City><Telephone>1</Telephone></Dealer>"
    found = items(swapped("</Header>", f"{dealer}</Header>").replace("San Diego", " "))
    (only,) = leads_of(found)
    assert only.city_raw is None
    attributes = json.loads(only.attributes)
    assert attributes["Header/Dealer/City"] == "Reno"
    assert attributes["Header/Dealer/Telephone"] == "1"
    assert new_fields_of(found) == ["Header/Dealer"]


def test_new_fields_are_reported_once() -> None:
    strange = swapped("</Header>", "<Score>1</Score></Header>")
    assert new_fields_of(items(strange, strange, FULL, strange)) == ["Header/Score"]


def test_what_stands_beside_the_leads_is_reported() -> None:
    found = items(FULL, "<Paging><Next>2</Next></Paging>", FULL, "<More/>")
    assert new_fields_of(found) == ["DataArea/More", "DataArea/Paging"]
    assert len(leads_of(found)) == 2


def test_comments_and_instructions_change_nothing() -> None:
    text = swapped("San Diego", "San ]]><!-- a --><![CDATA[Diego").replace(
        "<Detail>", "<?pi x?><!-- b --><Detail>"
    )
    assert items(text) == items(FULL)


@pytest.mark.parametrize(
    "doctype",
    [
        '<!DOCTYPE ProcessSalesLead SYSTEM "file:///etc/hostname">',
        '<!DOCTYPE p [<!ENTITY name SYSTEM "file:///etc/hostname">]>',
        '<!DOCTYPE p [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>',
        "<!DOCTYPE p>",
    ],
)
def test_a_doctype_is_refused_before_any_lead(doctype: str) -> None:
    content = doctype.encode() + process_sales_lead(FULL)
    reading = AIMBASE_CASE.vendor.parse("leads", io.BytesIO(content), {}, {})
    with pytest.raises(UnreadableDocument, match="DOCTYPE"):
        next(reading)


def test_an_error_about_a_document_does_not_quote_it() -> None:
    broken = process_sales_lead(FULL).replace(b"</GivenName>", b"</jane@example.org>")
    with pytest.raises(UnreadableDocument) as raised:
        read(AIMBASE_CASE, broken)
    assert "jane" not in str(raised.value)
    assert raised.value.__cause__ is None


def test_other_encodings() -> None:
    text = process_sales_lead(sales_lead(person(1, name="Zoë"))).decode()
    for encoding in ("utf-16", "iso-8859-1"):
        content = f'<?xml version="1.0" encoding="{encoding}"?>{text}'.encode(encoding)
        assert leads_of(read(AIMBASE_CASE, content))[0].given_name_raw == "Zoë"


class _Drop(io.BytesIO):
    """A body that is read a few bytes at a time, as a slow disk or a decompressor may."""

    def read(self, size: int | None = -1, /) -> bytes:
        return super().read(7 if size != 0 else 0)


def test_the_order_is_that_of_the_document_however_it_is_read() -> None:
    """A lead's place in its document finds it again, also where there are several areas."""
    areas = [[sales_lead(person(2 * n)), sales_lead(person(2 * n + 1))] for n in range(3)]
    inner = "</DataArea><DataArea>".join("".join(area) for area in areas)
    text = process_sales_lead(inner)
    whole = list(AIMBASE.parse("leads", io.BytesIO(text), {}, {}))
    assert [lead.record_index for lead in leads_of(whole)] == list(range(6))
    assert len({lead.natural_key for lead in leads_of(whole)}) == 6
    assert list(AIMBASE.parse("leads", _Drop(text), {}, {})) == whole
    keys = [lead.natural_key for lead in leads_of(whole)]
    assert keys == sorted(keys, key=text.decode().index)
