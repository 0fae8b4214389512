"""Whether a contact of the CRM is somebody whom we know. Pure."""

import re
import unicodedata
from collections.abc import Mapping
from typing import Any, NamedTuple

from lead_pipeline.normalise.phone_library import decide_phone

_WORD = re.compile(r"\w+")
_BEGINNING = 3
"""So many letters in common make two words one name, written differently."""


class Sought(NamedTuple):
    """Who is looked for; `region` is where the CRM's phones without a code are from."""

    name: str | None
    phones: frozenset[str]
    emails: frozenset[str]
    region: str


def is_sought(record: Mapping[str, Any], sought: Sought) -> bool:
    """By e-mail; or by phone, unless the names have nothing in common: phones are shared."""
    email = str(record.get("email") or "").strip().lower()
    if email in sought.emails:
        return True
    phone = decide_phone(str(record.get("telephone") or ""), sought.region).phone
    name = " ".join(str(record.get(part) or "") for part in ("first_name", "last_name"))
    return phone in sought.phones and may_be_one(name, sought.name)


def may_be_one(one: str | None, other: str | None) -> bool:
    """Whether two names have words that begin alike, or one of them says nothing."""
    words, others = _words(one), _words(other)
    return not words or not others or any(_alike(a, b) for a in words for b in others)


def plain(text: str) -> str:
    """A text to compare: no accents, no case, single blanks."""
    folded = unicodedata.normalize("NFKD", text.casefold())
    return " ".join("".join(c for c in folded if not unicodedata.combining(c)).split())


def _alike(one: str, other: str) -> bool:
    shorter = min(len(one), len(other), _BEGINNING)
    return one[:shorter] == other[:shorter]


def _words(name: str | None) -> set[str]:
    return {
        word for word in _WORD.findall(plain(name or "")) if len(word) > 1 or not word.isascii()
    }
