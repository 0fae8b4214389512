"""The other published tables, each in one place: types, meaning, units, personal or not.

`LEADS` and these are the analysts' contract. A mart describes itself in its own `.sql`.
"""

from typing import NamedTuple

from lead_pipeline.records import LEAD_COLUMNS, Column


class Table(NamedTuple):
    """A published table: its name with schema, what one row is, and its columns."""

    name: str
    meaning: str
    columns: tuple[Column, ...]


LEADS = Table("leads", "One row per enquiry, each enquiry once", LEAD_COLUMNS)

GOLDEN_FIELDS = (
    Column("full_name", "VARCHAR", "Name: the newest in full, else the newest part of one", True),
    Column("email", "VARCHAR", "E-mail: the newest", True),
    Column("phone", "VARCHAR", "Phone (E.164): the newest valid one, else the newest", True),
    Column("company", "VARCHAR", "Company: the newest", True),
    Column("city", "VARCHAR", "City: the newest"),
    Column("country", "VARCHAR", "Country: the newest, ISO 3166-1 alpha-2"),
)
"""What survives of each field, by the policies of identity/rules/golden_record.csv."""


def _with_origin(column: Column) -> tuple[Column, ...]:
    return (
        column,
        Column(
            f"{column.name}_source", "VARCHAR", f"Source of the enquiry that {column.name} is of"
        ),
        Column(f"{column.name}_at", "TIMESTAMPTZ", "When that enquiry was made, UTC"),
    )


PEOPLE = Table(
    "people",
    "The golden record: one row per person; all that they ever gave is in leads",
    (
        Column("person_id", "VARCHAR", "Stable id of the person; never used again for another"),
        *(each for column in GOLDEN_FIELDS for each in _with_origin(column)),
        Column("first_enquiry_at", "TIMESTAMPTZ", "When the person first enquired, UTC"),
        Column("last_enquiry_at", "TIMESTAMPTZ", "When the person last enquired, UTC"),
        Column("first_source", "VARCHAR", "Source of the first enquiry"),
        Column("enquiries", "BIGINT", "How many enquiries the person made"),
        Column("sources", "BIGINT", "In how many sources the person enquired"),
        Column("enquiries_by_source", "MAP(VARCHAR, UBIGINT)", "How many enquiries in each source"),
    ),
)

PERSON_LINKS = Table(
    "person_links",
    "Why enquiries belong to one person: one row per link between two, and one per enquiry that "
    "nothing ties to another",
    (
        Column("lead_id", "VARCHAR", "The enquiry: leads.lead_id"),
        Column("person_id", "VARCHAR", "The person: people.person_id"),
        Column("rule", "VARCHAR", "What they share; only enquiry: nothing"),
        Column("linked_lead_id", "VARCHAR", "The other enquiry, which came before"),
        Column("weight", "DOUBLE", "How sure the link is: 0 to 1"),
        Column("reason", "VARCHAR", "The link in words"),
        Column("rules_version", "VARCHAR", "Version of the rules that made the link"),
    ),
)

PERSON_HISTORY = Table(
    "person_history",
    "Who every enquiry belonged to at any time: valid_from <= t and (valid_to > t or none)",
    (
        Column("lead_id", "VARCHAR", "The enquiry; it may have been erased since"),
        Column("person_id", "VARCHAR", "The person it belonged to"),
        Column("valid_from", "TIMESTAMPTZ", "Since when, UTC, included"),
        Column("valid_to", "TIMESTAMPTZ", "Until when, UTC, not included; null: still"),
        Column("event_id", "VARCHAR", "The override that caused it; null: evidence did"),
    ),
)

PERSON_REDIRECTS = Table(
    "person_redirects",
    "Ids that are nobody's own now or were for a time: whom to look for instead",
    (
        Column("person_id", "VARCHAR", "The id that ended"),
        Column(
            "now_person_id",
            "VARCHAR",
            "Who has most of its enquiries now, or had until it came alive again; null: erased",
        ),
        Column("valid_from", "TIMESTAMPTZ", "When the id ended, UTC"),
        Column("valid_to", "TIMESTAMPTZ", "When it came alive again, UTC; null: not yet"),
    ),
)

PERSON_EVENTS = Table(
    "person_events",
    "What ever changed about who is who: one row per time and pair of persons, and per override",
    (
        Column("happened_at", "TIMESTAMPTZ", "When, UTC"),
        Column(
            "kind",
            "VARCHAR",
            "moved; left: erased or no longer counted; merged, split, undone: a hand",
        ),
        Column("event_id", "VARCHAR", "Id of the override; null: evidence"),
        Column("from_person_id", "VARCHAR", "Who the enquiries belonged to"),
        Column("to_person_id", "VARCHAR", "Who they belong to since"),
        Column("leads", "BIGINT", "How many enquiries"),
        Column("made_by", "VARCHAR", "Who decided it, for a hand", True),
        Column("reason", "VARCHAR", "Why, in that one's words", True),
    ),
)

DELIVERIES = Table(
    "ops.deliveries",
    "The ledger: one row per attempt to load one response, and one per request that failed. "
    "received = new + changed + unchanged + stale + repeated + quarantined",
    (
        Column("load_id", "BIGINT", "Running number of the attempt"),
        Column("first_load_id", "BIGINT", "Number of the first attempt to load this response"),
        Column("is_latest", "BOOLEAN", "False: it was loaded again later, and that row counts"),
        Column("receipt_id", "VARCHAR", "The request: landing/receipts/…/{receipt_id}.json"),
        Column("run_id", "VARCHAR", "The run that asked"),
        Column("source", "VARCHAR", "The vendor's system"),
        Column("account", "VARCHAR", "The account"),
        Column("stream", "VARCHAR", "What was asked for: leads"),
        Column("window_start", "TIMESTAMPTZ", "Start of the request window, UTC, included"),
        Column("window_end", "TIMESTAMPTZ", "End of the request window, UTC, not included"),
        Column("covers", "BOOLEAN", "False: the answer was cut off, so its window was split"),
        Column("requested_at", "TIMESTAMPTZ", "When it was asked, UTC"),
        Column("received_at", "TIMESTAMPTZ", "When the answer, or the failure, was whole, UTC"),
        Column("loaded_at", "TIMESTAMPTZ", "When this row was written, UTC"),
        Column("outcome", "VARCHAR", "loaded; unreadable: the document; failed: the request"),
        Column("status", "INTEGER", "HTTP status; null for a failed request"),
        Column("url", "VARCHAR", "What was asked, without signature and secrets"),
        Column("sha256", "VARCHAR", "The body: landing/bodies/{first two}/{sha256}.zst"),
        Column("length", "BIGINT", "Size of the body, bytes"),
        Column("attempts", "INTEGER", "HTTP requests it took, failures included"),
        Column("received", "BIGINT", "Records in the document"),
        Column("new", "BIGINT", "Enquiries not known before"),
        Column("changed", "BIGINT", "Known enquiries with newer, different content"),
        Column("unchanged", "BIGINT", "Known enquiries with the same content"),
        Column("stale", "BIGINT", "Older versions that came late; kept in history"),
        Column("repeated", "BIGINT", "The same enquiry again in the same document"),
        Column("quarantined", "BIGINT", "Records that could not be read: ops.quarantine"),
        Column("new_fields", "VARCHAR", "Fields nobody has named yet, comma separated"),
        Column("error", "VARCHAR", "Kind of error, for failed and unreadable"),
        Column("message", "VARCHAR", "What happened, without personal data"),
    ),
)

QUARANTINE = Table(
    "ops.quarantine",
    "Records that could not be read, one row per answer that held one, without their content",
    (
        Column("quarantine_id", "VARCHAR", "The receipt and the record's place in its body"),
        Column("receipt_id", "VARCHAR", "The request that brought it"),
        Column("source", "VARCHAR", "The vendor's system"),
        Column("account", "VARCHAR", "The account"),
        Column("stream", "VARCHAR", "The stream"),
        Column("sha256", "VARCHAR", "The body that holds it"),
        Column("record_index", "INTEGER", "Place of the record in the body, from 0"),
        Column("stage", "VARCHAR", "Where reading stopped: parse"),
        Column("place", "VARCHAR", "Which field"),
        Column("reason", "VARCHAR", "What is wrong with it"),
        Column("source_lead_id", "VARCHAR", "The enquiry's own id; null where it is not known"),
        Column("quarantined_at", "TIMESTAMPTZ", "When, UTC"),
        Column(
            "state",
            "VARCHAR",
            "waiting; repeated: a newer row has the same record; corrected: by a later import; "
            "dismissed: by a human",
        ),
        Column("dismissed_at", "TIMESTAMPTZ", "When a human was done with it, UTC"),
        Column("dismissed_by", "VARCHAR", "Who was", True),
        Column("dismissed_because", "VARCHAR", "Why, in that one's words", True),
    ),
)

COVERAGE = Table(
    "ops.coverage",
    "What we have of which day: one row per account and UTC day since its first request",
    (
        Column("source", "VARCHAR", "The vendor's system"),
        Column("account", "VARCHAR", "The account"),
        Column("day", "DATE", "UTC day"),
        Column("status", "VARCHAR", "complete: read after the day had ended; partial; missing"),
        Column("leads", "BIGINT", "Enquiries created that day"),
        Column("last_loaded_at", "TIMESTAMPTZ", "When something of the day was last loaded, UTC"),
        Column("last_asked_at", "TIMESTAMPTZ", "When the day was last asked for, UTC"),
        Column("refetchable_until", "TIMESTAMPTZ", "From then on the vendor forgets; null: never"),
        Column(
            "last_error", "VARCHAR", "Kind of error, if a request of the last run that asked failed"
        ),
    ),
)

PUBLISHED_VERSIONS = Table(
    "ops.published",
    "One row: the version of this file",
    (
        Column("version", "BIGINT", "Running number of the snapshot"),
        Column("published_at", "TIMESTAMPTZ", "When it was published, UTC"),
        Column("leads", "BIGINT", "Rows in leads"),
        Column("people", "BIGINT", "Rows in people"),
    ),
)

PUBLICATIONS = Table(
    "ops.publications",
    "One row per enquiry: the first snapshot that showed it",
    (
        Column("lead_id", "VARCHAR", "The enquiry: leads.lead_id"),
        Column("version", "BIGINT", "Number of the snapshot; null: not known any more"),
        Column("published_at", "TIMESTAMPTZ", "When it was published, UTC; null: not known"),
    ),
)

LEDGER_COUNTS = ("new", "changed", "unchanged", "stale", "repeated", "quarantined")
"""The six parts that a delivery's `received` is made of."""
