"""Who really sends: the signature of ListSMRT's webhook (README.md, Webhook)."""

import hashlib
import hmac
import re
from collections.abc import Sequence
from typing import NamedTuple

HEADER = "ListSMRT-Signature"
TOLERANCE_SECONDS = 300
"""How far the sender's time may be from ours, this itself not included."""

LONGEST_HEADER = 512
_ELEMENT = re.compile(r"(?P<name>[a-z][a-z0-9]{0,15})=(?P<value>[!-+\--~]*)")
_TIME = re.compile(r"[0-9]{1,12}")
_HEX = re.compile(r"[0-9a-f]{64}")


class BadSignature(Exception):  # noqa: N818 - named after what happened
    """The sender is not known. The reason quotes nothing of what was sent."""


class SignatureHeader(NamedTuple):
    """What the header says: epoch seconds as text, and 64 hex digits."""

    timestamp: str
    v1: str


def signature(secret: str, timestamp: str, body: bytes) -> str:
    """Lower-case hex HMAC-SHA256 of the time's text, a dot and the body as it is on the wire."""
    signed = timestamp.encode() + b"." + body
    return hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()


def read_header(values: Sequence[str]) -> SignatureHeader:
    """The one header of a request. Names other than `t` and `v1` say nothing to us.

    Raises BadSignature where there is none, several, or it is malformed.
    """
    if len(values) != 1:
        raise BadSignature(f"{len(values) or 'no'} {HEADER} headers")
    if len(values[0]) > LONGEST_HEADER:
        raise BadSignature(f"the {HEADER} header is too long")
    found: dict[str, str] = {}
    for element in values[0].split(","):
        match = _ELEMENT.fullmatch(element)
        if not match or match["name"] in found:
            raise BadSignature(f"the {HEADER} header is malformed")
        found[match["name"]] = match["value"]
    header = SignatureHeader(found.get("t", ""), found.get("v1", ""))
    if not _TIME.fullmatch(header.timestamp) or not _HEX.fullmatch(header.v1):
        raise BadSignature(f"the {HEADER} header has no proper t and v1")
    return header


def verify(header: SignatureHeader, body: bytes, secrets: Sequence[str], now: int) -> None:
    """Return if one of the secrets signed these very bytes; `now` in epoch seconds.

    Raises BadSignature.
    """
    matches = [
        hmac.compare_digest(header.v1, signature(secret, header.timestamp, body))
        for secret in secrets
    ]
    if not any(matches):
        raise BadSignature("the signature does not match")
    if abs(now - int(header.timestamp)) >= TOLERANCE_SECONDS:
        raise BadSignature("the signature is too old, or from the future")
