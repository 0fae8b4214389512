"""Which fields a client may write, and how each is read.

They are those of the contract's answers that the vendor does not fill in itself: ids, names that
belong to an id, slugs, times and creators come from the vendor, as do the lists of who links here
(a deal names its contacts, and the contacts show it).
"""

from lead_pipeline.sandbox.qontak.companies import INDUSTRIES, TYPES
from lead_pipeline.sandbox.qontak.contacts import CREATORS, GENDERS, SOURCES, STATUSES
from lead_pipeline.sandbox.qontak.deals import LOST_REASONS, PRIORITIES
from lead_pipeline.sandbox.qontak.pipelines import PIPELINES, TEAM_ID
from lead_pipeline.sandbox.qontak.tasks import CATEGORIES, TEAM_NAME
from lead_pipeline.sandbox.qontak.values import (
    Options,
    Reader,
    all_linked,
    amount,
    day,
    email,
    linked,
    moment,
    one_of,
    telephone,
    text,
    whole,
)
from lead_pipeline.sandbox.qontak.written import Record

_PIPELINES: Options = tuple((one.id, one.name) for one in PIPELINES)
_STAGES: Options = tuple((one.id, one.name) for each in PIPELINES for one in each.stages())
_TASK_STATUSES: Options = ((1, None), (2, None), (3, None))

WRITABLE: dict[str, dict[str, Reader]] = {
    "contacts": {
        **dict.fromkeys(("first_name", "last_name", "job_title", "customer_id"), text),
        "email": email,
        "telephone": telephone,
        "date_of_birth": day,
        "income": amount,
        "crm_status_id": one_of(STATUSES, "crm_status_name"),
        "crm_source_id": one_of(SOURCES, "crm_source_name"),
        "crm_gender_id": one_of(GENDERS, "crm_gender_name"),
        "crm_company_id": linked("companies", "crm_company_name"),
    },
    "companies": {
        **dict.fromkeys(("name", "website", "address", "country", "province", "city"), text),
        **dict.fromkeys(("zipcode", "business_reg_number"), text),
        "telephone": telephone,
        "number_of_employees": whole,
        "annual_revenue": amount,
        "industry_id": one_of(INDUSTRIES, "industry_name"),
        "crm_type_id": one_of(TYPES, "crm_type_name"),
        "crm_source_id": one_of(SOURCES, "crm_source_name"),
    },
    "deals": {
        **dict.fromkeys(("name", "currency"), text),
        "size": amount,
        **dict.fromkeys(("closed_date", "start_date", "expired_date"), moment),
        "crm_source_id": one_of(SOURCES, "crm_source_name"),
        "crm_lost_reason_id": one_of(LOST_REASONS, "crm_lost_reason_name"),
        "crm_pipeline_id": one_of(_PIPELINES, "crm_pipeline_name"),
        "crm_stage_id": one_of(_STAGES, "crm_stage_name"),
        "crm_priority_id": one_of(PRIORITIES, "crm_priority_name"),
        "crm_company_id": all_linked("companies", "crm_company_name", most=1),
        "crm_lead_ids": all_linked("contacts", "crm_lead_name"),
    },
    "tasks": {
        **dict.fromkeys(("name", "detail", "next_step"), text),
        **dict.fromkeys(("due_date", "reminder_date"), moment),
        "crm_person_id": linked("contacts", "crm_person_full_name"),
        "crm_deal_id": linked("deals", "crm_deal_name"),
        "crm_company_id": linked("companies", "crm_company_name"),
        "crm_task_status_id": one_of(_TASK_STATUSES, None),
        "user_id": one_of(CREATORS, "user_full_name"),
        "crm_task_priority_id": one_of(PRIORITIES, None),
        "crm_task_category_id": one_of(CATEGORIES, "crm_task_category_name"),
    },
}
"""By stream; additional fields apart (`additional`)."""

DEFAULTS: dict[str, Record] = {
    "contacts": {},
    "companies": {},
    "deals": {"currency": "IDR"},
    "tasks": {
        "crm_task_status_id": 1,
        "crm_team_ids": [TEAM_ID],
        "crm_team_name": [TEAM_NAME],
    },
}
"""What a new object says unless it is told otherwise; all else is null, or an empty list."""
