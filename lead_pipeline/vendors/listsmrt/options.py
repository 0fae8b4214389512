"""What ListSMRT can be asked for, in the words of its document (README.md, Authorize URL)."""

from collections.abc import Mapping
from enum import StrEnum


class CampaignType(StrEnum):
    """What is done with the property."""

    RESIDENTIAL_SALE = "Residential Sale"
    RESIDENTIAL_LEASE = "Residential Lease"
    COMMERCIAL_SALE = "Commercial Sale"
    COMMERCIAL_LEASE = "Commercial Lease"

    @property
    def property_types(self) -> frozenset[str]:
        """The types that a property of such a campaign may have."""
        residential = self in {CampaignType.RESIDENTIAL_SALE, CampaignType.RESIDENTIAL_LEASE}
        return RESIDENTIAL_TYPES if residential else COMMERCIAL_TYPES


RESIDENTIAL_TYPES = frozenset(
    {
        "House",
        "Apartment/Unit",
        "Townhouse",
        "Villa",
        "Land",
        "Retirement Living",
        "Acreage",
        "Semi/Duplex",
        "Semi",
        "Duplex",
    }
)
COMMERCIAL_TYPES = frozenset(
    {
        "Offices",
        "Serviced Offices",
        "Shop & Retail",
        "Factory",
        "Warehouse",
        "Industrial",
        "Land",
        "Development Site",
        "Hotel",
        "Motel",
        "Leisure",
        "Medical",
        "Consulting",
        "Commercial Farming & Rural",
        "Showroom & large Format Retail",
        "Other",
    }
)


class LandStatus(StrEnum):
    """Whether it was just built."""

    NEW_CONSTRUCTION = "New Construction"
    ESTABLISHED_PROPERTY = "Established Property"


class PerfectFor(StrEnum):
    """Whom the property suits."""

    FIRST_HOME_BUYERS = "First Home Buyers"
    SINGLES = "Singles"
    UPSIZERS = "Upsizers"
    YOUNG_COUPLES = "Young Couples"
    DOWNSIZERS = "Downsizers"
    FAMILIES = "Families"
    INVESTORS = "Investors"
    RETIREES = "Retirees"


class ToneOfVoice(StrEnum):
    """How the copy speaks."""

    FORMAL = "Formal"
    LUXURIOUS = "Luxurious"
    PROFESSIONAL = "Professional"
    NEUTRAL = "Neutral"
    FRIENDLY = "Friendly"
    CALM = "Calm"
    EXCITED = "Excited"
    INFORMAL = "Informal"
    JOVIAL = "Jovial"


class Language(StrEnum):
    """A language of the copy, by the vendor's code."""

    EN = "en"
    ES = "es"
    FR = "fr"
    DE = "de"
    ZH = "zh"
    ZHTW = "zhtw"
    JA = "ja"
    KO = "ko"
    RU = "ru"
    AR = "ar"
    IT = "it"
    NL = "nl"
    PT = "pt"
    SV = "sv"
    DA = "da"
    NO = "no"
    FI = "fi"
    HE = "he"
    HI = "hi"
    ID = "id"
    TR = "tr"
    EL = "el"
    TH = "th"
    PL = "pl"
    HU = "hu"
    RO = "ro"


FEATURES: Mapping[int, str] = dict(
    enumerate(
        (
            "Ensuite",
            "Dishwasher",
            "Study",
            "Built in wardrobes",
            "Alarm system",
            "Broadband",
            "Floorboards",
            "Gym",
            "Rumpus room",
            "Workshop",
            "Indoor spa",
            "Fireplace",
            "Intercom",
            "Pay TV",
            "Air conditioning",
            "Solar panels",
            "Heating",
            "High energy efficiency",
            "Water tank",
            "Solar hot water",
            "Gas",
            "Swimming pool",
            "Garage",
            "Balcony",
            "Outdoor area",
            "Undercover parking",
            "Shed",
            "Fully fenced",
            "Outdoor spa",
            "Pet friendly",
            "Courtyard",
        ),
        start=1,
    )
)
"""Feature detail id to its name."""
