"""The gateway as an ASGI application."""

import asyncio
import hmac
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from anyio.to_thread import run_sync
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from lead_pipeline.errors import WarehouseUnusable
from lead_pipeline.landing.group_commit import GroupCommit
from lead_pipeline.pipeline.folder import DataFolder
from lead_pipeline.serving.audit import AuditLog
from lead_pipeline.serving.configuration import GatewaySettings
from lead_pipeline.serving.directory import Directory
from lead_pipeline.serving.generate import Generate
from lead_pipeline.serving.limits import Limits
from lead_pipeline.serving.lookups import Lookups, audit_path
from lead_pipeline.serving.metrics import Metrics
from lead_pipeline.serving.report import ReportPage
from lead_pipeline.serving.webhook import Webhook, refused


class Gateway:
    """What serves, from start to stop."""

    def __init__(self, folder: DataFolder, settings: GatewaySettings) -> None:
        self._folder = folder
        self._settings = settings
        self._metrics = Metrics()
        self._directory = Directory(folder)
        self._spool = GroupCommit(folder.spool.folder, folder.clock)
        self._audit = AuditLog(audit_path(folder.path))

    def app(self) -> Starlette:
        """The application; its lifespan is the gateway's."""
        clock = self._folder.clock
        webhook = Webhook(self._settings.signing_secrets, self._spool, clock, self._metrics)
        done = self._folder.settings.done_task_status_ids
        lookups = Lookups(self._settings, self._directory, self._audit, clock, done)
        generate = Generate(self._settings, self._directory, clock)
        report = ReportPage(self._folder.path, self._settings.report_token)
        routes = [
            _route("/listsmrt/webhook", webhook.__call__, "POST"),
            _route("/listings/{property_id:path}/generate", generate.__call__, "GET"),
            _route("/socialsignin/search", lookups.search, "GET"),
            _route("/socialsignin/iframe", lookups.iframe, "GET"),
            _route("/report", report.__call__, "GET"),
            _route("/healthz", self._healthz, "GET"),
            _route("/readyz", self._readyz, "GET"),
            _route("/metrics", self._metrics_page, "GET"),
        ]
        limits = Middleware(Limits, metrics=self._metrics, routes=routes)
        return Starlette(routes=routes, middleware=[limits], lifespan=self._lifespan)

    @asynccontextmanager
    async def _lifespan(self, _: Starlette) -> AsyncIterator[None]:
        with suppress(WarehouseUnusable):
            await run_sync(self._directory.refresh)
        following = asyncio.create_task(self._directory.follow())
        try:
            yield
        finally:
            following.cancel()
            await run_sync(self.close)

    def close(self) -> None:
        """Put on disk what was received, and let go of everything."""
        self._spool.close()
        self._audit.close()
        self._directory.close()

    async def _healthz(self, _: Request) -> Response:
        """The process answers."""
        return JSONResponse({"status": "ok"})

    async def _readyz(self, _: Request) -> Response:
        """It can answer look-ups too; how old they are, and what waits to be landed."""
        state = await run_sync(self._state)
        is_ready = self._directory.published_at is not None
        return JSONResponse({"ready": is_ready, **state}, 200 if is_ready else 503)

    async def _metrics_page(self, request: Request) -> Response:
        token = self._settings.metrics_token.get_secret_value()
        if not token:
            return refused(503, "LEAD_PIPELINE_METRICS_TOKEN is not set")
        sent = request.headers.get("authorization", "")
        if not hmac.compare_digest(sent.encode(), f"Bearer {token}".encode()):
            return refused(401, "the token is missing or wrong")
        return PlainTextResponse(
            self._metrics.text(await run_sync(self._state)), media_type="text/plain; version=0.0.4"
        )

    def _state(self) -> dict[str, float]:
        now, waiting = self._folder.clock(), self._folder.spool.waiting()
        state: dict[str, float] = {
            "spool_segments": waiting.segments,
            "spool_bytes": waiting.length,
            "spool_age_seconds": (now - waiting.since).total_seconds() if waiting.since else 0,
        }
        if published_at := self._directory.published_at:
            state["snapshot_age_seconds"] = (now - published_at).total_seconds()
        return state


def _route(path: str, endpoint: object, method: str) -> Route:
    return Route(path, endpoint, methods=[method])  # type: ignore[arg-type]  # any endpoint
