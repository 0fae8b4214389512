"""The coverage calendar: account and day, what is missing, and until when it can be fetched."""

from collections.abc import Sequence
from datetime import date, timedelta

from lead_pipeline.report.section import Answer, Cell, Key, Note, Row, Section, Sentence, Strip
from lead_pipeline.report.words import counted, listed, moment, spans

DAYS = 28
SOON_HOURS = 72
"""A day that is incomplete and forgotten within so many hours is about to be lost."""

EMPTY = (
    "No account has been asked yet; a file that was imported is no day's answer. Here will be a "
    "square for every account and day: read, partly read, missing or lost, and until when it can "
    "be fetched. "
    "Next: lead-pipeline run --days 7"
)
_MOST_NOTES = 6
_ROOM_FOR_A_LABEL = 3
"""Days to the right of one that is named."""

_BEHIND = "can still be completed"


def coverage_section(answer: Answer, today: date) -> Section:
    """A square a day for every account."""
    accounts = _by_account(answer)
    fills = {_fill(row, today) for row in answer.rows}
    keys = [
        Key("complete", "read after the day had ended"),
        Key("partial", "partly read, or not over yet"),
        Key("missing", "missing; can be fetched"),
        Key("urgent", f"incomplete, and forgotten by its vendor within {SOON_HOURS} hours"),
        Key("lost", "incomplete, and lost"),
    ]
    return Section(
        "coverage",
        _finding(accounts, today),
        "What we have of which UTC day, by account, oldest day first.",
        answer,
        strips=[_strip(name, rows, today) for name, rows in accounts.items()],
        keys=[key for key in keys if key.fill in fills],
        notes=[note for rows in accounts.values() for note in _notes(rows, today)][:_MOST_NOTES],
        empty=None if accounts else EMPTY,
    )


def sentences(answer: Answer, today: date) -> list[Sentence]:
    """Who does not answer, and what is about to be lost; or that all is well."""
    accounts = _by_account(answer)
    told: dict[tuple[str, str], list[str]] = {}
    for name, rows in accounts.items():
        if _waiting(rows, today):
            told.setdefault((_silence(rows), _losing(rows, today)), []).append(name)
    said = [
        Sentence(f"{listed(names)} {silence}", rest, "coverage")
        for (silence, rest), names in told.items()
    ]
    if said or not accounts:
        return sorted(said, key=lambda one: one.linked.endswith(_BEHIND))
    if any(row["state"] == "lost" for row in answer.rows):
        return []
    return [Sentence("Every day", " up to yesterday is complete, in every account.", "coverage")]


def _by_account(answer: Answer) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = {}
    for row in answer.rows:
        found.setdefault(row["account"], []).append(row)
    return found


def _waiting(rows: Sequence[Row], today: date) -> list[Row]:
    """Days that are over and incomplete, and can still be fetched."""
    return [row for row in rows if row["day"] < today and row["state"] in {"partial", "missing"}]


def _lost(rows: Sequence[Row]) -> list[Row]:
    return [row for row in rows if row["state"] == "lost"]


def _silence(rows: Sequence[Row]) -> str:
    """Since when the account has not answered, if its last request failed."""
    asked = [row for row in rows if row["last_asked_at"]]
    newest = max(asked, key=lambda row: (row["last_asked_at"], row["day"]), default=None)
    if newest is None or not newest["last_error"]:
        return _BEHIND
    loaded = [row["last_loaded_at"] for row in rows if row["last_loaded_at"]]
    return f"has not answered since {moment(max(loaded))}" if loaded else "has never answered"


def _losing(rows: Sequence[Row], today: date) -> str:
    waiting = _waiting(rows, today)
    days = [row["day"] for row in waiting]
    verb = "is" if len(days) == 1 else "are"
    said = f": {spans(days)} {verb} not whole"
    ending = [row for row in waiting if row["refetchable_until"]]
    if not ending:
        return f"{said} and can be fetched at any time."
    first = min(ending, key=lambda row: row["refetchable_until"])
    end = moment(first["refetchable_until"])
    return f"{said}, and {spans([first['day']])} is lost on {end}, unless it is read before."


def _finding(accounts: dict[str, list[Row]], today: date) -> str:
    if not accounts:
        return "What has been read of which day"
    waiting = {name: _waiting(rows, today) for name, rows in accounts.items()}
    behind = [name for name, rows in waiting.items() if rows]
    urgent = [row for rows in waiting.values() for row in rows if _is_urgent(row)]
    if urgent:
        names = sorted({row["account"] for row in urgent})
        days = counted(len(urgent), "day")
        return f"{days} of {listed(names)} will be lost within {SOON_HOURS} hours"
    if behind:
        days = counted(sum(len(rows) for rows in waiting.values()), "day")
        return f"{days} of {listed(behind)} can still be completed"
    if lost := sum(len(_lost(rows)) for rows in accounts.values()):
        return f"All is read but {counted(lost, 'day')}, lost for good"
    return "Every day up to yesterday is complete"


def _is_urgent(row: Row) -> bool:
    return row["hours_left"] is not None and row["hours_left"] <= SOON_HOURS


def _fill(row: Row, today: date) -> str:
    if row["state"] in {"partial", "missing"} and row["day"] < today and _is_urgent(row):
        return "urgent"
    return "partial" if row["day"] >= today else str(row["state"])


def _strip(name: str, rows: Sequence[Row], today: date) -> Strip:
    by_day = {row["day"]: row for row in rows}
    cells = []
    for back in reversed(range(DAYS)):
        day = today - timedelta(days=back)
        fill = _fill(by_day[day], today) if day in by_day else "unasked"
        is_named = day.weekday() == 0 and back >= _ROOM_FOR_A_LABEL
        cells.append(Cell(f"{day.day} {day:%b}" if is_named else "", fill))
    return Strip(name, _remark(rows, today), cells)


def _remark(rows: Sequence[Row], today: date) -> str:
    over = [row for row in rows if row["day"] < today]
    complete = sum(row["state"] == "complete" for row in over)
    said = [f"{complete} of {counted(len(over), 'day')} complete"] if over else ["asked today"]
    if waiting := [row["day"] for row in _waiting(rows, today)]:
        said.append(f"incomplete: {spans(waiting)}")
    if lost := [row["day"] for row in _lost(rows)]:
        said.append(f"lost: {spans(lost)}")
    return "; ".join(said)


def _notes(rows: Sequence[Row], today: date) -> list[Note]:
    """What to type for what can still be had."""
    waiting = _waiting(rows, today)
    if not waiting:
        return []
    account, first, last = waiting[0]["account"], waiting[0]["day"], waiting[-1]["day"]
    ending = [row["refetchable_until"] for row in waiting if row["refetchable_until"]]
    until = "at any time"
    if ending:
        until = f"{'the first only ' if len(waiting) > 1 else ''}until {moment(min(ending))}"
    words = f"{account}: {spans([row['day'] for row in waiting])} can be fetched, {until}"
    return [Note(words, f"lead-pipeline run --account {account} --from {first} --to {last}")]
