"""Times, yes and no, and numbers, as the mapping says they are written."""

import math
import re
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from openpyxl.utils.datetime import CALENDAR_MAC_1904, CALENDAR_WINDOWS_1900, from_excel

from lead_pipeline.vendors.history.cells import BadCell, Cell, text_of
from lead_pipeline.vendors.history.mapping import ColumnRule

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_UNITS = {"epoch-seconds": 1_000_000, "epoch-milliseconds": 1_000}
_CALENDARS = {"excel": CALENDAR_WINDOWS_1900, "excel-1904": CALENDAR_MAC_1904}
_NUMBER = re.compile(r"[+-]?[0-9]{1,30}(?:\.[0-9]{1,30})?", re.ASCII)


class BadValueError(ValueError):
    """A value that is not as the mapping says; the message does not quote it."""


def moment_of(cell: Cell, rule: ColumnRule, decimal: str) -> datetime | None:
    """A time in UTC; None where the cell is empty. Raises BadValueError."""
    if isinstance(cell, BadCell):
        raise BadValueError(cell.reason)
    if isinstance(cell, datetime):
        return _placed(cell, rule.zone)
    text = text_of(cell)
    if not text:
        return None
    for name in rule.format:
        found = _read(text, name, decimal_of(cell, decimal))
        if found is not None:
            return _placed(found, rule.zone)
    raise BadValueError(f"is no time of the form {' or '.join(rule.format)}")


def _read(text: str, name: str, decimal: str) -> datetime | None:
    """The time, without a zone where none is written; None where the text is of another form."""
    try:
        if name == "iso":
            return datetime.fromisoformat(text)
        if "%" in name:
            return datetime.strptime(text, name)  # noqa: DTZ007 - the mapping says the zone
        number = Decimal(number_of(text, decimal))
        if name in _UNITS:
            return _EPOCH + timedelta(microseconds=int(number * _UNITS[name]))
        if number < 1:
            return None
        found = from_excel(float(number), _CALENDARS[name])
    except (ValueError, OverflowError):
        return None
    return found if isinstance(found, datetime) else None


def _placed(moment: datetime, zone: str | None) -> datetime:
    if moment.tzinfo is None:
        if zone is None:
            raise BadValueError("has no time zone, and the mapping names none")
        moment = moment.replace(tzinfo=ZoneInfo(zone))
    try:
        utc = moment.astimezone(UTC)
        back = utc.astimezone(moment.tzinfo)
    except OverflowError:
        raise BadValueError("is no time that can be") from None
    if back.replace(tzinfo=None) != moment.replace(tzinfo=None):
        raise BadValueError(f"is an hour that the clocks of {zone} leapt over")
    return utc


def decimal_of(cell: Cell, decimal: str) -> str:
    """The decimal sign of what `text_of` makes of a cell: only text has the file's own."""
    return "." if isinstance(cell, Decimal) else decimal


def consent_of(cell: Cell, rule: ColumnRule) -> bool | None:
    """Yes or no; None where the cell is empty. Raises BadValueError."""
    text = plain_text(cell)
    if text is None:
        return None
    for answer, words in ((True, rule.true), (False, rule.false)):
        if text.casefold() in map(str.casefold, words):
            return answer
    raise BadValueError("is none of the words for yes and no")


def plain_text(cell: Cell) -> str | None:
    """Text without outer blanks; None where there is none. Raises BadValueError."""
    if isinstance(cell, BadCell):
        raise BadValueError(cell.reason)
    return text_of(cell) or None


def number_of(text: str, decimal: str) -> str:
    """A decimal number in plain digits: `1.234,50` is `1234.50`. Raises BadValueError.

    The other of point and comma, and blanks, may stand between thousands.
    """
    other = "," if decimal == "." else "."
    whole, point, rest = text.strip().partition(decimal)
    groups = re.split(f"[{re.escape(other)}\\s\u2019']", whole)
    if len(groups) > 1 and not _are_thousands(groups):
        raise BadValueError(f"is no number with the decimal sign {decimal!r}")
    plain = "".join(groups) + ("." + rest if point else "")
    if not _NUMBER.fullmatch(plain) or not math.isfinite(float(plain)):
        raise BadValueError(f"is no number with the decimal sign {decimal!r}")
    return plain


def _are_thousands(groups: list[str]) -> bool:
    """1 234 567, or as India writes it, 12,34,567."""
    first, *inner, last = groups
    return (
        1 <= len(first.lstrip("+-")) <= 3
        and len(last) == 3
        and ({len(part) for part in inner} <= {3} or {len(part) for part in inner} <= {2})
    )
