"""Who may ask: the gateway's HMAC over `Date` and request line, then the acting user.

The signed request line is the one that was sent, byte for byte: method, the whole target with its
query, and the version of HTTP. A request without a signature is 401 "Unauthorized"; one whose
headers cannot be read, of an unknown client or with a `Date` more than 300 s off cannot be
verified; any other that was not signed so does not match,
nor does a body without its `Digest`. A missing or unknown acting user is 401
"Unauthorized".
"""

import base64
import hashlib
import hmac
import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from starlette.datastructures import Headers
from starlette.types import Scope

from lead_pipeline.sandbox.qontak.settings import (
    CLIENT_ID,
    CLIENT_SECRET,
    SSO_ID,
    QontakSettings,
    SignedPath,
)
from lead_pipeline.sandbox.refusal import Refusal

_SKEW_SECONDS = 300
_AUTHORIZATION = re.compile(
    r'hmac username="([^"]*)", algorithm="hmac-sha256", '
    r'headers="date request-line", signature="([A-Za-z0-9+/=]*)"'
)
_DATE = re.compile(
    r"(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), [0-9]{2} [A-Z][a-z]{2} [0-9]{4} "
    r"[0-9]{2}:[0-9]{2}:[0-9]{2} GMT"
)
UNAUTHORIZED = "Unauthorized"
CANNOT_BE_VERIFIED = "HMAC signature cannot be verified"
DOES_NOT_MATCH = "HMAC signature does not match"


def signature(secret: str, date: str, request_line: str) -> str:
    """The signature that belongs to a `Date` and a request line."""
    message = f"date: {date}\n{request_line}"
    return base64.b64encode(hmac.digest(secret.encode(), message.encode(), "sha256")).decode()


def check(scope: Scope, settings: QontakSettings, now: datetime) -> None:
    """Raises Refusal unless the request may be answered at `now`, the vendor's time."""
    headers = Headers(scope=scope)
    refused = settings.gateway_status
    if "Authorization" not in headers:
        raise Refusal(401, "Authorization", UNAUTHORIZED)
    sent = _AUTHORIZATION.fullmatch(_once(headers, "Authorization", refused))
    date = _once(headers, "Date", refused)
    if sent is None or sent[1] != CLIENT_ID or not _is_fresh(date, now):
        raise Refusal(refused, "Authorization", CANNOT_BE_VERIFIED)
    expected = [
        signature(CLIENT_SECRET, date, line) for line in request_lines(scope, settings.signed_path)
    ]
    if not any(hmac.compare_digest(one, sent[2]) for one in expected):
        raise Refusal(refused, "signature", DOES_NOT_MATCH)
    if headers.getlist("X-Crm-User-Sso-Id") != [SSO_ID]:
        raise Refusal(401, "X-Crm-User-Sso-Id", UNAUTHORIZED)


def check_digest(scope: Scope, body: bytes, settings: QontakSettings) -> None:
    """Raises Refusal unless a body comes with its `Digest`."""
    digest = base64.b64encode(hashlib.sha256(body).digest()).decode()
    sent = Headers(scope=scope).getlist("Digest")
    if sent != [f"SHA-256={digest}"] and (body or sent):
        raise Refusal(settings.gateway_status, "Digest", DOES_NOT_MATCH)


def request_lines(scope: Scope, signed_path: SignedPath) -> list[str]:
    """The request lines that may have been signed, from the target as it was sent."""
    path, query = scope["raw_path"].decode("latin-1"), scope["query_string"].decode("latin-1")
    targets = {
        SignedPath.WITH_QUERY: [f"{path}?{query}" if query else path],
        SignedPath.WITHOUT_QUERY: [path],
        SignedPath.EITHER: [f"{path}?{query}", path],
    }
    version = scope["http_version"]
    return [f"{scope['method']} {target} HTTP/{version}" for target in targets[signed_path]]


def _once(headers: Headers, name: str, status: int) -> str:
    values = headers.getlist(name)
    if len(values) != 1:
        raise Refusal(status, name, CANNOT_BE_VERIFIED)
    return values[0]


def _is_fresh(date: str, now: datetime) -> bool:
    """The name of the weekday is not checked against the date: the document's own is wrong."""
    if not _DATE.fullmatch(date):
        return False
    try:
        sent = parsedate_to_datetime(date)
    except ValueError:
        return False
    return abs((now - sent.astimezone(UTC)).total_seconds()) <= _SKEW_SECONDS
