"""What becomes of each field of a webhook (README.md, Webhook)."""

from lead_pipeline.vendors.lineage import SentField
from lead_pipeline.vendors.listsmrt.parse import DATA_FIELDS, GENERATION

_ENVELOPE = (
    SentField("created", ("created_at",)),
    SentField("type", ("fields.type",)),
    SentField("result", ("fields.result",)),
)
_ALSO = {"metadata": "fields.property_id", "feature_details_id": "fields.features"}


def _in_data(name: str) -> SentField:
    return SentField(f"data.{name}", (f"fields.data.{name}", *filter(None, [_ALSO.get(name)])))


OBJECT_FIELDS = {GENERATION: (*_ENVELOPE, *map(_in_data, sorted(DATA_FIELDS)))}
"""By kind of record. The natural key is of the whole body, so of no field."""
