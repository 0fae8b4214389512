"""The one place that every request and every answer passes: it stamps the date and keeps count.

An imitated vendor that is to misbehave is made to do so here, by a rule on the request, so that the
vendors themselves stay strict.
"""

from collections import Counter
from email.utils import format_datetime

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from lead_pipeline.sandbox.clock import SandboxClock


class Answered:
    """How many answers each path gave, by status."""

    def __init__(self) -> None:
        self._count: Counter[tuple[str, int]] = Counter()

    def add(self, path: str, status: int) -> None:
        """Count one answer."""
        self._count[path, status] += 1

    def by_path(self) -> dict[str, dict[str, int]]:
        """Path to status to count."""
        paths: dict[str, dict[str, int]] = {}
        for (path, status), count in sorted(self._count.items()):
            paths.setdefault(path, {})[str(status)] = count
        return paths


class Front:
    """ASGI middleware around all routes."""

    def __init__(self, app: ASGIApp, clock: SandboxClock, answered: Answered) -> None:
        self._app = app
        self._clock = clock
        self._answered = answered

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on, with the sandbox's `Date` on the answer."""

        async def stamped(message: Message) -> None:
            if message["type"] == "http.response.start":
                date = format_datetime(self._clock.now(), usegmt=True)
                MutableHeaders(scope=message)["Date"] = date
                self._answered.add(scope["path"], message["status"])
            await send(message)

        await self._app(scope, receive, stamped if scope["type"] == "http" else send)
