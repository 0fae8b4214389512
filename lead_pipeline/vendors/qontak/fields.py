"""The documented fields of every object, and how each is read (README.md, Response)."""

from collections.abc import Callable
from datetime import datetime
from typing import Any, NamedTuple

from lead_pipeline.vendors import json
from lead_pipeline.vendors.qontak.values import amount, moment


class BadFieldError(Exception):
    """A field without which the record cannot be read."""

    def __init__(self, name: str, reason: str) -> None:
        super().__init__(name)
        self.name, self.reason = name, reason


class OtherTypeError(Exception):
    """A field of a type that nobody named: it is kept as it came, and reported."""


class Form(NamedTuple):
    """How a field is read: values of some types are kept as they are, others go through `read`.

    `read` takes name and value, and raises BadFieldError or OtherTypeError.
    """

    as_it_is: frozenset[type]
    read: Callable[[str, Any], Any]


def _other(_: str, __: object) -> object:
    raise OtherTypeError


def _links(_: str, value: object) -> object:
    """A list of ids, as it came."""
    if isinstance(value, list) and _LINKED.issuperset(map(type, value)):
        return value
    raise OtherTypeError


def _time(name: str, value: object) -> datetime | None:
    """A timestamp in UTC; an empty text is none."""
    if value == "":
        return None
    if not isinstance(value, str):
        raise BadFieldError(name, f"is {json.type_name(value)}, not a timestamp")
    read = moment(value)
    if read is None:
        raise BadFieldError(name, "is not a timestamp with an offset")
    return read


def _money(name: str, value: object) -> str | None:
    """A decimal as text; an empty text is none."""
    if value == "":
        return None
    read = amount(value)
    if read is None:
        raise BadFieldError(
            name, "is not a decimal of at most 28 digits before its point, 10 after"
        )
    return read


def _amounts(_: str, value: object) -> object:
    """A list of decimals as text."""
    if not isinstance(value, list):
        raise OtherTypeError
    read = [one if one is None else amount(one) for one in value]
    if read.count(None) > value.count(None):
        raise OtherTypeError
    return read


_ID = frozenset([int, str])
_LINKED = _ID | {type(None)}
_NOTHING: frozenset[type] = frozenset()
_TEXT = Form(_ID, _other)
"""Text, or a whole number in its place."""
_LINKS = Form(_ID, _links)
"""An id or a list of ids: objects differ in which of the two they send."""
_PLAIN = Form(frozenset([str, int, float, bool, list]), _other)
_TIME = Form(_NOTHING, _time)
_MONEY = Form(_NOTHING, _money)
_AMOUNTS = Form(_NOTHING, _amounts)


def _forms(form: Form, names: str) -> dict[str, Form]:
    return dict.fromkeys(names.split(), form)


_EVERY = _forms(_LINKS, "id") | _forms(_TIME, "created_at updated_at")
_CREATOR = _forms(_LINKS, "creator_id") | _forms(_PLAIN, "slug creator_name")
_SOURCE = _forms(_LINKS, "crm_source_id") | _forms(_TEXT, "crm_source_name")
_CONTACT = (
    _forms(_TEXT, "first_name last_name email telephone crm_status_name crm_company_name")
    | _forms(_TEXT, "address city province zipcode country")
    | _forms(
        _LINKS, "crm_status_id crm_gender_id crm_company_id crm_deal_ids upload_id customer_id"
    )
    | _forms(_PLAIN, "job_title date_of_birth crm_gender_name income crm_deal_name")
)
_COMPANY = _forms(_LINKS, "industry_id crm_type_id crm_deal_ids crm_person_ids") | _forms(
    _PLAIN,
    "name website telephone address country province city zipcode industry_name crm_type_name "
    "number_of_employees annual_revenue business_reg_number crm_deal_name crm_person_name ancestry",
)
_DEAL = (
    _forms(_MONEY, "size")
    | _forms(_TIME, "closed_date start_date expired_date")
    | _forms(
        _LINKS,
        "crm_lost_reason_id crm_pipeline_id crm_stage_id crm_priority_id crm_company_id "
        "crm_lead_ids product_association_ids",
    )
    | _forms(
        _PLAIN,
        "name currency crm_lost_reason_name crm_pipeline_name crm_stage_name crm_priority_name "
        "crm_company_name crm_lead_name crm_deal_status product_association_name",
    )
    | _forms(
        _AMOUNTS,
        "product_association_quantity product_association_price product_association_total_price",
    )
)
_TASK = (
    _forms(_TIME, "due_date reminder_date")
    | _forms(
        _LINKS,
        "crm_person_id crm_deal_id crm_company_id crm_task_status_id user_id crm_task_priority_id "
        "crm_task_category_id crm_team_ids",
    )
    | _forms(
        _PLAIN,
        "name crm_person_full_name crm_deal_name crm_company_name user_full_name "
        "crm_task_category_name crm_team_name detail next_step attachment",
    )
)
_STAGE = _forms(
    _LINKS, "crm_status_id crm_type_id crm_pipeline_id crm_stage_additional_field_id"
) | _forms(_PLAIN, "name active order win_probability")

FORMS: dict[str, dict[str, Form]] = {
    "contact": _EVERY | _CREATOR | _SOURCE | _CONTACT,
    "company": _EVERY | _CREATOR | _SOURCE | _COMPANY,
    "deal": _EVERY | _CREATOR | _SOURCE | _DEAL,
    "task": _EVERY | _TASK,
    "pipeline": _EVERY
    | _forms(_LINKS, "team_id organization_id")
    | _forms(_PLAIN, "name alias_name slug active"),
    "stage": _EVERY | _STAGE,
}
"""By kind of object, then by field."""

ENQUIRY_FIELDS = {
    "first_name": "given_name_raw",
    "last_name": "family_name_raw",
    "crm_company_name": "company_raw",
    "email": "email_raw",
    "telephone": "phone_raw",
    "address": "address_line1_raw",
    "city": "city_raw",
    "province": "region_raw",
    "zipcode": "postal_code_raw",
    "country": "country_raw",
    "crm_status_name": "status",
    "crm_source_name": "channel",
}
"""Fields of a contact that an enquiry takes as they came, and what of an enquiry each is."""
