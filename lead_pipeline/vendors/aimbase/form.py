"""Every element of a SalesLead that is known, and what it means (README.md, Response)."""

from collections.abc import Mapping
from typing import NamedTuple


class Box(NamedTuple):
    """A known element with children: its path below SalesLead, and what each child means.

    A child is another box, a name under which its text is taken (a `ParsedLead` field, or
    `created`, `key`, `consent`), `KEPT` or `GROUP`.
    """

    path: str
    children: "Mapping[str, Box | str]"


KEPT = "an attribute under its own name"
GROUP = "an attribute under its own name, with its children"

KNOWN_IN_GROUPS = {
    "OwnedVehicle": frozenset(["OwnedType", "ModelDescription"]),
    "SalesVehicle": frozenset(["ModelDescription", "BoatingActivities", "BoatOwnershipStatus"]),
}

MANY = {"AddressLine": "address_line1_raw", "Telephone": "phone_raw", "EmailAddress": "email_raw"}
"""Elements of which there may be several, and the field of the first."""

NEXT = {"address_line1_raw": "address_line2_raw", "phone_raw": "phone_2_raw"}
"""The field of the second of its kind."""

_PROSPECT = "Header/IndividualProspect"

FORM = Box(
    "SalesLead",
    {
        "Header": Box(
            "Header",
            {
                "DocumentDateTime": "created",
                "DocumentId": "key",
                "LeadSource": "channel",
                "CustomerComments": "comments",
                "IndividualProspect": Box(
                    _PROSPECT,
                    {
                        "PersonName": Box(
                            f"{_PROSPECT}/PersonName",
                            {"GivenName": "given_name_raw", "FamilyName": "family_name_raw"},
                        ),
                        "MarketingMailInd": "consent",
                        "Address": Box(
                            f"{_PROSPECT}/Address",
                            {
                                "AddressLine": "address_line1_raw",
                                "City": "city_raw",
                                "StateOrProvince": "region_raw",
                                "Country": "country_raw",
                                "PostalCode": "postal_code_raw",
                            },
                        ),
                        "Contact": Box(
                            f"{_PROSPECT}/Contact",
                            {"Telephone": "phone_raw", "EmailAddress": "email_raw"},
                        ),
                        "PurchaseEarliestDate": KEPT,
                        "OwnedVehicle": GROUP,
                    },
                ),
            },
        ),
        "Detail": Box(
            "Detail",
            {
                "LeadStatus": "status",
                "LeadIndustryType": KEPT,
                "LeadRequestType": "request_type",
                "SalesVehicle": GROUP,
            },
        ),
    },
)
