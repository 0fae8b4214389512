"""Times, amounts and slugs as the vendor writes them."""

from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

JAKARTA = timezone(timedelta(hours=7))
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

Record = dict[str, Any]
"""One object, as it becomes JSON."""


def moment(milliseconds: int, *, in_utc: bool) -> str:
    """`2026-11-20T18:30:00.000+07:00`; the offset is Jakarta's or that of UTC."""
    aware = (_EPOCH + timedelta(milliseconds=milliseconds)).astimezone(UTC if in_utc else JAKARTA)
    return aware.isoformat(timespec="milliseconds")


def day(milliseconds: int) -> date:
    """The UTC day."""
    return (_EPOCH + timedelta(milliseconds=milliseconds)).date()


def amount(millions: int) -> str:
    """Rupiah, as text with a decimal."""
    return f"{millions}000000.0"


def slug(name: str, number: int) -> str:
    """A name in an address."""
    letters = "".join(sign if sign.isalnum() else "-" for sign in name.lower())
    return f"{letters.strip('-')}-{number}"
