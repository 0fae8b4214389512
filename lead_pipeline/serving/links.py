"""Links to a property's form at ListSMRT, signed by us, that end at a time."""

import hashlib
import hmac
from collections.abc import Mapping
from urllib.parse import parse_qsl, quote, urlencode

LONGEST_QUERY = 4096


class BadLink(Exception):  # noqa: N818 - named after what happened
    """The link was not made by us, or its time is up. The reason quotes nothing of it."""


def sign_link(secret: str, property_id: str, said: Mapping[str, str], expires: int) -> str:
    """Path and query of a link that works until `expires` (epoch seconds)."""
    query = urlencode({**said, "expires": str(expires)})
    signature = _signature(secret, property_id, query)
    return f"/listings/{quote(property_id, safe='')}/generate?{query}&sig={signature}"


def read_link(secret: str, property_id: str, query: bytes, now: int) -> dict[str, str]:
    """What was said when the link was made; `now` in epoch seconds. Raises BadLink."""
    try:
        text = query.decode("ascii")
        signed, _, sent = text.rpartition("&sig=")
        if len(text) > LONGEST_QUERY or not signed:
            raise ValueError
        if not hmac.compare_digest(sent.encode(), _signature(secret, property_id, signed).encode()):
            raise BadLink("this link was not made here, or it was changed")
        said = dict(parse_qsl(signed, keep_blank_values=True, strict_parsing=True))
        expires = int(said.pop("expires"))
    except (ValueError, KeyError):
        raise BadLink("this is no link of ours") from None
    if now > expires:
        raise BadLink("this link's time is up")
    return said


def _signature(secret: str, property_id: str, query: str) -> str:
    """The id is part of the path and is signed with it; its length keeps the two apart."""
    signed = f"{len(property_id.encode())}:{property_id}?{query}".encode()
    return hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()
