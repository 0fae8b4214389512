"""What we know of a property, to fill in ListSMRT's form with."""

from collections.abc import Mapping
from contextlib import suppress

import orjson

from lead_pipeline.vendors.listsmrt.authorize import Listing, NotExpressible, listing_of
from lead_pipeline.warehouse import Session

_LAST = """
SELECT versions.data
FROM listings
INNER JOIN listing_versions AS versions ON versions.generation_id = listings.generation_id
WHERE listings.property_id = ?
"""

_ENQUIRED = """
SELECT interest_name, interest_locality, city FROM leads
WHERE interest_kind = 'property' AND interest_id = ? AND interest_name IS NOT NULL
ORDER BY created_at DESC
LIMIT 1
"""


def listing_for(session: Session | None, property_id: str, said: Mapping[str, str]) -> Listing:
    """What was said, over what the last generation was made of, over what leads enquired about.

    What we know and ListSMRT has no way to say is left out. Raises NotExpressible for what was
    said, and for an id that metadata cannot hold.
    """
    known = _known(session, property_id) if session else {}
    metadata = listing_of({"metadata": said.get("metadata", "")}).metadata
    together = {**known, **said, "metadata": ""}
    if not said.get("type") and not _fits(together):
        together.pop("type", None)
    listing = listing_of(together)
    return _with_metadata(listing, {**metadata, "propertyId": property_id})


def _with_metadata(listing: Listing, metadata: Mapping[str, str]) -> Listing:
    pairs = ",".join(f"{name}:{value}" for name, value in metadata.items())
    Listing(metadata=metadata)
    return listing_of({**listing.parameters(), "metadata": pairs})


def _fits(texts: Mapping[str, str]) -> bool:
    with suppress(NotExpressible):
        listing_of(texts)
        return True
    return False


def _known(session: Session, property_id: str) -> dict[str, str]:
    known: dict[str, str] = {}
    for name, locality, city in session.rows(_ENQUIRED, (property_id,)):
        known["address"] = ", ".join(filter(None, (name, locality, city)))
    for (data,) in session.rows(_LAST, (property_id,)):
        fields = orjson.loads(data or "{}")
        texts = {name: str(value) for name, value in fields.items() if name != "metadata"}
        known |= {name: text for name, text in texts.items() if text and _fits({name: text})}
    return known
