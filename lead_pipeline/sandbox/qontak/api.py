"""Qontak's endpoints, under `/qontak`, so that paths begin `/qontak/qontak/crm` here.

Requests are judged in this order: signature, `Digest` and acting user (`signature`); the rate
limit; the query; the body. `page` and `per_page` page every list; a page past the end is empty, and
a `per_page` above the most is taken for the most. Contacts take `created_after=dd-mm-yyyy`, too,
and some lists take filters (`look_up`). Filters that the document names but does not explain are
422 otherwise, as is every other parameter. Pipelines and stages document no pages: they answer
everything, whatever page is asked for.
"""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import orjson
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from lead_pipeline.sandbox.clock import SandboxClock
from lead_pipeline.sandbox.population import milliseconds
from lead_pipeline.sandbox.qontak import envelope, fields
from lead_pipeline.sandbox.qontak.asked import Asked, number
from lead_pipeline.sandbox.qontak.look_up import FILTERS
from lead_pipeline.sandbox.qontak.pipelines import PIPELINES
from lead_pipeline.sandbox.qontak.rate import Rate
from lead_pipeline.sandbox.qontak.settings import QontakSettings
from lead_pipeline.sandbox.qontak.signature import check, check_digest
from lead_pipeline.sandbox.qontak.store import COMPANIES, CONTACTS, STREAMS, Store
from lead_pipeline.sandbox.qontak.write_api import changed, created, deleted
from lead_pipeline.sandbox.qontak.writing import Writer
from lead_pipeline.sandbox.qontak.written import JAKARTA, Record
from lead_pipeline.sandbox.refusal import Refusal
from lead_pipeline.sandbox.shift import moved

_PER_PAGE = 25
_FIRST_PAGE = 1
_DAY = re.compile(r"[0-9]{2}-[0-9]{2}-[0-9]{4}")
_PREFIX = "/qontak/crm"

Answer = Callable[[Asked], Record]


class Qontak:
    """Answers every stream."""

    def __init__(self, writer: Writer, settings: QontakSettings, clock: SandboxClock) -> None:
        self._writer = writer
        self._store: Store = writer.store
        self._settings = settings
        self._clock = clock
        self._rate = Rate(settings.requests_per_minute)

    def routes(self) -> list[Route]:
        """The endpoints, below the base URL."""
        return [
            *(self._route(f"/{stream}/info", GET=_template(stream)) for stream in STREAMS),
            *(
                self._route(
                    f"/{stream}", GET=self._list(stream), POST=created(self._writer, stream)
                )
                for stream in STREAMS
            ),
            *(
                self._route(
                    f"/{stream}/{{id}}",
                    GET=self._single(stream),
                    PUT=changed(self._writer, stream),
                    DELETE=deleted(self._writer, stream),
                )
                for stream in STREAMS
            ),
            self._route("/pipelines", GET=_pipelines),
            self._route("/pipelines/{id}", GET=_pipeline),
            self._route("/pipelines/{id}/stages", GET=_stages),
        ]

    def _route(self, path: str, **answers: Answer) -> Route:
        async def answered(request: Request) -> Response:
            body = b"" if request.method == "GET" else await request.body()
            try:
                check(request.scope, self._settings, self._clock.now())
                check_digest(request.scope, body, self._settings)
            except Refusal as refusal:
                return _json({"message": refusal.message}, refusal.status)
            if wait := self._rate.wait_seconds():
                late = _json({"message": "API rate limit exceeded"}, 429)
                late.headers["Retry-After"] = str(wait)
                return late
            try:
                return _json(answers[request.method](self._asked(request, body)))
            except Refusal as refusal:
                return _json(envelope.refused(refusal.status, str(refusal)), refusal.status)

        route = Route(f"{_PREFIX}{path}", answered, methods=list(answers))
        # Starlette lets HEAD in wherever it lets GET in.
        route.methods = set(answers)
        return route

    def _asked(self, request: Request, body: bytes) -> Asked:
        return Asked(
            request.query_params,
            request.path_params.get("id", ""),
            request.headers.get("Content-Type", ""),
            body,
            milliseconds(self._clock.present()),
        )

    def _list(self, stream: str) -> Answer:
        filters = FILTERS[stream]
        more = {"created_after"} if stream == CONTACTS else set[str]()

        def answer(asked: Asked) -> Record:
            query = asked.query({"page", "per_page"} | filters | more)
            page = number(query, "page", _FIRST_PAGE)
            per_page = min(number(query, "per_page", _PER_PAGE), self._settings.most_per_page)
            since = self._since(query.get("created_after"))
            start = moved((page - 1) * per_page, per_page)
            wanted = {name: query[name] for name in filters & query.keys()}
            if wanted:
                found = self._store.found(stream, asked.now, wanted, since)
                return envelope.listed(found[start : start + per_page], page, per_page, len(found))
            records = self._store.page(stream, asked.now, start, per_page, since)
            total = self._store.total(stream, asked.now, since)
            return envelope.listed(records, page, per_page, total)

        return answer

    def _single(self, stream: str) -> Answer:
        def answer(asked: Asked) -> Record:
            asked.query()
            record = self._store.by_id(stream, asked.id, asked.now)
            if record is None:
                raise _not_found()
            if stream == CONTACTS:
                return envelope.listed([record], _FIRST_PAGE, _PER_PAGE, 1)
            return envelope.found(record)

        return answer

    def _since(self, text: str | None) -> int | None:
        """The first moment of those that `created_after` asks for."""
        if text is None:
            return None
        if not _DAY.fullmatch(text):
            raise Refusal(422, "created_after", "must be written dd-mm-yyyy")
        day, month, year = (int(part) for part in text.split("-"))
        zone = UTC if self._settings.created_after_utc else JAKARTA
        try:
            start = datetime(year, month, day, tzinfo=zone)
        except ValueError:
            raise Refusal(422, "created_after", "is not a day of the calendar") from None
        return milliseconds(start + timedelta(days=self._settings.created_after_exclusive))


def _template(stream: str) -> Answer:
    def answer(asked: Asked) -> Record:
        asked.query()
        if stream == COMPANIES:
            # The only answer that the contract shows without `meta`.
            return {"response": fields.company_template()}
        templates = {
            CONTACTS: fields.contact_template,
            "deals": fields.deal_template,
            "tasks": fields.task_template,
        }
        return envelope.found(templates[stream]())

    return answer


def _pipelines(asked: Asked) -> Record:
    asked.query({"page", "per_page"})
    return envelope.found([pipeline.record() for pipeline in PIPELINES])


def _pipeline(asked: Asked) -> Record:
    asked.query()
    for pipeline in PIPELINES:
        if str(pipeline.id) == asked.id:
            return envelope.found(pipeline.record())
    raise _not_found()


def _stages(asked: Asked) -> Record:
    asked.query({"page", "per_page"})
    for pipeline in PIPELINES:
        if str(pipeline.id) == asked.id:
            return envelope.found(pipeline.stage_records())
    raise _not_found()


def _not_found() -> Refusal:
    return Refusal(404, "record", "is not found")


def _json(document: Record, status: int = 200) -> Response:
    return Response(orjson.dumps(document), status, media_type="application/json")
