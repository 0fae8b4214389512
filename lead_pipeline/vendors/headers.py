"""What the headers of an answer say about time."""

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime


def http_date(text: str | None) -> datetime | None:
    """An HTTP date as an aware time in UTC; None where there is none or it cannot be read."""
    if not text:
        return None
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, OverflowError):
        return None
    return moment.replace(tzinfo=moment.tzinfo or UTC).astimezone(UTC)


def clock_offset_seconds(date: str | None, now: datetime) -> float | None:
    """Vendor minus us; None where the answer carried no usable Date."""
    theirs = http_date(date)
    return None if theirs is None else (theirs - now).total_seconds()


def retry_after_seconds(text: str | None, date: str | None, now: datetime) -> float | None:
    """How long the vendor asks to wait, not below zero; None where it does not say.

    An HTTP date is measured from the answer's own Date, so that a wrong clock here does not count.
    """
    if text is None:
        return None
    seconds = text.strip(" \t")
    if seconds.isascii() and seconds.isdigit():
        return float(seconds)
    moment = http_date(text)
    if moment is None:
        return None
    return max(0.0, (moment - (http_date(date) or now)).total_seconds())
