"""`GET /socialsignin/search` and `/socialsignin/iframe`: who somebody is, for who may ask."""

import logging
from collections.abc import Sequence
from pathlib import Path

from pydantic import SecretStr
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response

from lead_pipeline.clock import Clock
from lead_pipeline.errors import WarehouseUnusable
from lead_pipeline.serving.audit import AuditLog
from lead_pipeline.serving.card import read_card
from lead_pipeline.serving.configuration import GatewaySettings
from lead_pipeline.serving.directory import Directory
from lead_pipeline.serving.page import PRIVATE, card_headers, card_page
from lead_pipeline.serving.webhook import refused
from lead_pipeline.vendors.socialsignin.query import Parameters
from lead_pipeline.vendors.socialsignin.signature import RefusedRequest, verified

logger = logging.getLogger(__name__)


class Lookups:
    """Both endpoints, each with a secret of its own."""

    def __init__(
        self,
        settings: GatewaySettings,
        directory: Directory,
        audit: AuditLog,
        clock: Clock,
        done_task_statuses: Sequence[str] = (),
    ) -> None:
        self._settings = settings
        self._done = done_task_statuses
        self._directory = directory
        self._audit = audit
        self._clock = clock

    async def search(self, request: Request) -> Response:
        """`{"results": [{"id", "name"}, …]}`, the best match first."""
        try:
            parameters = self._verified(request, self._settings.search_secret, "SEARCH")
            query = _text(parameters, b"q")
            if not query.strip():
                raise RefusedRequest(400, "q empty or not specified")
            found = await self._directory.search(query, self._settings.most_results)
        except RefusedRequest as error:
            return _answer(refused(error.status, error.error))
        except WarehouseUnusable as error:
            return _unavailable(error)
        results = [{"id": match.person_id, "name": match.name} for match in found]
        return JSONResponse({"results": results}, headers=PRIVATE)

    async def iframe(self, request: Request) -> Response:
        """A page about one person."""
        try:
            parameters = self._verified(request, self._settings.iframe_secret, "IFRAME")
            person_id = _text(parameters, b"id")
            if not person_id:
                raise RefusedRequest(400, "id empty or not specified")
            card = await self._directory.read(read_card, person_id, self._done)
            if card is None:
                raise RefusedRequest(404, "nobody has this id")
        except RefusedRequest as error:
            return _answer(refused(error.status, error.error))
        except WarehouseUnusable as error:
            return _unavailable(error)
        now = self._clock()
        self._audit.viewed(now, card.person_id)
        page = card_page(
            card,
            self._settings.shown,
            now,
            self._directory.published_at,
            self._settings.crm_contact_url,
        )
        return HTMLResponse(page, headers=card_headers(self._settings.frame_ancestors))

    def _verified(self, request: Request, secret: SecretStr, name: str) -> Parameters:
        if not secret.get_secret_value():
            raise RefusedRequest(503, f"SOCIALSIGNIN_{name}_SECRET is not set")
        query = request.scope["query_string"]
        return verified(query, secret.get_secret_value(), int(self._clock().timestamp()))


def audit_path(data_folder: Path) -> Path:
    """Where views are noted."""
    return data_folder / "audit" / "views.jsonl"


def _text(parameters: Parameters, name: bytes) -> str:
    value = parameters.get(name)
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else ""


def _answer(response: Response) -> Response:
    response.headers.update(PRIVATE)
    return response


def _unavailable(error: WarehouseUnusable) -> Response:
    logger.error("%s", error)
    return _answer(refused(503, "nothing has been published"))
