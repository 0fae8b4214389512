"""Qontak's endpoints, under `/qontak`, so that paths begin `/qontak/qontak/crm` here.

Requests are judged in this order: signature and acting user (`signature`); the rate limit; the
query. `page` and `per_page` page every list; a page past the end is empty, and a `per_page` above
the most is taken for the most. Contacts take `created_after=dd-mm-yyyy`, too. Filters that the
document names but does not explain are 422, as is every other parameter. Pipelines and stages
document no pages: they answer everything, whatever page is asked for.
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
from lead_pipeline.sandbox.qontak.pipelines import PIPELINES
from lead_pipeline.sandbox.qontak.rate import Rate
from lead_pipeline.sandbox.qontak.settings import QontakSettings
from lead_pipeline.sandbox.qontak.signature import check
from lead_pipeline.sandbox.qontak.store import COMPANIES, CONTACTS, STREAMS, Store
from lead_pipeline.sandbox.qontak.written import JAKARTA, Record
from lead_pipeline.sandbox.refusal import Refusal
from lead_pipeline.sandbox.shift import moved

_PER_PAGE = 25
_FIRST_PAGE = 1
_WHOLE_NUMBER = re.compile(r"[1-9][0-9]{0,8}")
_DAY = re.compile(r"[0-9]{2}-[0-9]{2}-[0-9]{4}")
_PREFIX = "/qontak/crm"

Answer = Callable[[Request, int], Record]
"""A request and the present in epoch milliseconds to the document that answers it."""


class Qontak:
    """Answers every stream."""

    def __init__(self, store: Store, settings: QontakSettings, clock: SandboxClock) -> None:
        self._store = store
        self._settings = settings
        self._clock = clock
        self._rate = Rate(settings.requests_per_minute)

    def routes(self) -> list[Route]:
        """The endpoints, below the base URL."""
        return [
            *(self._route(f"/{stream}/info", _template(stream)) for stream in STREAMS),
            *(self._route(f"/{stream}", self._list(stream)) for stream in STREAMS),
            *(self._route(f"/{stream}/{{id}}", self._single(stream)) for stream in STREAMS),
            self._route("/pipelines", _pipelines),
            self._route("/pipelines/{id}", _pipeline),
            self._route("/pipelines/{id}/stages", _stages),
        ]

    def _route(self, path: str, answer: Answer) -> Route:
        async def answered(request: Request) -> Response:
            try:
                check(request.scope, self._settings, self._clock.now())
            except Refusal as refusal:
                return _json({"message": refusal.message}, refusal.status)
            if wait := self._rate.wait_seconds():
                late = _json({"message": "API rate limit exceeded"}, 429)
                late.headers["Retry-After"] = str(wait)
                return late
            try:
                return _json(answer(request, milliseconds(self._clock.present())))
            except Refusal as refusal:
                return _json(envelope.refused(refusal.status, str(refusal)), refusal.status)

        return Route(f"{_PREFIX}{path}", answered, methods=["GET"])

    def _list(self, stream: str) -> Answer:
        known = {"page", "per_page"} | ({"created_after"} if stream == CONTACTS else set())

        def answer(request: Request, now: int) -> Record:
            query = _query(request, known)
            page = _number(query, "page", _FIRST_PAGE)
            per_page = min(_number(query, "per_page", _PER_PAGE), self._settings.most_per_page)
            since = self._since(query.get("created_after"))
            start = moved((page - 1) * per_page, per_page)
            records = self._store.page(stream, now, start, per_page, since)
            return envelope.listed(records, page, per_page, self._store.total(stream, now, since))

        return answer

    def _single(self, stream: str) -> Answer:
        def answer(request: Request, now: int) -> Record:
            _query(request, set())
            record = self._store.by_id(stream, request.path_params["id"], now)
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
    def answer(request: Request, _: int) -> Record:
        _query(request, set())
        if stream == COMPANIES:
            # The only answer that the contract shows without `meta`.
            return {"response": fields.company_template()}
        templates = {
            CONTACTS: fields.contact_template,
            "deals": lambda: fields.deal_template(*_pipeline_and_stage_ids()),
            "tasks": fields.task_template,
        }
        return envelope.found(templates[stream]())

    return answer


def _pipeline_and_stage_ids() -> tuple[list[int], list[int]]:
    stages = [stage.id for pipeline in PIPELINES for stage in pipeline.stages()]
    return [pipeline.id for pipeline in PIPELINES], stages


def _pipelines(request: Request, _: int) -> Record:
    _query(request, {"page", "per_page"})
    return envelope.found([pipeline.record() for pipeline in PIPELINES])


def _pipeline(request: Request, _: int) -> Record:
    _query(request, set())
    for pipeline in PIPELINES:
        if str(pipeline.id) == request.path_params["id"]:
            return envelope.found(pipeline.record())
    raise _not_found()


def _stages(request: Request, _: int) -> Record:
    _query(request, {"page", "per_page"})
    for pipeline in PIPELINES:
        if str(pipeline.id) == request.path_params["id"]:
            return envelope.found(pipeline.stage_records())
    raise _not_found()


def _query(request: Request, known: set[str]) -> dict[str, str]:
    query: dict[str, str] = {}
    for name, value in request.query_params.multi_items():
        if name not in known:
            raise Refusal(422, name, "is not a parameter that is imitated here")
        if name in query:
            raise Refusal(422, name, "is given twice")
        query[name] = value
    return query


def _number(query: dict[str, str], name: str, default: int) -> int:
    text = query.get(name, str(default))
    if not _WHOLE_NUMBER.fullmatch(text):
        raise Refusal(422, name, "must be a whole number from 1 on")
    return int(text)


def _not_found() -> Refusal:
    return Refusal(404, "record", "is not found")


def _json(document: Record, status: int = 200) -> Response:
    return Response(orjson.dumps(document), status, media_type="application/json")
