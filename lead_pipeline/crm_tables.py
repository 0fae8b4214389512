"""The published tables of the CRM, each column with where it lies in what the vendor sent.

`STORED_OBJECT` is what is kept of each version of an object; the others are views on it.
"""

from typing import NamedTuple

from lead_pipeline.records import Column
from lead_pipeline.tables import Table

STORED_OBJECT: tuple[Column, ...] = (
    Column("object_id", "VARCHAR", "32 hex digits of the SHA-256 of what identifies the object"),
    Column("source", "VARCHAR", "The CRM"),
    Column("account", "VARCHAR", "The account"),
    Column("kind", "VARCHAR", "contact, company, deal, task, pipeline, stage"),
    Column("key_version", "VARCHAR", "The form of natural_key"),
    Column("natural_key", "VARCHAR", "The CRM's id of the object, as text"),
    Column("created_at", "TIMESTAMPTZ", "When it was created, UTC"),
    Column("updated_at", "TIMESTAMPTZ", "When the CRM last changed it, UTC"),
    Column("vanished_at", "TIMESTAMPTZ", "When a complete scan first missed it, UTC"),
    Column("first_seen_at", "TIMESTAMPTZ", "When we first asked for and got it, UTC"),
    Column("last_seen_at", "TIMESTAMPTZ", "When we last asked for and got it, UTC"),
    Column("fields", "JSON", "The documented fields, by the CRM's names", True),
    Column("additional_fields", "JSON", "The account's own fields, by name", True),
    Column("attributes", "JSON", "Fields that nobody has named yet", True),
    Column("content_hash", "VARCHAR", "MD5 of what the vendor sent"),
    Column("requested_at", "TIMESTAMPTZ", "When the answer with this version was asked for, UTC"),
    Column("delivery_sha256", "VARCHAR", "SHA-256 of the landed page that holds this version"),
    Column("record_index", "INTEGER", "Place of the record in that page, from 0"),
)


class CrmView(NamedTuple):
    """A published table of one kind of object: its columns, and the expression of each."""

    table: Table
    kind: str
    values: tuple[str, ...]


_Described = tuple[Column, str]


def _text(name: str, meaning: str, field: str, *, personal: bool = False) -> _Described:
    return Column(name, "VARCHAR", meaning, personal), f"fields->>'$.{field}'"


def _moment(name: str, meaning: str, field: str) -> _Described:
    return Column(name, "TIMESTAMPTZ", f"{meaning}, UTC"), f"(fields->>'$.{field}')::TIMESTAMPTZ"


def _number(name: str, kind: str, meaning: str, field: str) -> _Described:
    value = f"TRY_CAST(fields->>'$.{field}' AS {kind})"
    return Column(name, kind, f"{meaning}; null where the CRM wrote no number"), value


def _only_one(name: str, meaning: str, field: str) -> _Described:
    """The id in a field that is an id or a list of ids."""
    value = (
        f"CASE WHEN json_type(fields->'$.{field}') <> 'ARRAY' THEN fields->>'$.{field}' "
        f"WHEN json_array_length(fields->'$.{field}') = 1 THEN fields->>'$.{field}[0]' END"
    )
    return Column(name, "VARCHAR", f"{meaning}; null where there are several: crm_links"), value


def _as_stored(name: str, *, personal: bool = False) -> _Described:
    stored = next(column for column in STORED_OBJECT if column.name == name)
    return stored._replace(personal=personal), name


_CREATOR = (
    _text("creator_id", "Id of the user who created it", "creator_id"),
    _text("creator_name", "Name of that user", "creator_name", personal=True),
)
_SOURCE = (_text("channel", "Where it came from, in the CRM's words", "crm_source_name"),)
_PLACE = (
    _text("address", "Street address", "address", personal=True),
    _text("city", "City, as written", "city"),
    _text("province", "Province, as written", "province"),
    _text("postal_code", "Postal code, as written", "zipcode", personal=True),
    _text("country", "Country, as written", "country"),
)


def _view(name: str, kind: str, meaning: str, *columns: _Described) -> CrmView:
    described = (
        _as_stored("source"),
        _as_stored("account"),
        (Column(f"{kind}_id", "VARCHAR", "The CRM's id, unique within the account"), "natural_key"),
        *columns,
        *map(_as_stored, ("created_at", "updated_at", "vanished_at")),
        *map(_as_stored, ("first_seen_at", "last_seen_at")),
        _as_stored("additional_fields", personal=True),
        _as_stored("fields", personal=True),
        _as_stored("attributes", personal=True),
        *map(_as_stored, ("delivery_sha256", "record_index")),
    )
    table = Table(name, meaning, tuple(column for column, _ in described))
    return CrmView(table, kind, tuple(value for _, value in described))


_LEAD_ID = Column("lead_id", "VARCHAR", "The contact as an enquiry: leads.lead_id")

CRM_VIEWS: tuple[CrmView, ...] = (
    _view(
        "crm_contacts",
        "contact",
        "One row per contact that the CRM has or had",
        (
            _LEAD_ID,
            "left(sha256(concat_ws(chr(31), source, account, key_version, natural_key)), 32)",
        ),
        _text("given_name", "Given name, as written", "first_name", personal=True),
        _text("family_name", "Family name, as written", "last_name", personal=True),
        _text("email", "E-mail, as written; leads.email is the tidy one", "email", personal=True),
        _text("phone", "Phone, as written; leads.phone is E.164", "telephone", personal=True),
        _text("job_title", "Job title", "job_title", personal=True),
        _text("status", "Status, in the CRM's words", "crm_status_name"),
        *_SOURCE,
        _only_one("company_id", "The company: crm_companies.company_id", "crm_company_id"),
        _text("company_name", "Name of the company", "crm_company_name", personal=True),
        *_PLACE,
        *_CREATOR,
    ),
    _view(
        "crm_companies",
        "company",
        "One row per company that the CRM has or had",
        _text("name", "Name", "name", personal=True),
        _text("industry", "Industry, in the CRM's words", "industry_name"),
        _text("company_type", "Type, in the CRM's words", "crm_type_name"),
        _text("website", "Web site", "website", personal=True),
        _text("phone", "Phone, as written", "telephone", personal=True),
        _number("annual_revenue", "DECIMAL(38, 10)", "Revenue a year", "annual_revenue"),
        *_SOURCE,
        *_PLACE,
        *_CREATOR,
    ),
    _view(
        "crm_deals",
        "deal",
        "One row per deal that the CRM has or had",
        _text("name", "Name", "name", personal=True),
        (
            Column("amount", "DECIMAL(38, 10)", "What the deal is worth, in its currency"),
            "(fields->>'$.size')::DECIMAL(38, 10)",
        ),
        _text("currency", "Currency of the amount, ISO 4217", "currency"),
        _text("status", "Status, in the CRM's words: open, won, lost", "crm_deal_status"),
        _text("pipeline_id", "The pipeline: crm_pipelines.pipeline_id", "crm_pipeline_id"),
        _text("pipeline_name", "Name of the pipeline", "crm_pipeline_name"),
        _text("stage_id", "The stage: crm_stages.stage_id", "crm_stage_id"),
        _text("stage_name", "Name of the stage", "crm_stage_name"),
        _text("lost_reason", "Why it was lost, in the CRM's words", "crm_lost_reason_name"),
        _text("priority", "Priority, in the CRM's words", "crm_priority_name"),
        _only_one("contact_id", "The contact: crm_contacts.contact_id", "crm_lead_ids"),
        _only_one("company_id", "The company: crm_companies.company_id", "crm_company_id"),
        _moment("started_at", "When it was begun", "start_date"),
        _moment("expires_at", "When it is to be decided", "expired_date"),
        _moment("closed_at", "When it was closed", "closed_date"),
        *_SOURCE,
        *_CREATOR,
    ),
    _view(
        "crm_tasks",
        "task",
        "One row per task that the CRM has or had",
        _text("name", "Name", "name", personal=True),
        _text("category", "Category, in the CRM's words", "crm_task_category_name"),
        _text("status_id", "Id of its status", "crm_task_status_id"),
        _text("priority_id", "Id of its priority", "crm_task_priority_id"),
        _only_one("contact_id", "The contact: crm_contacts.contact_id", "crm_person_id"),
        _only_one("deal_id", "The deal: crm_deals.deal_id", "crm_deal_id"),
        _only_one("company_id", "The company: crm_companies.company_id", "crm_company_id"),
        _text("user_id", "Id of the user who is to do it", "user_id"),
        _text("user_name", "Name of that user", "user_full_name", personal=True),
        _moment("due_at", "When it is due", "due_date"),
        _moment("remind_at", "When the user is reminded", "reminder_date"),
        _text("detail", "What is to be done", "detail", personal=True),
        _text("next_step", "What comes next", "next_step", personal=True),
    ),
    _view(
        "crm_pipelines",
        "pipeline",
        "One row per pipeline that deals go through",
        _text("name", "Name", "name"),
        _number("is_active", "BOOLEAN", "Whether it is in use", "active"),
    ),
    _view(
        "crm_stages",
        "stage",
        "One row per stage of a pipeline",
        _text("name", "Name", "name"),
        _text("pipeline_id", "The pipeline: crm_pipelines.pipeline_id", "crm_pipeline_id"),
        _number("position", "INTEGER", "Place in its pipeline, from 1", "order"),
        _number(
            "win_probability", "DECIMAL(9, 4)", "Chance of winning, per cent", "win_probability"
        ),
        _number("is_active", "BOOLEAN", "Whether it is in use", "active"),
    ),
)

CRM_LINKS = Table(
    "crm_links",
    "Which objects of the CRM belong together, by what either says: one row per pair and direction",
    (
        Column("source", "VARCHAR", "The CRM"),
        Column("account", "VARCHAR", "The account"),
        Column("from_kind", "VARCHAR", "contact, company, deal, task"),
        Column("from_id", "VARCHAR", "Its id: crm_contacts.contact_id, crm_deals.deal_id …"),
        Column("to_kind", "VARCHAR", "contact, company, deal, task"),
        Column("to_id", "VARCHAR", "Its id; an object that no scan has read yet may be named"),
    ),
)

LINKS: tuple[tuple[str, str, str], ...] = (
    ("contact", "crm_company_id", "company"),
    ("contact", "crm_deal_ids", "deal"),
    ("company", "crm_deal_ids", "deal"),
    ("company", "crm_person_ids", "contact"),
    ("deal", "crm_company_id", "company"),
    ("deal", "crm_lead_ids", "contact"),
    ("task", "crm_person_id", "contact"),
    ("task", "crm_deal_id", "deal"),
    ("task", "crm_company_id", "company"),
)
"""Kind of object, field that names others, and their kind (vendors/qontak/README.md)."""

SCANS = Table(
    "ops.scans",
    "One row per reading of a whole stream of a CRM",
    (
        Column("scan_id", "VARCHAR", "The scan: landing/scans/…/{scan_id}"),
        Column("source", "VARCHAR", "The vendor's system"),
        Column("account", "VARCHAR", "The account"),
        Column("stream", "VARCHAR", "What was read: contacts, companies, deals, tasks, pipelines"),
        Column("began_at", "TIMESTAMPTZ", "When it began, UTC"),
        Column("ended_at", "TIMESTAMPTZ", "When its last page was read, UTC; null: it goes on"),
        Column("complete", "BOOLEAN", "True: what it did not see is gone; null: it goes on"),
        Column("reason", "VARCHAR", "Why it counts as complete, or why not"),
    ),
)
