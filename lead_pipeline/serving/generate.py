"""`GET /listings/{property_id}/generate`: on to ListSMRT's form, for whoever has a link of ours."""

import logging

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from lead_pipeline.clock import Clock
from lead_pipeline.errors import WarehouseUnusable
from lead_pipeline.serving.configuration import GatewaySettings
from lead_pipeline.serving.directory import Directory
from lead_pipeline.serving.links import BadLink, read_link
from lead_pipeline.serving.properties import listing_for
from lead_pipeline.serving.webhook import refused
from lead_pipeline.vendors.listsmrt.authorize import NotExpressible, authorize_url

logger = logging.getLogger(__name__)

HEADERS = {"Referrer-Policy": "origin", "Cache-Control": "no-store"}
"""The vendor admits only domains that it knows, which it tells by the referrer."""


class Generate:
    """Fills in what we know of the property, and redirects."""

    def __init__(self, settings: GatewaySettings, directory: Directory, clock: Clock) -> None:
        self._settings = settings
        self._directory = directory
        self._clock = clock

    async def __call__(self, request: Request) -> Response:
        """303 with the API key in its target; 403 without a valid link."""
        secret = self._settings.link_secret.get_secret_value()
        api_key = self._settings.listsmrt_api_key.get_secret_value()
        if not secret or not api_key:
            return refused(503, "LISTSMRT_API_KEY or LEAD_PIPELINE_LINK_SECRET is not set")
        property_id = request.path_params["property_id"]
        now = int(self._clock().timestamp())
        try:
            said = read_link(secret, property_id, request.scope["query_string"], now)
            try:
                listing = await self._directory.read(listing_for, property_id, said)
            except WarehouseUnusable as error:
                logger.warning("%s; the form stays empty", error)
                listing = listing_for(None, property_id, said)
            target = authorize_url(api_key, listing, self._settings.listsmrt_base_url)
        except BadLink as error:
            return refused(403, str(error))
        except NotExpressible as error:
            return refused(400, str(error))
        return RedirectResponse(target, 303, HEADERS)
