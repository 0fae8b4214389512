"""The natural key `housing/1`. Frozen: any change would make new leads of old ones."""

import re

from lead_pipeline.vendors import json

KEY_VERSION = "housing/1"
_NOT_A_DIGIT = re.compile("[^0-9]+")


def contact_of(phone: str, email: str | None) -> str:
    """The last ten ASCII digits of the phone, or else the e-mail in lower case, or else empty."""
    digits = _NOT_A_DIGIT.sub("", phone)[-10:]
    return digits or (email or "").strip().lower()


def natural_key(
    project: str, flat: str, pg_name: str, seconds: int, contact: str, name: str
) -> str:
    """A JSON list, so that no value can run into the next; ids are text, an absent one is empty."""
    return json.dumps([project, flat, pg_name, seconds, contact, name.strip().casefold()])
