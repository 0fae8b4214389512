"""Around every request: how many at once, how long, and one line in the log without its content."""

import asyncio
import logging
import time

from starlette.responses import JSONResponse
from starlette.routing import Match, Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from lead_pipeline.serving.metrics import Metrics

logger = logging.getLogger("lead_pipeline.gateway")

MOST_AT_ONCE = 512
MOST_SECONDS = 20.0
UNKNOWN_ROUTE = "none"


class Limits:
    """Middleware: 503 where too many are under way, 503 where one takes too long."""

    def __init__(self, app: ASGIApp, metrics: Metrics, routes: list[Route]) -> None:
        self._app = app
        self._metrics = metrics
        self._routes = routes
        self._under_way = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, or let the application answer."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        began = time.perf_counter()
        status = 0

        async def noting(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        self._under_way += 1
        try:
            if self._under_way > MOST_AT_ONCE:
                await _busy(scope, receive, noting)
            else:
                async with asyncio.timeout(MOST_SECONDS):
                    await self._app(scope, receive, noting)
        except TimeoutError:
            if not status:
                await _busy(scope, receive, noting)
        finally:
            self._under_way -= 1
            self._note(scope, status, time.perf_counter() - began)

    def _note(self, scope: Scope, status: int, seconds: float) -> None:
        """The route, never the path: an address may hold an id, a key or a signature."""
        route = next((one.path for one in self._routes if _fits(one, scope)), UNKNOWN_ROUTE)
        self._metrics.answered(route, status, seconds)
        line = {"route": route, "status": status, "ms": round(seconds * 1000, 1)}
        logger.info("request", extra={"request": line})


def _fits(route: Route, scope: Scope) -> bool:
    return route.matches(scope)[0] is not Match.NONE


async def _busy(scope: Scope, receive: Receive, send: Send) -> None:
    answer = JSONResponse({"status": "error", "error": "busy"}, 503, {"Retry-After": "1"})
    await answer(scope, receive, send)
