"""Which columns of a lead each field of a parsed one goes into (leads.sql, lead_places.sql)."""

from lead_pipeline.records import ParsedLead

_ALL_PHONES = ("phone", "phone_status", "phone_2")

_NORMALISED: dict[str, tuple[str, ...]] = {
    "natural_key": ("lead_id",),
    "key_version": ("lead_id",),
    "full_name_raw": ("full_name",),
    "given_name_raw": ("given_name", "full_name"),
    "family_name_raw": ("family_name", "full_name"),
    "company_raw": ("company",),
    "email_raw": ("email", "email_raw"),
    "phone_raw": (*_ALL_PHONES, "phone_raw"),
    "phone_2_raw": ("phone_2",),
    "phone_country_code": (*_ALL_PHONES, "country"),
    "address_line1_raw": ("address_line1",),
    "address_line2_raw": ("address_line2",),
    "city_raw": ("city",),
    "region_raw": ("region",),
    "postal_code_raw": ("postal_code",),
    "country_raw": (*_ALL_PHONES, "country", "region"),
}

COLUMNS_OF: dict[str, tuple[str, ...]] = {
    field: _NORMALISED.get(field, (field,)) for field in ParsedLead._fields
}
"""By field of `records.ParsedLead`, columns of `records.LEAD_COLUMNS`."""
