"""Housing.com's lead API: `get-builder-leads` and `get-broker-leads` under `/housing`.

Requests are judged in this order: a parameter missing, malformed, repeated or unknown is 422; an
unknown id, a wrong hash or a `current_time` more than 15 minutes off is 401; a window that starts
after its end or spans more than 2 days is 422. Both ends of a window are inclusive. Rows come
newest first, cut off silently at `per_page`.
"""

import hmac
import re
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice

import orjson
from starlette.datastructures import QueryParams
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from lead_pipeline.sandbox.clock import SandboxClock
from lead_pipeline.sandbox.dice import scattered
from lead_pipeline.sandbox.housing_rows import written_row
from lead_pipeline.sandbox.population import Population
from lead_pipeline.sandbox.refusal import Refusal
from lead_pipeline.sandbox.settings import HOUSING, HOUSING_API_KEY, HOUSING_BROKER, HOUSING_ID
from lead_pipeline.sandbox.written import Written

_SKEW_SECONDS = 15 * 60
_WIDEST_WINDOW_SECONDS = 2 * 86_400
_DEFAULT_PER_PAGE = 100
_ROWS_PER_CHUNK = 500

_EPOCH_SECONDS = re.compile(r"[0-9]{1,10}")
_IDS = re.compile(r"[0-9]+(,[0-9]+)*")
_ANY_TEXT = re.compile(r".+", re.DOTALL)
_PER_PAGE = re.compile(r"[1-9][0-9]{0,2}|1000")

_MANDATORY = {
    "start_date": _EPOCH_SECONDS,
    "end_date": _EPOCH_SECONDS,
    "current_time": _EPOCH_SECONDS,
    "hash": _ANY_TEXT,
    "id": _ANY_TEXT,
}
_OPTIONAL = {"per_page": _PER_PAGE, "project_ids": _IDS, "apartment_names": _ANY_TEXT}
_OPTIONAL_FOR_BROKERS = {**_OPTIONAL, "flat_ids": _IDS}


def signature(api_key: str, current_time: str) -> str:
    """The hash that belongs to a `current_time`."""
    return hmac.new(api_key.encode(), current_time.encode(), "sha256").hexdigest()


@dataclass(frozen=True)
class _Wanted:
    """A request that was accepted: epoch seconds, both ends inclusive."""

    account: str
    start: int
    end: int
    per_page: int | None
    filters: dict[str, frozenset[str]]


class Housing:
    """Answers for both endpoints."""

    def __init__(self, population: Population, clock: SandboxClock) -> None:
        self._population = population
        self._written = Written(population, written_row)
        self._settings = population.settings
        self._clock = clock

    def routes(self) -> list[Route]:
        """The endpoints, below the base URL."""
        return [
            Route("/api/v0/get-builder-leads", self._endpoint(HOUSING, _OPTIONAL)),
            Route(
                "/api/v0/get-broker-leads", self._endpoint(HOUSING_BROKER, _OPTIONAL_FOR_BROKERS)
            ),
        ]

    def _endpoint(
        self, account: str, optional: dict[str, re.Pattern[str]]
    ) -> Callable[[Request], Awaitable[Response]]:
        async def answer(request: Request) -> Response:
            try:
                parameters = _read(request.query_params, optional)
                self._check_hash(parameters)
                wanted = self._wanted(account, parameters)
            except Refusal as refusal:
                body = {"apiErrors": {refusal.about: [refusal.message]}}
                return JSONResponse(body, status_code=refusal.status)
            return StreamingResponse(self._body(wanted), media_type="application/json")

        return answer

    def _check_hash(self, parameters: dict[str, str]) -> None:
        current_time = parameters["current_time"]
        if parameters["id"] != HOUSING_ID:
            raise Refusal(401, "id", "is not known")
        expected = signature(HOUSING_API_KEY, current_time)
        if not hmac.compare_digest(expected.encode(), parameters["hash"].encode()):
            raise Refusal(401, "hash", "does not match current_time")
        if abs(self._clock.now().timestamp() - int(current_time)) > _SKEW_SECONDS:
            raise Refusal(401, "current_time", "is more than 15 minutes from our time")

    def _wanted(self, account: str, parameters: dict[str, str]) -> _Wanted:
        start, end = int(parameters["start_date"]), int(parameters["end_date"])
        per_page: int | None = int(parameters.get("per_page", _DEFAULT_PER_PAGE))
        if start > end:
            raise Refusal(422, "start_date", "is after end_date")
        if self._settings.whole_windows:
            per_page = None
        elif end - start > _WIDEST_WINDOW_SECONDS:
            raise Refusal(422, "end_date", "is more than 2 days after start_date")
        filters = {
            field: frozenset(parameters[name].split(","))
            for name, field in _FILTERS.items()
            if name in parameters
        }
        return _Wanted(account, start, end, per_page, filters)

    async def _body(self, wanted: _Wanted) -> AsyncIterator[bytes]:
        """The answer in chunks: a bare list or `{"data": [...]}`, the window decides which."""
        bare = scattered(self._settings.seed, wanted.start, wanted.end) % 2
        yield b"[" if bare else b'{"data":['
        rows = islice(self._rows(wanted), wanted.per_page)
        separator = b""
        while chunk := b",".join(islice(rows, _ROWS_PER_CHUNK)):
            yield separator + chunk
            separator = b","
        yield b"]" if bare else b"]}"

    def _rows(self, wanted: _Wanted) -> Iterator[bytes]:
        """Newest first, up to the present."""
        now = self._clock.present()
        first = datetime.fromtimestamp(wanted.start, UTC)
        last = min(datetime.fromtimestamp(wanted.end, UTC), now)
        for enquiry in self._population.newest_first(wanted.account, first, last):
            written = self._written.text(enquiry)
            if _passes(written, wanted.filters):
                yield written
                if self._settings.is_repeated(enquiry.index):
                    yield written


_FILTERS = {
    "project_ids": "project_id",
    "apartment_names": "apartment_names",
    "flat_ids": "flat_id",
}


def _read(query: QueryParams, optional: dict[str, re.Pattern[str]]) -> dict[str, str]:
    """Every parameter, once and well formed."""
    patterns = {**_MANDATORY, **optional}
    parameters: dict[str, str] = {}
    for name, value in query.multi_items():
        if name not in patterns:
            raise Refusal(422, name, "is not a known parameter")
        if name in parameters:
            raise Refusal(422, name, "is given twice")
        if not patterns[name].fullmatch(value):
            raise Refusal(422, name, "is malformed")
        parameters[name] = value
    for name in _MANDATORY:
        if name not in parameters:
            raise Refusal(422, name, "is missing")
    return parameters


def _passes(written: bytes, filters: dict[str, frozenset[str]]) -> bool:
    if not filters:
        return True
    lead = orjson.loads(written)
    return all(
        not wanted.isdisjoint(str(lead.get(field, "")).split(","))
        for field, wanted in filters.items()
    )
