"""`GET /report`: the report page, for whoever has the token.

A browser asks for it as a password (any user name); a program sends it as a bearer token.
"""

import base64
import binascii
import hmac
from pathlib import Path

from anyio.to_thread import run_sync
from pydantic import SecretStr
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from lead_pipeline.pipeline.report import REPORT, report_policy
from lead_pipeline.serving.page import PRIVATE
from lead_pipeline.serving.webhook import refused

VARIABLE = "LEAD_PIPELINE_REPORT_TOKEN"
ASK_FOR_IT = {"WWW-Authenticate": 'Basic realm="Report: any name, and the token", charset="UTF-8"'}


class ReportPage:
    """Hands out the file that the pipeline wrote last."""

    def __init__(self, data_folder: Path, token: SecretStr) -> None:
        self._path = data_folder / REPORT
        self._token = token.get_secret_value()

    async def __call__(self, request: Request) -> Response:
        """200 with the page; 401 without the token; 503 where there is no token or no page."""
        answer = await self._answer(request.headers.get("authorization", ""))
        answer.headers.update(PRIVATE)
        return answer

    async def _answer(self, authorization: str) -> Response:
        if not self._token:
            return refused(503, f"{VARIABLE} is not set")
        if not hmac.compare_digest(_sent(authorization), self._token.encode()):
            answer = refused(401, "the token is missing or wrong")
            answer.headers.update(ASK_FOR_IT)
            return answer
        try:
            page = await run_sync(self._path.read_text, "utf-8")
        except FileNotFoundError:
            return refused(503, "no report has been written yet: lead-pipeline report")
        return HTMLResponse(page, headers={"Content-Security-Policy": report_policy(page)})


def _sent(authorization: str) -> bytes:
    """The token in the header, whichever way it was sent; nothing where there is none."""
    scheme, _, value = authorization.partition(" ")
    if scheme.lower() == "bearer":
        return value.strip().encode()
    if scheme.lower() != "basic":
        return b""
    try:
        return base64.b64decode(value.strip(), validate=True).partition(b":")[2]
    except (binascii.Error, ValueError):
        return b""
