"""The ASGI application: the vendors, and the sandbox's own pages, from `/by-hand` to `/truth`."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import orjson
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Mount, Route

from lead_pipeline.sandbox.aimbase import Aimbase
from lead_pipeline.sandbox.clock import SandboxClock
from lead_pipeline.sandbox.faults import Rules
from lead_pipeline.sandbox.faults.page import FaultsPage
from lead_pipeline.sandbox.front import Answered, Front
from lead_pipeline.sandbox.housing import Housing
from lead_pipeline.sandbox.population import Population
from lead_pipeline.sandbox.qontak.api import Qontak
from lead_pipeline.sandbox.qontak.by_hand import ByHand
from lead_pipeline.sandbox.qontak.logbook import CrmWrites
from lead_pipeline.sandbox.qontak.store import Store
from lead_pipeline.sandbox.qontak.truth import CrmTruth, crm_truth
from lead_pipeline.sandbox.qontak.writing import Writer
from lead_pipeline.sandbox.settings import AIMBASE, SandboxSettings
from lead_pipeline.sandbox.truth import Truth, truth

_EARLIEST_DAY = date(1970, 1, 1)
_EARLIEST = datetime(1970, 1, 1, tzinfo=UTC)
_LONGEST_SPAN = timedelta(days=366)


@dataclass(frozen=True)
class World:
    """Everything that one sandbox is made of."""

    clock: SandboxClock
    population: Population
    aimbase: Aimbase
    store: Store
    by_hand: ByHand
    writer: Writer
    vendors: dict[str, list[Route]]
    rules: Rules
    answered: Answered

    @classmethod
    def of(cls, settings: SandboxSettings) -> "World":
        """A fresh world; nothing is drawn before it is asked for. Raises FaultError."""
        clock = SandboxClock(settings.now)
        population = Population(settings)
        aimbase = Aimbase(population, clock)
        store = Store(settings)
        writer = Writer(store)
        vendors = {
            "housing": Housing(population, clock).routes(),
            "aimbase": aimbase.routes(),
            "qontak": Qontak(writer, settings.qontak, clock).routes(),
        }
        rules = Rules(settings.seed, vendors, settings.faults)
        return cls(
            clock=clock,
            population=population,
            aimbase=aimbase,
            store=store,
            by_hand=ByHand(writer, clock),
            writer=writer,
            vendors=vendors,
            rules=rules,
            answered=Answered(),
        )

    def truth(self, first: date, last: date) -> Truth:
        """See `truth.truth`."""
        return truth(self.population, self.store, self.clock, first, last)

    def crm_truth(self, first: datetime, last: datetime, *, digests: bool = True) -> CrmTruth:
        """See `qontak.truth.crm_truth`."""
        return crm_truth(self.store, first, last, digests=digests)

    def crm_writes(self) -> CrmWrites:
        """See `qontak.logbook`."""
        return self.writer.logbook.told()

    def app(self) -> Starlette:
        """The application, with the front around all of it."""
        app = Starlette(
            routes=[
                *(Mount(f"/{name}", routes=routes) for name, routes in self.vendors.items()),
                *FaultsPage(self.rules).routes(),
                *self.by_hand.routes(),
                Route("/clock", self._read_clock),
                Route("/clock", self._set_clock, methods=["PUT", "POST"]),
                Route("/state", self._state),
                Route("/truth", self._truth),
                Route("/truth/crm", self._crm_truth),
                Route("/truth/crm/writes", self._crm_writes),
                Route("/healthz", self._health),
            ]
        )
        # Around Starlette's own middleware too, so that its answer to a failure passes the front.
        app.middleware_stack = Front(
            app.build_middleware_stack(), self.clock, self.answered, self.rules
        )
        return app

    async def _read_clock(self, _: Request) -> Response:
        return JSONResponse({"now": self.clock.now().isoformat(), "held": self.clock.is_held})

    async def _set_clock(self, request: Request) -> Response:
        try:
            wanted = orjson.loads(await request.body())["now"]
            self.clock.hold(None if wanted is None else datetime.fromisoformat(wanted))
        except (ValueError, KeyError, TypeError):
            message = 'send {"now": an ISO 8601 time with its offset, or null}'
            return JSONResponse({"error": message}, status_code=400)
        return await self._read_clock(request)

    async def _state(self, _: Request) -> Response:
        cursor = self.aimbase.cursor
        return JSONResponse(
            {
                "now": self.clock.now().isoformat(),
                "cursors": {AIMBASE: cursor and cursor.isoformat()},
                "answered": self.answered.by_path(),
            }
        )

    async def _truth(self, request: Request) -> Response:
        try:
            first = date.fromisoformat(request.query_params["from"])
            last = date.fromisoformat(request.query_params["to"])
        except (KeyError, ValueError):
            first, last = _EARLIEST_DAY, date.min
        if not (_EARLIEST_DAY <= first <= last <= first + _LONGEST_SPAN):
            message = "ask for ?from=YYYY-MM-DD&to=YYYY-MM-DD, from 1970 on, a year at most"
            return JSONResponse({"error": message}, status_code=400)
        content = orjson.dumps(self.truth(first, last))
        return Response(content, media_type="application/json")

    async def _crm_truth(self, request: Request) -> Response:
        try:
            first = datetime.fromisoformat(request.query_params["from"])
            last = datetime.fromisoformat(request.query_params["to"])
            is_span = _EARLIEST <= first <= last
        except (KeyError, ValueError, TypeError):
            is_span = False
        if not is_span:
            message = "ask for ?from=TIME&to=TIME, ISO 8601 with offsets (a + as %2B), from 1970 on"
            return JSONResponse({"error": message}, status_code=400)
        content = orjson.dumps(self.crm_truth(first, last))
        return Response(content, media_type="application/json")

    async def _crm_writes(self, _: Request) -> Response:
        return Response(orjson.dumps(self.crm_writes()), media_type="application/json")

    async def _health(self, _: Request) -> Response:
        return JSONResponse({"status": "ok"})


def create_app(settings: SandboxSettings) -> Starlette:
    """The sandbox as an ASGI application."""
    return World.of(settings).app()
