"""What becomes of each field of an object (README.md, Response)."""

from lead_pipeline.vendors.lineage import SentField
from lead_pipeline.vendors.qontak.fields import ENQUIRY_FIELDS, FORMS

_AS_ENQUIRY = {
    "id": ("natural_key", "source_lead_id"),
    "created_at": ("created_at",),
    "updated_at": ("updated_at",),
    **{name: (field,) for name, field in ENQUIRY_FIELDS.items()},
}
_AS_OBJECT = {"id": "natural_key", "created_at": "created_at", "updated_at": "updated_at"}

_ADDITIONAL = "additional_fields"


def _of_object(kind: str) -> tuple[SentField, ...]:
    documented = (
        SentField(name, (*filter(None, [_AS_OBJECT.get(name)]), f"fields.{name}"))
        for name in FORMS[kind]
    )
    return (*documented, SentField(_ADDITIONAL, (_ADDITIONAL,)))


LEAD_FIELDS = tuple(
    SentField(name, _AS_ENQUIRY.get(name, ("attributes",)))
    for name in (*FORMS["contact"], _ADDITIONAL)
)
"""Those of a contact, as an enquiry."""

OBJECT_FIELDS = {kind: _of_object(kind) for kind in FORMS}
"""By kind of object."""
