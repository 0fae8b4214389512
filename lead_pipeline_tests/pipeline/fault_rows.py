"""The rows of the fault matrix: what goes wrong, and how a run under it ends."""

from collections.abc import Mapping
from typing import Any

from lead_pipeline.errors import UnreadableDelivery, VendorRefused, VendorUnavailable
from lead_pipeline.sandbox import FaultKind
from lead_pipeline.vendors.http import HttpSettings
from lead_pipeline_tests.pipeline.faulty_runs import Errors, Row

_IMPATIENT = HttpSettings(attempts=3, read=0.3)
_MEGABYTE = 1024**2
_SMALL = HttpSettings(attempts=3, maximum_bytes=8 * _MEGABYTE)

DOWN = frozenset([VendorUnavailable.__name__])
REFUSED = frozenset([VendorRefused.__name__])
UNREADABLE = frozenset([UnreadableDelivery.__name__])
SAID_NO = {"housing": REFUSED, "aimbase": UNREADABLE, "qontak": REFUSED}
"""Of an error object with 200: Aimbase's is a document like others, those of others are known."""
DOUBTED = {"qontak": DOWN}
"""Totals and ids tell whether a list is whole; where there are none, nobody can tell."""


def _once(kind: FaultKind, **more: Any) -> Row:  # noqa: ANN401 - a fault's own fields
    return Row(f"{kind} once", ({"kind": kind, "times": 1, **more},))


def _twice(kind: FaultKind) -> Row:
    return Row(f"{kind} twice", ({"kind": kind, "times": 2},))


def _for_ever(
    kind: FaultKind,
    error: Errors | Mapping[str, Errors],
    **more: Any,  # noqa: ANN401 - as above
) -> Row:
    return Row(f"{kind} for ever", ({"kind": kind, **more},), error=error)


def _once_is_enough(kind: FaultKind, error: Errors | Mapping[str, Errors]) -> Row:
    return Row(f"{kind} once", ({"kind": kind, "times": 1},), error=error)


def _asked_to_wait(name: str, retry_after: str, error: Errors | None = None) -> Row:
    fault = {"kind": FaultKind.UNAVAILABLE, "times": 1, "retry_after": retry_after}
    return Row(f"wait {name}", (fault,), error=error)


_REFUSALS = (
    _once(FaultKind.UNAVAILABLE),
    _twice(FaultKind.SERVER_ERROR),
    _for_ever(FaultKind.SERVER_ERROR, DOWN),
    _for_ever(FaultKind.UNAVAILABLE, DOWN, retry_after="1"),
    _for_ever(FaultKind.TOO_MANY_REQUESTS, DOWN, retry_after="0"),
    _asked_to_wait("no time", "0"),
    _asked_to_wait("until a date", "Fri, 20 Nov 2026 18:30:05 GMT"),
    _asked_to_wait("in words", "soon"),
    _asked_to_wait("too long", "86400", DOWN),
    _asked_to_wait("past all numbers", "9" * 400, DOWN),
    _once_is_enough(FaultKind.EXPIRED_KEY, REFUSED),
    Row("ahead of time", ({"kind": FaultKind.CLOCK_SKEW, "seconds": 4000},), error=REFUSED),
    Row("behind time", ({"kind": FaultKind.CLOCK_SKEW, "seconds": -4000},), error=REFUSED),
    Row("a little ahead of time", ({"kind": FaultKind.CLOCK_SKEW, "seconds": 300},)),
)
_OTHER_DOCUMENTS = (
    _for_ever(FaultKind.ERROR_OBJECT, SAID_NO),
    _for_ever(FaultKind.WEB_PAGE, UNREADABLE),
    _for_ever(FaultKind.WEB_PAGE_MISLABELLED, UNREADABLE),
    _for_ever(FaultKind.TRUNCATED, UNREADABLE),
    _once_is_enough(FaultKind.TRUNCATED, UNREADABLE),
    _for_ever(FaultKind.EMPTY, UNREADABLE),
    _for_ever(FaultKind.NO_CONTENT, UNREADABLE),
    _for_ever(FaultKind.WRONG_ENCODING, UNREADABLE),
    Row("a bomb", ({"kind": FaultKind.GZIP_BOMB, "bytes": 4 * _MEGABYTE},), error=UNREADABLE),
    Row(
        "a bomb too large",
        ({"kind": FaultKind.GZIP_BOMB, "bytes": 1024**4},),
        error=UNREADABLE,
        http=_SMALL,
    ),
)
_CUTS = (
    FaultKind.CUT_BEFORE_HEADERS,
    FaultKind.CUT_BEFORE_BODY,
    FaultKind.CUT_IN_BODY,
    FaultKind.CUT_IN_CHUNKS,
)
_BROKEN_CONNECTIONS = (
    *(_once(kind) for kind in _CUTS),
    *(_for_ever(kind, DOWN) for kind in _CUTS),
    Row("slow", ({"kind": FaultKind.SLOW, "seconds": 0.3},)),
    Row("too slow", ({"kind": FaultKind.SLOW, "seconds": 60},), error=DOWN, deadline=0.7),
    Row("stalled once", ({"kind": FaultKind.STALLED, "times": 1},), http=_IMPATIENT),
    Row("stalled for ever", ({"kind": FaultKind.STALLED},), error=DOWN, http=_IMPATIENT),
)
_ODD_RECORDS = (
    Row(
        "some malformed",
        ({"kind": FaultKind.MALFORMED_RECORDS, "share": 0.5},),
        odd="quarantine",
    ),
    Row("a new field", ({"kind": FaultKind.UNKNOWN_FIELD},), odd="new fields"),
    Row("another type", ({"kind": FaultKind.CHANGED_TYPE},), odd="another type"),
    Row("some vanished", ({"kind": FaultKind.VANISHED, "share": 0.5},), odd="vanished"),
    Row("all vanished", ({"kind": FaultKind.VANISHED, "share": 1.0},), DOUBTED, odd="vanished"),
    Row("some changed", ({"kind": FaultKind.CHANGED, "share": 0.5},), odd="changed"),
)
_SEVERAL_REQUESTS = (
    Row("down from the second on", ({"kind": "server_error", "after": 1},), error=DOWN, days=3),
    Row(
        "the second unreadable",
        ({"kind": "truncated", "after": 1, "times": 1},),
        UNREADABLE,
        days=3,
    ),
    Row("refused from the second on", ({"kind": "expired_key", "after": 1},), REFUSED, days=3),
    Row(
        "every second one down",
        ({"kind": "server_error", "rate": 0.5},),
        days=3,
        http=HttpSettings(attempts=12),
    ),
    Row(
        "one thing after another",
        (
            {"kind": "server_error", "times": 1},
            {"kind": "cut_in_body", "times": 1},
            {"kind": "unavailable", "times": 1, "retry_after": "0"},
            {"kind": "malformed_records", "share": 0.5},
        ),
        odd="quarantine",
        days=3,
        http=HttpSettings(attempts=4),
    ),
)
_PAGES = (
    Row("no totals", ({"kind": FaultKind.TOTALS_MISSING},)),
    Row("wrong totals", ({"kind": FaultKind.TOTALS_WRONG},)),
    Row("other totals", ({"kind": FaultKind.TOTALS_RENAMED},)),
    _once(FaultKind.PAGE_EMPTY),
    _for_ever(FaultKind.PAGE_EMPTY, DOWN),
    Row("shifted back once", ({"kind": FaultKind.PAGE_REPEATS, "share": 0.5, "times": 1},)),
    Row("shifted back", ({"kind": FaultKind.PAGE_REPEATS, "share": 0.5},), DOWN),
    Row("shifted on once", ({"kind": FaultKind.PAGE_SKIPS, "share": 0.5, "times": 1},)),
    Row("shifted on", ({"kind": FaultKind.PAGE_SKIPS, "share": 0.5},), DOWN),
)
"""Of vendors whose lists have pages."""

ROWS = (
    *_REFUSALS,
    *_OTHER_DOCUMENTS,
    *_BROKEN_CONNECTIONS,
    *_ODD_RECORDS,
    *_SEVERAL_REQUESTS,
    *_PAGES,
)
