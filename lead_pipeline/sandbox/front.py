"""The one place that every request and answer passes: date, count, and faults (`faults`).

A vendor that is to misbehave is made to do so here, so that the vendors themselves stay strict.
"""

from collections import Counter
from email.utils import format_datetime

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from lead_pipeline.sandbox.clock import SandboxClock
from lead_pipeline.sandbox.faults.exchange import Exchange
from lead_pipeline.sandbox.faults.fault import FaultKind
from lead_pipeline.sandbox.faults.giving import give
from lead_pipeline.sandbox.faults.rules import Request, Rule, Rules


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

    def __init__(self, app: ASGIApp, clock: SandboxClock, answered: Answered, rules: Rules) -> None:
        self._app = app
        self._clock = clock
        self._answered = answered
        self._rules = rules

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on, or give the request its fault; the answer carries the sandbox's `Date`."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        body = b""
        if self._rules.look_into_bodies:
            body = await _read(receive)
            receive = _again(body, receive)
        query = scope["query_string"].decode("latin-1")
        rule = self._rules.first(Request(scope["method"], scope["path"], query, body))
        # Set for every request: one that was sent along begins in the context of the one before.
        with self._clock.skewed(_skew_seconds(rule)):
            exchange = Exchange(scope, receive, self._stamped(scope, send))
            if rule is None:
                await self._app(scope, receive, exchange.send)
            else:
                await give(rule, exchange, self._app, self._rules.seed)

    def _stamped(self, scope: Scope, send: Send) -> Send:
        async def stamped(message: Message) -> None:
            if message["type"] == "http.response.start":
                date = format_datetime(self._clock.now(), usegmt=True)
                MutableHeaders(scope=message)["Date"] = date
                self._answered.add(scope["path"], message["status"])
            await send(message)

        return stamped


async def _read(receive: Receive) -> bytes:
    body = bytearray()
    while (message := await receive())["type"] == "http.request":
        body += message.get("body", b"")
        if not message.get("more_body"):
            break
    return bytes(body)


def _again(body: bytes, receive: Receive) -> Receive:
    """A body that was read, to be received once more; then whatever follows it."""
    messages: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def received() -> Message:
        return messages.pop() if messages else await receive()

    return received


def _skew_seconds(rule: Rule | None) -> float:
    if rule is None or rule.fault.kind is not FaultKind.CLOCK_SKEW:
        return 0.0
    return rule.fault.seconds or 0.0
