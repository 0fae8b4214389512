"""`/by-hand`: a test plays somebody who works at the CRM's own pages. It is not the vendor's.

POST `/by-hand/contacts` enters an object, PUT `/by-hand/contacts/{id}` changes the fields that are
sent, DELETE deletes; likewise for the other streams. Fields are read as a client's are, and what is
refused is told in the same words. Nothing is signed.
"""

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from lead_pipeline.sandbox.clock import SandboxClock
from lead_pipeline.sandbox.population import milliseconds
from lead_pipeline.sandbox.qontak.asked import fields_of
from lead_pipeline.sandbox.qontak.changes import By
from lead_pipeline.sandbox.qontak.store import STREAMS
from lead_pipeline.sandbox.qontak.writing import Writer
from lead_pipeline.sandbox.qontak.written import Record
from lead_pipeline.sandbox.refusal import Refusal


class ByHand:
    """Somebody at the CRM."""

    def __init__(self, writer: Writer, clock: SandboxClock) -> None:
        self._writer = writer
        self._clock = clock

    def create(self, stream: str, fields: Record) -> Record:
        """Enter an object. Raises Refusal."""
        return self._writer.create(stream, fields, self._now(), By.HAND)

    def change(self, stream: str, given: str, fields: Record) -> Record:
        """Change some fields of an object. Raises Refusal."""
        return self._writer.change(stream, given, fields, self._now(), By.HAND)

    def delete(self, stream: str, given: str) -> None:
        """Delete an object. Raises Refusal."""
        self._writer.delete(stream, given, self._now(), By.HAND)

    def routes(self) -> list[Route]:
        """The page."""
        return [
            *(Route(f"/by-hand/{one}", self._write, methods=["POST"]) for one in STREAMS),
            *(
                Route(f"/by-hand/{one}/{{id}}", self._write, methods=["PUT", "DELETE"])
                for one in STREAMS
            ),
        ]

    async def _write(self, request: Request) -> Response:
        stream, given = request.url.path.split("/")[2], request.path_params.get("id", "")
        try:
            if request.method == "DELETE":
                self.delete(stream, given)
                return JSONResponse({"id": given})
            fields = fields_of(await request.body())
            if request.method == "POST":
                return JSONResponse(self.create(stream, fields))
            return JSONResponse(self.change(stream, given, fields))
        except Refusal as refusal:
            return JSONResponse({"error": str(refusal)}, refusal.status)

    def _now(self) -> int:
        return milliseconds(self._clock.present())
