"""What can be asked for: the kinds of faults, and the rule that says who gets one."""

import re
from dataclasses import fields
from enum import StrEnum
from typing import Annotated

from pydantic import ConfigDict, Field, TypeAdapter, ValidationError
from pydantic.dataclasses import dataclass

_MOST_SECONDS = 10**9
_MOST_BYTES = 2**40


class FaultError(ValueError):
    """A fault that cannot be given; the message says what is wrong with it."""


class FaultKind(StrEnum):
    """What goes wrong.

    Down to GZIP_BOMB the vendor never sees the request; CLOCK_SKEW only puts its clock wrong; every
    other kind spoils what the vendor answered, if that was 200. From TOTALS_MISSING on they are for
    vendors whose lists have pages.
    """

    SERVER_ERROR = "server_error"
    UNAVAILABLE = "unavailable"
    TOO_MANY_REQUESTS = "too_many_requests"
    ERROR_OBJECT = "error_object"
    WEB_PAGE = "web_page"
    WEB_PAGE_MISLABELLED = "web_page_mislabelled"
    EXPIRED_KEY = "expired_key"
    GATEWAY_TIMEOUT = "gateway_timeout"
    UNPROCESSABLE = "unprocessable"
    CUT_UNSEEN = "cut_unseen"
    GZIP_BOMB = "gzip_bomb"
    CLOCK_SKEW = "clock_skew"
    GATEWAY_TIMEOUT_AFTER = "gateway_timeout_after"
    CUT_BEFORE_HEADERS = "cut_before_headers"
    CUT_BEFORE_BODY = "cut_before_body"
    CUT_IN_BODY = "cut_in_body"
    CUT_IN_CHUNKS = "cut_in_chunks"
    SLOW = "slow"
    STALLED = "stalled"
    TRUNCATED = "truncated"
    EMPTY = "empty"
    NO_CONTENT = "no_content"
    WRONG_ENCODING = "wrong_encoding"
    MALFORMED_RECORDS = "malformed_records"
    UNKNOWN_FIELD = "unknown_field"
    CHANGED_TYPE = "changed_type"
    VANISHED = "vanished"
    CHANGED = "changed"
    TOTALS_MISSING = "totals_missing"
    TOTALS_WRONG = "totals_wrong"
    TOTALS_RENAMED = "totals_renamed"
    PAGE_EMPTY = "page_empty"
    PAGE_REPEATS = "page_repeats"
    PAGE_SKIPS = "page_skips"
    OBJECT_AS_LIST = "object_as_list"


PAGE_KINDS = frozenset(
    [
        FaultKind.TOTALS_MISSING,
        FaultKind.TOTALS_WRONG,
        FaultKind.TOTALS_RENAMED,
        FaultKind.PAGE_EMPTY,
        FaultKind.PAGE_REPEATS,
        FaultKind.PAGE_SKIPS,
        FaultKind.OBJECT_AS_LIST,
    ]
)
"""Faults of pages, which not every vendor has."""

WRITE_KINDS = frozenset(
    [
        FaultKind.GATEWAY_TIMEOUT,
        FaultKind.GATEWAY_TIMEOUT_AFTER,
        FaultKind.UNPROCESSABLE,
        FaultKind.CUT_UNSEEN,
    ]
)
"""Faults that matter to whoever writes: a reader of answers cannot tell them from others."""


_NEEDED = {
    FaultKind.SLOW: "seconds",
    FaultKind.CLOCK_SKEW: "seconds",
    FaultKind.GZIP_BOMB: "bytes",
    FaultKind.MALFORMED_RECORDS: "share",
    FaultKind.VANISHED: "share",
    FaultKind.CHANGED: "share",
    FaultKind.PAGE_REPEATS: "share",
    FaultKind.PAGE_SKIPS: "share",
}
_ALLOWED = _NEEDED | {
    FaultKind.UNAVAILABLE: "retry_after",
    FaultKind.TOO_MANY_REQUESTS: "retry_after",
    FaultKind.UNKNOWN_FIELD: "share",
    FaultKind.CHANGED_TYPE: "share",
}
_PARAMETERS = ("seconds", "retry_after", "bytes", "share")

Share = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]


@dataclass(frozen=True, config=ConfigDict(extra="forbid"))
class Fault:
    """A rule: what goes wrong, and for which requests.

    Of the requests to `vendor` (None: any) of one `method`, with `path` in their path, `query` in
    their raw query string and `body` in their body, the first `after` pass; of the others the share
    `rate` gets the fault, `times` times (None: for ever).

    `seconds` is how long SLOW takes, or vendor's clock minus true time for CLOCK_SKEW.
    `retry_after` is the header as sent (None: no header). `bytes` is what GZIP_BOMB inflates to.
    `share` of all leads is hit (None: every lead): the same ones each time, a smaller share's
    among a larger's; PAGE_REPEATS and PAGE_SKIPS move a page by that share of its length. Raises
    ValueError for what makes no sense.
    """

    kind: FaultKind
    vendor: str | None = Field(default=None, min_length=1)
    path: str | None = Field(default=None, min_length=1)
    query: str | None = Field(default=None, min_length=1)
    method: str | None = Field(default=None, pattern="^(GET|POST|PUT|DELETE)$")
    body: str | None = Field(default=None, min_length=1)
    after: int = Field(default=0, ge=0)
    times: int | None = Field(default=None, ge=1)
    rate: Share = 1.0
    seconds: float | None = Field(default=None, ge=-_MOST_SECONDS, le=_MOST_SECONDS)
    retry_after: str | None = Field(
        default=None, pattern=r"^[\x21-\x7e]([\x20-\x7e]*[\x21-\x7e])?$"
    )
    bytes: int | None = Field(default=None, ge=1, le=_MOST_BYTES)
    share: Share | None = None

    def __post_init__(self) -> None:
        needed, allowed = _NEEDED.get(self.kind), _ALLOWED.get(self.kind)
        if needed and getattr(self, needed) is None:
            raise ValueError(f"{self.kind} needs {needed}")
        for name in _PARAMETERS:
            if name != allowed and getattr(self, name) is not None:
                raise ValueError(f"{self.kind} takes no {name}")
        if self.kind is FaultKind.SLOW and self.seconds is not None and self.seconds < 0:
            raise ValueError("slow cannot take less than 0 seconds")


_ONE = TypeAdapter(Fault)
_LIST = TypeAdapter(list[Fault])
_FIELDS = "|".join(field.name for field in fields(Fault) if field.name != "kind")
_NEXT_FIELD = re.compile(rf",(?=(?:{_FIELDS})=)")


def fault_from_text(text: str) -> Fault:
    """`NAME[,FIELD=VALUE]...`, as the command line takes it. Raises FaultError."""
    kind, *given = _NEXT_FIELD.split(text)
    named: dict[str, str] = {"kind": kind}
    for one in given:
        name, _, value = one.partition("=")
        if name in named:
            raise FaultError(f"{name} is given twice")
        named[name] = value
    try:
        return _ONE.validate_strings(named)
    except ValidationError as error:
        raise FaultError(_words(error)) from None


def faults_from_json(document: bytes) -> list[Fault]:
    """A JSON list of objects with the fields of `Fault`. Raises FaultError."""
    try:
        return _LIST.validate_json(document, strict=True)
    except ValidationError as error:
        raise FaultError(_words(error)) from None


def fault_as_json(fault: Fault) -> dict[str, str | int | float]:
    """The fields that are set, as `faults_from_json` reads them."""
    written: dict[str, str | int | float] = _ONE.dump_python(fault, mode="json", exclude_none=True)
    return written


def _words(error: ValidationError) -> str:
    return "; ".join(
        f"{'.'.join(map(str, one['loc']))}: {message}" if one["loc"] else message
        for one in error.errors(include_url=False)
        for message in [one["msg"].removeprefix("Value error, ")]
    )
