"""The nouns of the house, and the common lead schema in its one place.

DuckDB's tables and comments, Dagster's column schema and the data dictionary are made from
`LEAD_COLUMNS`; nothing else states a type, a unit or whether a column is personal.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from hashlib import sha256
from typing import NamedTuple


@dataclass(frozen=True, slots=True, order=True)
class Window:
    """A span of time, aware, half open: `start` is in it, `end` is not."""

    start: datetime
    end: datetime

    def __post_init__(self) -> None:
        if self.start.tzinfo is None or self.end.tzinfo is None:
            raise ValueError("a window needs aware times")
        if self.end <= self.start:
            raise ValueError(f"a window must end after it starts: {self}")

    def __str__(self) -> str:
        return f"{_moment(self.start)} to {_moment(self.end)} UTC"

    def days(self) -> tuple[date, ...]:
        """Every UTC day that the window touches, in order."""
        first = self.start.astimezone(UTC).date()
        last = (self.end.astimezone(UTC) - timedelta(microseconds=1)).date()
        return tuple(first + timedelta(days=n) for n in range((last - first).days + 1))


def day_window(first: date, last: date | None = None) -> Window:
    """The window of the UTC days `first` to `last`, both included."""
    end = (last or first) + timedelta(days=1)
    return Window(datetime.combine(first, time(), UTC), datetime.combine(end, time(), UTC))


def _moment(moment: datetime) -> str:
    utc = moment.astimezone(UTC)
    return utc.strftime("%Y-%m-%d" if utc.time() == time() else "%Y-%m-%d %H:%M:%S")


@dataclass(frozen=True, slots=True)
class Subject:
    """What an error, a log line or a metric is about."""

    source: str
    account: str
    window: Window | None = None

    def __str__(self) -> str:
        about = f"{self.source} account {self.account}"
        return f"{about}, window {self.window}" if self.window else about


def lead_id_of(source: str, account: str, key_version: str, natural_key: str) -> str:
    """The stable id of an enquiry: 32 hex digits. Frozen, like the natural key."""
    text = "\x1f".join((source, account, key_version, natural_key))
    return sha256(text.encode()).hexdigest()[:32]


class ParsedLead(NamedTuple):
    """One enquiry as its vendor wrote it: text untouched but for outer blanks, times aware.

    What a vendor did not send is None. `natural_key` is in the frozen form `key_version`
    (`housing/1`, `aimbase/1`; vendor pages), which no normaliser touches. `attributes` is a JSON
    object with all that no other field took. `phone_country_code` is a calling code as sent
    (`+91`), `country_raw` a country in any spelling.
    """

    record_index: int
    key_version: str
    natural_key: str
    created_at: datetime
    source_lead_id: str | None = None
    updated_at: datetime | None = None
    full_name_raw: str | None = None
    given_name_raw: str | None = None
    family_name_raw: str | None = None
    company_raw: str | None = None
    email_raw: str | None = None
    phone_raw: str | None = None
    phone_2_raw: str | None = None
    phone_country_code: str | None = None
    address_line1_raw: str | None = None
    address_line2_raw: str | None = None
    city_raw: str | None = None
    region_raw: str | None = None
    postal_code_raw: str | None = None
    country_raw: str | None = None
    interest_kind: str | None = None
    interest_id: str | None = None
    interest_name: str | None = None
    interest_locality: str | None = None
    request_type: str | None = None
    status: str | None = None
    channel: str | None = None
    marketing_consent: bool | None = None
    comments: str | None = None
    attributes: str = "{}"


class ParsedObject(NamedTuple):
    """One object of a CRM as its vendor wrote it: a contact, company, deal, task, pipeline or stage.

    `natural_key` is its id as text, in the frozen form `key_version` (`qontak/1`). `fields` is a
    JSON object of the documented fields by name: ids and text as they came, decimals as strings,
    times as ISO 8601 UTC; what is null is left out. `additional_fields` is one of the account's
    own fields, by name: `{"id", "value", "value_name"}`, typed where a field template tells.
    `attributes` holds the fields that nobody named. A contact is also an enquiry: `lead`.
    """

    record_index: int
    kind: str
    key_version: str
    natural_key: str
    created_at: datetime | None
    updated_at: datetime | None
    fields: str = "{}"
    additional_fields: str = "{}"
    attributes: str = "{}"
    lead: ParsedLead | None = None


class Origin(NamedTuple):
    """The answer that holds a record: SHA-256 of its landed body, and when it was asked for (UTC)."""

    sha256: str
    requested_at: datetime


class Column(NamedTuple):
    """One published column: DuckDB type, meaning with its unit, and whether it is personal data."""

    name: str
    type: str
    meaning: str
    personal: bool = False


LEAD_COLUMNS: tuple[Column, ...] = (
    Column(
        "lead_id",
        "VARCHAR",
        "Stable id of the enquiry: 32 hex digits of the SHA-256 of source, account, key version and natural key",
    ),
    Column("source", "VARCHAR", "The vendor's system: housing, aimbase, qontak"),
    Column("account", "VARCHAR", "The account at that vendor, as named in its YAML"),
    Column(
        "source_lead_id", "VARCHAR", "The vendor's own id of the enquiry; null where it sends none"
    ),
    Column("person_id", "VARCHAR", "Who enquired: people.person_id"),
    Column("created_at", "TIMESTAMPTZ", "When the person enquired, by the vendor's record, UTC"),
    Column(
        "updated_at",
        "TIMESTAMPTZ",
        "When the vendor last changed the record, UTC; null where it does not say",
    ),
    Column(
        "vanished_at",
        "TIMESTAMPTZ",
        "When a complete scan of the CRM first missed the record, UTC; null while it is there",
    ),
    Column("first_seen_at", "TIMESTAMPTZ", "When we first asked for and got this enquiry, UTC"),
    Column("last_seen_at", "TIMESTAMPTZ", "When we last asked for and got this enquiry, UTC"),
    Column(
        "full_name",
        "VARCHAR",
        "Name in one line as written, blanks collapsed, Unicode NFC, script kept",
        True,
    ),
    Column("given_name", "VARCHAR", "Given name; null where the vendor sends one line", True),
    Column("family_name", "VARCHAR", "Family name; null where the vendor sends one line", True),
    Column("company", "VARCHAR", "Company the person names", True),
    Column(
        "email",
        "VARCHAR",
        "E-mail ready to write to: trimmed, lower case; null where it is no address or a placeholder",
        True,
    ),
    Column("email_raw", "VARCHAR", "E-mail as the vendor sent it", True),
    Column(
        "phone", "VARCHAR", "Phone in E.164; null unless phone_status is valid or possible", True
    ),
    Column("phone_raw", "VARCHAR", "Phone as the vendor sent it", True),
    Column(
        "phone_status",
        "VARCHAR",
        "valid: an assigned range; possible: right length, range not known; impossible; placeholder; missing",
    ),
    Column("phone_2", "VARCHAR", "Second phone in E.164; null if absent or unusable", True),
    Column("address_line1", "VARCHAR", "Street address", True),
    Column("address_line2", "VARCHAR", "Flat, floor or building", True),
    Column("city", "VARCHAR", "City, blanks collapsed"),
    Column("region", "VARCHAR", "State or province; a US or Canadian one as its two-letter code"),
    Column("postal_code", "VARCHAR", "Postal code, upper case", True),
    Column(
        "country", "VARCHAR", "Country of the person, ISO 3166-1 alpha-2; null where nothing tells"
    ),
    Column("interest_kind", "VARCHAR", "What the enquiry is about: property, boat"),
    Column("interest_id", "VARCHAR", "The vendor's id of that thing: a project, a flat"),
    Column("interest_name", "VARCHAR", "Its name: a project, a boat model"),
    Column("interest_locality", "VARCHAR", "Where it lies"),
    Column("request_type", "VARCHAR", "What the person asked for, in the vendor's words"),
    Column("status", "VARCHAR", "The vendor's status of the enquiry, in its words"),
    Column("channel", "VARCHAR", "Where the vendor got the enquiry from, in its words"),
    Column(
        "marketing_consent", "BOOLEAN", "True: agreed to marketing; false: did not; null: not said"
    ),
    Column("comments", "VARCHAR", "What the person wrote", True),
    Column("attributes", "JSON", "Everything else that the vendor sent, by its field names", True),
    Column("delivery_sha256", "VARCHAR", "SHA-256 of the landed body that holds this version"),
    Column("record_index", "INTEGER", "Place of the record in that body, from 0"),
)


@dataclass(frozen=True, slots=True)
class Receipt:
    """What is kept of one request to a vendor, whether it succeeded or not.

    A success has `status`, `sha256` and `length` (bytes of the body) and no `error`; a failure
    has `error` (the name of the error class) and `message`, and no body. `window` is None for a
    scan. `reading` holds the settings that parsing needs. Times are UTC.
    """

    receipt_id: str
    run_id: str
    source: str
    account: str
    environment: str
    stream: str
    window: Window | None
    covers: bool
    requested_at: datetime
    received_at: datetime
    attempts: int
    reading: dict[str, str]
    url: str | None = None
    status: int | None = None
    sha256: str | None = None
    length: int | None = None
    error: str | None = None
    message: str | None = None
