"""Aimbase's FSDS XML, laid out as the sample in its document.

Text is CDATA padded with blanks and line breaks; there is no XML declaration.
"""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from lead_pipeline.sandbox import wording
from lead_pipeline.sandbox.dice import Dice
from lead_pipeline.sandbox.people import Home, Person
from lead_pipeline.sandbox.population import Enquiry
from lead_pipeline.sandbox.settings import AIMBASE_NMMA_ID
from lead_pipeline.sandbox.stock import Address

CENTRAL = ZoneInfo("America/Chicago")

_OPENING = """\
<ProcessSalesLead xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" \
xmlns:xsd="http://www.w3.org/2001/XMLSchema" \
xsi:schemaLocation="http://www.starstandards.org/STAR" \
xmlns="http://www.starstandards.org/STAR">
    <ApplicationArea>
        <Sender>
            <Component>OUTPUT.LeadData.DBLSRemoteLeadExport</Component>
            <Task>ProcessSalesLead</Task>
            <CreatorNameCode>NMMA</CreatorNameCode>
            <SenderNameCode>CB</SenderNameCode>
            <SystemVersion>1.0</SystemVersion>
        </Sender>
        <Destination>
            <DestinationNameCode>{nmma_id}</DestinationNameCode>
        </Destination>
        <CreationDateTime>{created:%Y-%m-%dT%H:%M:%S.%f}0Z</CreationDateTime>
    </ApplicationArea>
    <DataArea>
"""
CLOSING = b"""\
    </DataArea>
</ProcessSalesLead>"""

_PHONE_KINDS = ("Evening Phone", "Day Phone", "Cell", "Mobile", "Text &amp; Voice")
_EMAIL_KINDS = ("Home", "Work", "Preferred E-mail")
_COMMENTS = (
    "Buying Horizon: I don't know",
    "Buying Horizon: 3-6 months",
    "Please call after 5pm <evenings>",
    "Trade-in: 2009 Bayliner & trailer",
)
_SOURCES = ("DiscoverBoating.com", "DiscoverBoating.com", "Boat Show")
_REQUESTS = ("Contact Dealer and Manufacturers Form", "Brochure Request", "Boat Selector")
_MODELS = ("Bowrider", "Pontoon", "Center Console", "Cabin Cruiser", "Jon Boat", "Deck Boat")
_ACTIVITIES = ("Day Cruising", "Freshwater Fishing", "Saltwater Fishing", "Watersports")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def opening(created: datetime) -> bytes:
    """Everything before the first lead; `created` in UTC."""
    return _OPENING.format(nmma_id=AIMBASE_NMMA_ID, created=created).encode()


def document_id(enquiry: Enquiry) -> str:
    """The number that identifies a lead: it grows with time and is never used twice."""
    return str(enquiry.created // 86_400_000 * 200_000 + enquiry.index)


def written_lead(enquiry: Enquiry, person: Person) -> bytes:
    """One `SalesLead` in UTF-8."""
    return _sales_lead(enquiry, person).encode()


def _sales_lead(enquiry: Enquiry, person: Person) -> str:
    dice = Dice(enquiry.bits)
    given = wording.contact(person, enquiry.step, dice, abroad=person.home is Home.INDIA)
    comments = _element(" " * 16, "CustomerComments", dice.pick(_COMMENTS), dice.chance(60))
    return f"""\
        <SalesLead>
            <Header>
                <DocumentDateTime>{_moment(enquiry.created, dice)}</DocumentDateTime>
                <DocumentId>{document_id(enquiry)}</DocumentId>
                <LeadSource>{dice.pick(_SOURCES)}</LeadSource>
{comments}                <IndividualProspect>
{_prospect(person, given, dice)}                </IndividualProspect>
            </Header>
{_detail(dice)}        </SalesLead>
"""


def _element(indent: str, name: str, text: str, present: bool, attribute: str = "") -> str:
    """An element whose text is CDATA on a line of its own, or nothing."""
    if not present:
        return ""
    return f"""\
{indent}<{name}{attribute}>
{indent}    <![CDATA[ {text} ]]>
{indent}</{name}>
"""


def _moment(created: int, dice: Dice) -> str:
    """Milliseconds and `Z`, or the offset that Chicago has then."""
    moment = _EPOCH + timedelta(milliseconds=created)
    if dice.chance(70):
        return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")
    return moment.astimezone(CENTRAL).isoformat(timespec="milliseconds")


def _prospect(person: Person, given: wording.Contact, dice: Dice) -> str:
    indent = " " * 24
    name = _element(indent, "GivenName", person.given, dice.chance(97)) + _element(
        indent, "FamilyName", person.family, True
    )
    return (
        f"{' ' * 20}<PersonName>\n{name}{' ' * 20}</PersonName>\n"
        + (f"{' ' * 20}<MarketingMailInd>{dice.below(2)}</MarketingMailInd>\n" * dice.chance(90))
        + (_address(person.address, dice) if dice.chance(75) else "")
        + _contact(given, dice)
        + (
            f"{' ' * 20}<PurchaseEarliestDate>2027-0{1 + dice.below(9)}-15</PurchaseEarliestDate>\n"
            * dice.chance(25)
        )
        + (_owned_vehicle(dice) if dice.chance(20) else "")
    )


def _address(address: Address, dice: Dice) -> str:
    indent = " " * 24
    return (
        f"{' ' * 20}<Address>\n"
        + _element(indent, "AddressLine", address.street, True)
        + _element(indent, "AddressLine", f"Apt {1 + dice.below(200)}", dice.chance(25))
        + _element(indent, "City", address.city, True)
        + _element(indent, "StateOrProvince", address.region, True)
        + _element(indent, "Country", address.country, dice.chance(90))
        + _element(indent, "PostalCode", address.postal_code, dice.chance(95))
        + f"{' ' * 20}</Address>\n"
    )


def _contact(given: wording.Contact, dice: Dice) -> str:
    indent = " " * 24
    phones = (
        _element(indent, "Telephone", phone, True, f' desc="{dice.pick(_PHONE_KINDS)}"')
        for phone in given.phones
    )
    emails = (
        _element(indent, "EmailAddress", email, True, f' desc="{dice.pick(_EMAIL_KINDS)}"')
        for email in given.emails
    )
    return f"{' ' * 20}<Contact>\n{''.join(phones)}{''.join(emails)}{' ' * 20}</Contact>\n"


def _owned_vehicle(dice: Dice) -> str:
    indent = " " * 24
    return (
        f"{' ' * 20}<OwnedVehicle>\n"
        + _element(indent, "OwnedType", "Boat", True)
        + _element(indent, "ModelDescription", dice.pick(_MODELS), dice.chance(80))
        + f"{' ' * 20}</OwnedVehicle>\n"
    )


def _detail(dice: Dice) -> str:
    requested = _element(" " * 16, "LeadRequestType", dice.pick(_REQUESTS), dice.chance(95))
    vehicles = "".join(_vehicle(dice) for _ in range(dice.pick((0, 1, 1, 1, 2))))
    return f"""\
            <Detail>
                <LeadStatus>Lead</LeadStatus>
                <LeadIndustryType>Boats</LeadIndustryType>
{requested}{vehicles}            </Detail>
"""


def _vehicle(dice: Dice) -> str:
    indent = " " * 20
    return (
        f"{' ' * 16}<SalesVehicle>\n"
        + _element(indent, "ModelDescription", dice.pick(_MODELS), True)
        + _element(indent, "BoatingActivities", dice.pick(_ACTIVITIES), dice.chance(80))
        + _element(indent, "BoatOwnershipStatus", dice.pick(("Yes", "No")), dice.chance(70))
        + f"{' ' * 16}</SalesVehicle>\n"
    )
