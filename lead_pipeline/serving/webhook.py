"""`POST /listsmrt/webhook`: acknowledged once it is on disk, and no sooner."""

import asyncio
import hashlib
import logging
from collections import OrderedDict

from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response

from lead_pipeline.clock import Clock
from lead_pipeline.errors import LandingError
from lead_pipeline.landing.group_commit import GroupCommit, SpoolFullError
from lead_pipeline.landing.spool import SpoolRecord
from lead_pipeline.serving.metrics import Metrics
from lead_pipeline.vendors.contract import UnreadableDocument
from lead_pipeline.vendors.listsmrt.parse import require_json
from lead_pipeline.vendors.listsmrt.signature import (
    HEADER,
    BadSignature,
    SignatureHeader,
    read_header,
    verify,
)

logger = logging.getLogger(__name__)

MOST_BYTES = 1024 * 1024
REMEMBERED = 10_000
"""Of so many webhooks it is known at once that they come again."""


class _TooLargeError(Exception):
    """The body is larger than any generation."""


class Webhook:
    """Receives what ListSMRT sends."""

    def __init__(
        self, secrets: tuple[str, ...], spool: GroupCommit, clock: Clock, metrics: Metrics
    ) -> None:
        self._secrets = secrets
        self._spool = spool
        self._clock = clock
        self._metrics = metrics
        self._seen: OrderedDict[bytes, None] = OrderedDict()

    async def __call__(self, request: Request) -> Response:
        """200 once the event is safe; it is kept even where it is no JSON (400)."""
        if not self._secrets:
            return refused(503, "LISTSMRT_SIGNING_SECRETS is not set")
        try:
            header = read_header(request.headers.getlist(HEADER))
            body = await _body(request)
            verify(header, body, self._secrets, int(self._clock().timestamp()))
        except BadSignature as error:
            return refused(401, str(error))
        except _TooLargeError:
            return refused(413, f"more than {MOST_BYTES} bytes")
        except ClientDisconnect:
            return refused(400, "the body did not come whole")
        try:
            repeated = await self._keep(header, body)
        except (LandingError, SpoolFullError) as error:
            logger.error("a webhook could not be kept: %s", error)
            return refused(503, "it could not be kept; send it again")
        try:
            require_json(body)
        except UnreadableDocument:
            return refused(400, "the body is no JSON; it was kept")
        return JSONResponse({"status": "received", "repeated": repeated})

    async def _keep(self, header: SignatureHeader, body: bytes) -> bool:
        """Put it on disk; whether the same had come lately."""
        record = SpoolRecord(self._clock(), {"signed_at": header.timestamp}, body)
        await asyncio.wrap_future(self._spool.append(record))
        digest = hashlib.sha256(body).digest()
        repeated = digest in self._seen
        self._seen[digest] = None
        if repeated:
            self._metrics.repeated()
        elif len(self._seen) > REMEMBERED:
            self._seen.popitem(last=False)
        return repeated


def refused(status: int, reason: str) -> Response:
    """An answer that says no, and why, without quoting what was sent."""
    return JSONResponse({"status": "error", "error": reason}, status)


async def _body(request: Request) -> bytes:
    """All of it, as it came. Raises _TooLargeError before it is read whole."""
    announced = request.headers.get("content-length", "0")
    if announced.isascii() and announced.isdecimal() and int(announced[:20]) > MOST_BYTES:
        raise _TooLargeError
    chunks, length = [], 0
    async for chunk in request.stream():
        length += len(chunk)
        if length > MOST_BYTES:
            raise _TooLargeError
        chunks.append(chunk)
    return b"".join(chunks)
