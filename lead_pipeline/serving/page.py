"""The card as a page: escaped throughout, no script, nothing loaded from elsewhere."""

import base64
import hashlib
from collections.abc import Callable, Collection
from datetime import UTC, datetime
from importlib import resources
from urllib.parse import quote

from jinja2 import Environment, StrictUndefined

from lead_pipeline.serving.card import Card, Contact, Enquiry
from lead_pipeline.serving.configuration import CardField

PRIVATE = {
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
}
"""Of every answer that says something of people or of the business."""

_FOLDER = resources.files("lead_pipeline.serving")
_STYLE = (_FOLDER / "card.css").read_text()
_STYLE_HASH = base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()

_DIRECTIONS = dict.fromkeys([*range(0x202A, 0x202F), *range(0x2066, 0x206A)])

_STEPS = ((86400 * 365, "year"), (86400 * 30, "month"), (86400, "day"), (3600, "hour"))


def card_headers(frame_ancestors: str) -> dict[str, str]:
    """What a browser may do with the page: show it, in a frame of these origins, and no more."""
    policy = (
        f"default-src 'none'; style-src 'sha256-{_STYLE_HASH}'; base-uri 'none'; "
        f"form-action 'none'; frame-ancestors {' '.join(frame_ancestors.split())}; "
        "sandbox allow-popups allow-popups-to-escape-sandbox"
    )
    return {"Content-Security-Policy": policy, **PRIVATE}


def card_page(
    card: Card,
    shown: Collection[CardField],
    now: datetime,
    published_at: datetime | None,
    crm_contact_url: str,
) -> str:
    """The page; times are UTC and said to be."""
    environment = Environment(
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, finalize=_undirected
    )
    environment.filters.update(ago=_ago(now), day=_day, minute=_minute)
    return environment.from_string((_FOLDER / "card.html").read_text()).render(
        card=card,
        style=_STYLE,
        shown={one.value: one in shown for one in CardField},
        about=_about,
        crm_url=_crm_url(crm_contact_url),
        published_at=published_at,
    )


def _undirected(value: object) -> object:
    """Text without the signs that turn its direction: left open, they reach past their element."""
    return value.translate(_DIRECTIONS) if isinstance(value, str) else value


def _about(enquiry: Enquiry) -> str:
    return ", ".join(filter(None, (enquiry.interest_name, enquiry.interest_locality)))


def _crm_url(template: str) -> Callable[[Contact], str]:
    return lambda contact: template.replace("{contact_id}", quote(contact.contact_id, safe=""))


def _ago(now: datetime) -> Callable[[datetime], str]:
    def ago(moment: datetime) -> str:
        seconds = max(0, int((now - moment).total_seconds()))
        for length, name in _STEPS:
            if number := seconds // length:
                return f"{number} {name}{'' if number == 1 else 's'} ago"
        return "within the hour"

    return ago


def _day(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%-d %b %Y}"


def _minute(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%-d %b %Y, %H:%M} UTC"
