"""Aimbase's lead export: `/aimbase/api/IncrementalLeadExport/{NMMA-ID}`.

Requests are judged in this order: a missing or malformed `Authenticate` header is 400; an unknown
key or NMMA ID, a wrong signature, a timestamp more than 15 minutes off or a nonce seen before is
401 with the reason in the body; an unknown, repeated or malformed parameter, `Days` with `Date`,
and a date in the future or past the horizon are 400. `Date` means that calendar day in
America/Chicago; `Days=N` means today and the N - 1 days before it there. With neither, the call
moves the cursor that is kept here: the first one ever reads back to the horizon.
"""

import hmac
import re
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime, time, timedelta
from itertools import islice

from starlette.datastructures import Headers, QueryParams
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route

from lead_pipeline.sandbox.aimbase_xml import CENTRAL, CLOSING, opening, written_lead
from lead_pipeline.sandbox.clock import SandboxClock
from lead_pipeline.sandbox.population import Population
from lead_pipeline.sandbox.refusal import Refusal
from lead_pipeline.sandbox.settings import (
    AIMBASE,
    AIMBASE_NMMA_ID,
    AIMBASE_PRIVATE_KEY,
    AIMBASE_PUBLIC_KEY,
)
from lead_pipeline.sandbox.written import Written

_SKEW_SECONDS = 15 * 60
_HORIZON_DAYS = 7
_LEADS_PER_CHUNK = 100
_TICK = timedelta(milliseconds=1)

_CREDENTIALS = re.compile(
    r'Bearer timestamp="([0-9]{1,10})",nonce="([0-9A-Za-z]{50})",'
    r'signature="([0-9A-Za-z]+)",publickey="([^"]+)"'
)
_DAYS = re.compile(r"[1-7]")
_DATE = re.compile(r"[0-9]{2}/[0-9]{2}/[0-9]{4}")

Span = tuple[datetime, datetime]
"""First and last moment, both inclusive."""


def signature(private_key: str, timestamp: str, nonce: str, public_key: str) -> str:
    """The signature that belongs to the other fields of an `Authenticate` header."""
    message = f"{timestamp}{nonce}{public_key}"
    return hmac.new(private_key.encode(), message.encode(), "sha256").hexdigest()


def credentials(header: str) -> tuple[str, str, str, str]:
    """Timestamp, nonce, signature and public key out of an `Authenticate` header."""
    parsed = _CREDENTIALS.fullmatch(header)
    if parsed is None:
        raise Refusal(400, "Authenticate", "is malformed")
    return parsed[1], parsed[2], parsed[3], parsed[4]


class Aimbase:
    """Answers the export and remembers its cursor and the nonces seen."""

    def __init__(self, population: Population, clock: SandboxClock) -> None:
        self._population = population
        self._written = Written(population, written_lead)
        self._settings = population.settings
        self._clock = clock
        self._nonces: dict[str, int] = {}
        self.cursor: datetime | None = None
        """The moment of the last incremental call, None before the first."""

    def routes(self) -> list[Route]:
        """The endpoint, below the base URL."""
        return [Route("/api/IncrementalLeadExport/{nmma_id}", self._answer)]

    async def _answer(self, request: Request) -> Response:
        now, present = self._clock.now(), self._clock.present()
        try:
            self._check_credentials(request.headers, request.path_params["nmma_id"], now)
            first, last = self._span(request.query_params, now)
        except Refusal as refusal:
            return PlainTextResponse(str(refusal), status_code=refusal.status)
        return StreamingResponse(
            self._body((first, min(last, present)), now), media_type="application/xml"
        )

    def _check_credentials(self, headers: Headers, nmma_id: str, now: datetime) -> None:
        sent = headers.getlist("Authenticate")
        if len(sent) != 1:
            raise Refusal(400, "Authenticate", "must be sent once")
        timestamp, nonce, signed, public_key = credentials(sent[0])
        if public_key != AIMBASE_PUBLIC_KEY:
            raise Refusal(401, "publickey", "is not known")
        if nmma_id != AIMBASE_NMMA_ID:
            raise Refusal(401, "NMMA-ID", "is not one that this publickey may read")
        expected = signature(AIMBASE_PRIVATE_KEY, timestamp, nonce, public_key)
        if not hmac.compare_digest(expected.encode(), signed.encode()):
            raise Refusal(401, "signature", "does not match")
        self._check_freshness(int(timestamp), nonce, now)

    def _check_freshness(self, timestamp: int, nonce: str, now: datetime) -> None:
        present = now.timestamp()
        if abs(present - timestamp) > _SKEW_SECONDS:
            raise Refusal(401, "timestamp", "is more than 15 minutes from our time")
        if nonce in self._nonces:
            raise Refusal(401, "nonce", "was used before")
        self._nonces = {
            seen: at for seen, at in self._nonces.items() if abs(present - at) <= _SKEW_SECONDS
        }
        self._nonces[nonce] = timestamp

    def _span(self, query: QueryParams, now: datetime) -> Span:
        parameters = dict(query)
        if len(query.multi_items()) > 1 or not parameters.keys() <= {"Days", "Date"}:
            raise Refusal(400, "query", "must be Days, or Date, or neither")
        if "Days" in parameters:
            return _span_of_days(parameters["Days"], now)
        if "Date" in parameters:
            return _span_of_date(parameters["Date"], now)
        return self._span_since_last_call(self._clock.present())

    def _span_since_last_call(self, now: datetime) -> Span:
        """What came since the last call; the cursor moves now, whatever becomes of the answer."""
        horizon = now - timedelta(days=_HORIZON_DAYS)
        first = horizon if self.cursor is None else max(horizon, self.cursor + _TICK)
        self.cursor = now
        return first, now

    async def _body(self, span: Span, now: datetime) -> AsyncIterator[bytes]:
        yield opening(now)
        leads = self._leads(span)
        while chunk := b"".join(islice(leads, _LEADS_PER_CHUNK)):
            yield chunk
        yield CLOSING

    def _leads(self, span: Span) -> Iterator[bytes]:
        for enquiry in self._population.oldest_first(AIMBASE, *span):
            lead = self._written.text(enquiry)
            yield lead
            if self._settings.is_repeated(enquiry.index):
                yield lead


def _span_of_days(text: str, now: datetime) -> Span:
    if not _DAYS.fullmatch(text):
        raise Refusal(400, "Days", "must be 1 to 7")
    first = now.astimezone(CENTRAL).date() - timedelta(days=int(text) - 1)
    return datetime.combine(first, time(), CENTRAL).astimezone(UTC), now


def _span_of_date(text: str, now: datetime) -> Span:
    if not _DATE.fullmatch(text):
        raise Refusal(400, "Date", "must be written MM/DD/YYYY")
    try:
        month, day, year = (int(part) for part in text.split("/"))
        start = datetime(year, month, day, tzinfo=CENTRAL)
    except ValueError:
        raise Refusal(400, "Date", "is not a day of the calendar") from None
    age = now.astimezone(CENTRAL).date() - start.date()
    if not 0 <= age.days <= _HORIZON_DAYS:
        raise Refusal(400, "Date", f"must be today or at most {_HORIZON_DAYS} days back")
    end = datetime.combine(start.date() + timedelta(days=1), time(), CENTRAL) - _TICK
    return start.astimezone(UTC), min(end.astimezone(UTC), now)
