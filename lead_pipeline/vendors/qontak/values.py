"""Reading single values of Qontak: times, amounts, dates, lists (README.md, Response)."""

import re
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

_AMOUNT = re.compile(r"[+-]?[0-9]{1,28}(\.[0-9]{1,10})?")
_DATE_BEFORE_YEAR = re.compile(r"([0-9]{2})-([0-9]{2})-([0-9]{4})")
_SHORTEST_TIME = len("2026-11-20T12:00Z")
_MOST_DIGITS = 15
"""A double holds so many digits exactly."""


def moment(text: str) -> datetime | None:
    """A timestamp with an offset as a time in UTC; None where it is none."""
    text = text.strip()
    if len(text) < _SHORTEST_TIME or text[4] != "-" or text[7] != "-" or text[10] not in "T ":
        return None
    try:
        read = datetime.fromisoformat(text)
        return None if read.tzinfo is None else read.astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def amount(value: object) -> str | None:
    """A decimal as text, its digits as they came; None where it is none, or too long to be kept."""
    if isinstance(value, bool):
        return None
    if isinstance(value, float):
        value = format(Decimal(repr(value)), "f")
    elif isinstance(value, int):
        value = format(value, "d") if abs(value) < 10**28 else ""
    if not isinstance(value, str):
        return None
    text = value.strip()
    return text if _AMOUNT.fullmatch(text) else None


def number(value: object) -> int | float | None:
    """A number of which no digit is lost; None where it is none."""
    text = amount(value)
    if text is None:
        return None
    if "." not in text:
        return int(text)
    digits = text.lstrip("+-").replace(".", "").strip("0")
    return float(text) if len(digits) <= _MOST_DIGITS else None


def day_or_moment(value: object) -> str | None:
    """A date (`2026-11-20`, or `20-11-2026` as the vendor asks for it) or a time, as ISO 8601."""
    if not isinstance(value, str):
        return None
    text = value.strip()
    read = moment(text)
    if read is not None:
        return read.isoformat()
    turned = _DATE_BEFORE_YEAR.fullmatch(text)
    if turned:
        text = f"{turned[3]}-{turned[2]}-{turned[1]}"
    try:
        return date.fromisoformat(text).isoformat() if len(text) == len("2026-11-20") else None
    except ValueError:
        return None


def choices(value: object) -> list[Any] | None:
    """A multi-select (`435,436`) as a list: ids as whole numbers, other choices as text."""
    if isinstance(value, list):
        return value
    if isinstance(value, int) and not isinstance(value, bool):
        return [value]
    if not isinstance(value, str):
        return None
    texts = [text for part in value.split(",") if (text := part.strip())]
    if all(text.isascii() and text.isdigit() and len(text) < 19 for text in texts):
        return [int(text) for text in texts]
    return texts
