"""The published tables of listing copy, each column with where it lies in what ListSMRT sent."""

from lead_pipeline.crm_tables import CrmView
from lead_pipeline.records import Column
from lead_pipeline.tables import Table

_Described = tuple[Column, str]


def _said(name: str, meaning: str, field: str = "", *, personal: bool = False) -> _Described:
    """A parameter of the generation, as text."""
    return Column(name, "VARCHAR", meaning, personal), f"fields->>'$.data.{field or name}'"


def _count(name: str, meaning: str) -> _Described:
    return Column(name, "INTEGER", meaning), f"TRY_CAST(fields->>'$.data.{name}' AS INTEGER)"


_VERSION: tuple[_Described, ...] = (
    (
        Column("property_id", "VARCHAR", "The property: leads.interest_id; null if not named"),
        "fields->>'$.property_id'",
    ),
    (Column("generation_id", "VARCHAR", "SHA-256 of the webhook as it was signed"), "natural_key"),
    (
        Column("event_type", "VARCHAR", "Type of the event, in the vendor's words"),
        "fields->>'$.type'",
    ),
    (Column("created_at", "TIMESTAMPTZ", "When it was generated, UTC"), "created_at"),
    (
        Column("received_at", "TIMESTAMPTZ", "When it first came, to some seconds, UTC"),
        "first_seen_at",
    ),
    (
        Column("last_received_at", "TIMESTAMPTZ", "When it last came, to some seconds, UTC"),
        "last_seen_at",
    ),
    (Column("result", "VARCHAR", "The copy"), "fields->>'$.result'"),
    _said("language_input", "Language of what was filled in, by the vendor's code"),
    _said("language_output", "Language of the copy, by the vendor's code"),
    _said("tone_of_voice", "How the copy speaks: Neutral, Formal …"),
    _said("campaign_type", "Sale or lease, in the vendor's words"),
    _said("property_type", "House, Townhouse …, in the vendor's words", "type"),
    _said("address", "Address of the property"),
    _said("highlight", "Title or highlight that was filled in"),
    _count("bed", "Bedrooms"),
    _count("bath", "Bathrooms"),
    _count("garage", "Garage spaces"),
    _count("parking", "Parking spaces"),
    _said("land_status", "New Construction or Established Property"),
    _said("perfect_for", "Whom it suits, in the vendor's words"),
    (
        Column("features", "VARCHAR[]", "Features by name; an unknown id is itself"),
        "CAST(fields->'$.features' AS VARCHAR[])",
    ),
    (
        Column("metadata", "JSON", "What the authorize URL was given, without secrets", True),
        "fields->'$.data.metadata'",
    ),
    (
        Column("data", "JSON", "All that was filled in, by the vendor's names", True),
        "fields->'$.data'",
    ),
    (Column("attributes", "JSON", "What nobody has named yet", True), "attributes"),
    (Column("source", "VARCHAR", "The vendor's system"), "source"),
    (Column("account", "VARCHAR", "The account"), "account"),
    (
        Column("delivery_sha256", "VARCHAR", "SHA-256 of the landed body that holds it"),
        "delivery_sha256",
    ),
    (Column("record_index", "INTEGER", "Place in that body, from 0"), "record_index"),
)

LISTING_VERSIONS = CrmView(
    Table(
        "listing_versions",
        "One row per generation that ListSMRT sent, however often it came",
        tuple(column for column, _ in _VERSION),
    ),
    "generation",
    tuple(value for _, value in _VERSION),
)

_NOT_OF_LISTING = frozenset(
    {
        "event_type",
        "last_received_at",
        "language_input",
        "metadata",
        "data",
        "attributes",
        "source",
        "account",
        "delivery_sha256",
        "record_index",
    }
)

LISTINGS = Table(
    "listings",
    "One row per property that has copy: its newest generation",
    (
        *(column for column, _ in _VERSION if column.name not in _NOT_OF_LISTING),
        Column("versions", "BIGINT", "How many generations of the property there are"),
        Column("leads", "BIGINT", "Enquiries about a property of that id: leads.interest_id"),
    ),
)
