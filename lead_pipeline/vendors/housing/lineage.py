"""What becomes of each field of a row (README.md, Response)."""

from lead_pipeline.vendors.lineage import sent_fields

LEAD_FIELDS = sent_fields(
    {
        "lead_name": "full_name_raw natural_key",
        "lead_phone": "phone_raw natural_key",
        "lead_email": "email_raw natural_key",
        "lead_date": "created_at natural_key",
        "country_code": "phone_country_code",
        "project_id": "interest_id natural_key attributes",
        "project_name": "interest_name attributes",
        "flat_id": "interest_id natural_key attributes",
        "pg_name": "interest_name natural_key attributes",
        "locality": "interest_locality attributes",
        "locality_name": "interest_locality attributes",
        "apartment_names": "attributes",
        "service_type": "attributes",
        "category_type": "attributes",
        "city_name": "attributes",
        "min_area": "attributes",
        "max_area": "attributes",
        "min_price": "attributes",
        "max_price": "attributes",
        "property_field": "attributes",
    }
)
"""A flat_id beside a project, and a name or a locality said twice, stay in the attributes."""
