"""One request, before and after signing. Knows no HTTP library and never shows a secret."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime
from urllib.parse import parse_qsl, quote_plus, urlencode, urlsplit, urlunsplit

from lead_pipeline.errors import ConfigError
from lead_pipeline.records import Subject

Pairs = tuple[tuple[str, str], ...]

_SHOWN_PARAMETERS = frozenset(
    (
        *("page", "per_page", "created_after"),
        *("start_date", "end_date", "id", "project_ids", "apartment_names", "flat_ids"),
        *("Date", "Days"),
    )
)
"""What the vendors' clients send of pages, windows and settings; each other value may be a person's
datum or a secret."""
_HIDDEN = "…"
_HEADER_TEXT = re.compile(r"[\x21\x23-\x7e]+")
"""Printable ASCII without blanks and the quotation mark."""


@dataclass(frozen=True, slots=True)
class Request:
    """What is sent. Its repr leaves out all that a signature may be in."""

    base_url: str
    path: str
    query: Pairs = field(default=(), repr=False)
    headers: Pairs = field(default=(), repr=False)
    method: str = "GET"
    content: bytes = field(default=b"", repr=False)

    @property
    def target(self) -> str:
        """Path and query, byte for byte as sent."""
        path = urlsplit(self.base_url).path.rstrip("/") + self.path
        return f"{path}?{urlencode(self.query, safe='/,:')}" if self.query else path

    @property
    def url(self) -> str:
        """The whole URL, as sent."""
        base = urlsplit(self.base_url)
        return f"{base.scheme}://{base.netloc}{self.target}"

    def with_query(self, *pairs: tuple[str, str]) -> "Request":
        """The same request with further query parameters."""
        return replace(self, query=self.query + pairs)

    def with_headers(self, *pairs: tuple[str, str]) -> "Request":
        """The same request with further headers."""
        return replace(self, headers=self.headers + pairs)


Sign = Callable[[Request, datetime], Request]
"""Signs a request as of a moment (UTC); called anew for every attempt."""


def redacted(url: str) -> str:
    """The URL without user, password, fragment and the values of all but harmless parameters."""
    parts = urlsplit(url)
    query = "&".join(
        urlencode(((name, value),), safe="/,:")
        if name in _SHOWN_PARAMETERS
        else f"{quote_plus(name)}={_HIDDEN}"
        for name, value in parse_qsl(parts.query, keep_blank_values=True)
    )
    host = parts.netloc.rpartition("@")[2]
    return urlunsplit((parts.scheme, host, parts.path, query, ""))


def checked_base_url(base_url: str, subject: Subject) -> str:
    """The base URL without a trailing slash. Raises ConfigError where it is none."""
    try:
        parts = urlsplit(base_url)
        usable = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError:
        usable = False
    if not usable or "@" in parts.netloc or parts.query or parts.fragment:
        raise wrong_setting(
            "base_url must be http(s)://host[:port][/path] and nothing else", subject
        )
    return base_url.rstrip("/")


def checked_text(value: str, name: str, subject: Subject) -> str:
    """A credential that is neither empty nor surrounded by blanks; ConfigError if it is."""
    if not value or value != value.strip():
        raise wrong_setting(f"{name} is empty or has blanks around it", subject)
    return value


def checked_header_text(value: str, name: str, subject: Subject) -> str:
    """A credential that a quoted part of a header can carry; ConfigError if it cannot."""
    if not _HEADER_TEXT.fullmatch(value):
        raise wrong_setting(f"{name} is empty or holds what a header cannot carry", subject)
    return value


def wrong_setting(what: str, subject: Subject) -> ConfigError:
    """The error for a setting of an account that cannot be used."""
    return ConfigError(
        what,
        state="Nothing was asked of the vendor and nothing was written.",
        next_step=f"lead-pipeline doctor --account {subject.account}, after correcting the setting",
        subject=subject,
    )
