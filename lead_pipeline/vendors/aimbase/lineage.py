"""What becomes of each element of a SalesLead, as the form has it (README.md, Response)."""

from collections.abc import Iterator

from lead_pipeline.vendors.aimbase.form import FORM, GROUP, KEPT, KNOWN_IN_GROUPS, MANY, NEXT, Box
from lead_pipeline.vendors.lineage import SentField

_NAMED_APART = {
    "key": ("natural_key", "source_lead_id"),
    "created": ("created_at",),
    "consent": ("marketing_consent",),
    KEPT: ("attributes",),
}
_INTEREST = ("SalesVehicle", "ModelDescription")


def _fields_of(box: Box) -> Iterator[SentField]:
    for name, meaning in box.children.items():
        inside = "" if box is FORM else f"{box.path}/"
        if isinstance(meaning, Box):
            yield from _fields_of(meaning)
        elif meaning is GROUP:
            yield from _fields_of_group(f"{inside}{name}", name)
        else:
            yield SentField(f"{inside}{name}", _becomes(name, meaning))


def _becomes(name: str, meaning: str) -> tuple[str, ...]:
    fields = _NAMED_APART.get(meaning, (meaning,))
    if name not in MANY:
        return fields
    return (*fields, *(NEXT[field] for field in fields if field in NEXT), "attributes")


def _fields_of_group(path: str, group: str) -> Iterator[SentField]:
    for part in sorted(KNOWN_IN_GROUPS[group]):
        is_interest = (group, part) == _INTEREST
        becomes = ("interest_name", "attributes") if is_interest else ("attributes",)
        yield SentField(f"{path}/{part}", becomes)


LEAD_FIELDS = (SentField("ApplicationArea", ()), *_fields_of(FORM))
"""By path below SalesLead; ApplicationArea stands beside the leads."""
