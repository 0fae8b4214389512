"""Numbers, days and moments as a reader would say them. Days and moments are UTC."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta

NARROW = "\u202f"
"""Between a number and its unit: it never breaks."""

ENOUGH = 50
"""Of fewer than so many, counts are said and no percentages."""


def number(value: int) -> str:
    """1,234."""
    return f"{value:,}"


def counted(value: int, one: str, many: str | None = None) -> str:
    """`1 enquiry`, `2 enquiries`; `many` is `one` and an s unless given."""
    return f"{value:,} {one if value == 1 else many or one + 's'}"


def percent(part: int, whole: int) -> str:
    """A share, whole percents; never 100 or 0 of what is not quite that."""
    if part in {0, whole}:
        return f"{100 if part else 0}{NARROW}%"
    share = round(100 * part / whole)
    if share == 0:
        return f"under 1{NARROW}%"
    return f"over 99{NARROW}%" if share == 100 else f"{share}{NARROW}%"


def share_of(part: int, whole: int) -> str:
    """A percentage where there is enough of it, else both counts."""
    return percent(part, whole) if whole >= ENOUGH else f"{part:,} of {whole:,}"


def against(now: int, before: int) -> str:
    """`12 % fewer than the 468`, or with counts where there are few, or `as many as`."""
    if now == before:
        return f"as many as the {before:,}"
    word = "more" if now > before else "fewer"
    if min(now, before) < ENOUGH:
        return f"{abs(now - before):,} {word} than the {before:,}"
    return f"{percent(abs(now - before), before)} {word} than the {before:,}"


def day(value: date) -> str:
    """`Sat 21 Nov`."""
    return f"{value:%a} {value.day} {value:%b}"


def long_day(value: date) -> str:
    """`Saturday 21 November`."""
    return f"{value:%A} {value.day} {value:%B}"


def moment(value: datetime) -> str:
    """`Sat 28 Nov, 06:00 UTC`."""
    utc = value.astimezone(UTC)
    return f"{day(utc.date())}, {utc:%H:%M} UTC"


def full_moment(value: datetime) -> str:
    """`Saturday 28 November 2026, 06:00 UTC`."""
    utc = value.astimezone(UTC)
    return f"{long_day(utc.date())} {utc.year}, {utc:%H:%M} UTC"


def duration(seconds: float) -> str:
    """`40 seconds`, `12 minutes`, `3.5 hours`, `2.1 days`."""
    if seconds < 90:
        return f"{seconds:.0f} seconds"
    if seconds < 90 * 60:
        return f"{seconds / 60:.0f} minutes"
    if seconds < 48 * 3600:
        return f"{seconds / 3600:.1f} hours"
    return f"{seconds / 86400:.1f} days"


def listed(words: Sequence[str]) -> str:
    """`a`, `a and b`, `a, b and c`."""
    return " and ".join(filter(None, (", ".join(words[:-1]), *words[-1:])))


def spans(days: Sequence[date]) -> str:
    """Sorted days in words, neighbours drawn together: `3 Nov and 5 to 7 Nov`."""
    runs: list[list[date]] = []
    for one in days:
        if runs and one - runs[-1][-1] == timedelta(days=1):
            runs[-1].append(one)
        else:
            runs.append([one])
    return listed([_span(run[0], run[-1]) for run in runs])


def _span(first: date, last: date) -> str:
    if first == last:
        return f"{first.day} {first:%b}"
    if first.month == last.month:
        return f"{first.day} to {last.day} {last:%b}"
    return f"{first.day} {first:%b} to {last.day} {last:%b}"
