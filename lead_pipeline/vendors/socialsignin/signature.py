"""Who really asks: the signature of SocialSignIn's requests (README.md, Signature)."""

import hashlib
import hmac
import re

from lead_pipeline.vendors.socialsignin.query import Parameters, build, parse

UNSIGNED = frozenset(
    {
        b"message_social_network_type",
        b"message_social_network_id",
        b"message_author_social_network_id",
        b"message_sentiment",
        b"message_language_code",
        b"message_socialsignin_id",
        b"message_socialsignin_url",
        b"message_author_socialsignin_id",
    }
)
"""What the live product adds without signing it; never trusted."""

_DIGITS = re.compile(rb"[0-9]+")
_FAR_FUTURE = 12
"""A time of more digits than this is later than any clock."""


class RefusedRequest(Exception):  # noqa: N818 - named after what happened
    """A request that is not answered. `status` and `error` are what the sender is told."""

    def __init__(self, status: int, error: str) -> None:
        super().__init__(error)
        self.status = status
        self.error = error


def signature(secret: str, signed: bytes) -> str:
    """Lower-case hex HMAC-SHA256 of the query string as PHP builds it."""
    return hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()


def verified(query: bytes, secret: str, now: int) -> Parameters:
    """The signed parameters of a raw query string, without `sig`; `now` in epoch seconds.

    Raises RefusedRequest: 400 for what is malformed, then 403 for a wrong signature, then 403 for
    one that has expired.
    """
    parameters = {name: value for name, value in parse(query).items() if name not in UNSIGNED}
    sent, expires = parameters.pop(b"sig", None), parameters.get(b"expires")
    if not isinstance(sent, bytes) or not isinstance(expires, bytes):
        raise _malformed()
    if not _DIGITS.fullmatch(expires):
        raise _malformed()
    if not hmac.compare_digest(sent, signature(secret, build(parameters)).encode()):
        raise RefusedRequest(403, "Signature mismatch")
    if _seconds(expires) < now:
        raise RefusedRequest(403, "request expired")
    return parameters


def _malformed() -> RefusedRequest:
    return RefusedRequest(400, "missing or invalid sig or expires params")


def _seconds(expires: bytes) -> int:
    digits = expires.lstrip(b"0")
    return 10**_FAR_FUTURE if len(digits) > _FAR_FUTURE else int(digits or b"0")
