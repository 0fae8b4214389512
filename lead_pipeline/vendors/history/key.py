"""The natural key `history/1`. Frozen: any change would make new leads of old ones."""

import re
from datetime import UTC, datetime, timedelta

from lead_pipeline.vendors import json

KEY_VERSION = "history/1"
_NOT_A_DIGIT = re.compile("[^0-9]+")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def key_of_id(source_lead_id: str) -> str:
    """Of a row with an id of its own."""
    return json.dumps(["id", source_lead_id])


def key_of_row(created_at: datetime, contact: str, name: str, interest: str) -> str:
    """Of a row without one; `contact` is that of `contact_of`, the others are text as written."""
    microseconds = (created_at - _EPOCH) // timedelta(microseconds=1)
    return json.dumps(["row", microseconds, contact, name.casefold(), interest.casefold()])


def contact_of(phone: str | None, email: str | None) -> str:
    """The last ten ASCII digits of the phone, or else the e-mail in lower case, or else empty."""
    digits = _NOT_A_DIGIT.sub("", phone or "")[-10:]
    return digits or (email or "").lower()
