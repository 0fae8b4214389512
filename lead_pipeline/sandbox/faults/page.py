"""`/faults`: what is set, and how often it was given."""

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from lead_pipeline.sandbox.faults.fault import FaultError, fault_as_json, faults_from_json
from lead_pipeline.sandbox.faults.rules import Rules


class FaultsPage:
    """GET tells, PUT sets a JSON list in the place of all, DELETE clears; all answer as GET."""

    def __init__(self, rules: Rules) -> None:
        self._rules = rules

    def routes(self) -> list[Route]:
        """The page."""
        return [
            Route("/faults", self._read),
            Route("/faults", self._set, methods=["PUT"]),
            Route("/faults", self._clear, methods=["DELETE"]),
        ]

    async def _read(self, _: Request) -> Response:
        return JSONResponse(
            [
                {"fault": fault_as_json(one.fault), "given": one.given, "records": one.records}
                for one in self._rules.given()
            ]
        )

    async def _set(self, request: Request) -> Response:
        try:
            self._rules.set(faults_from_json(await request.body()))
        except FaultError as error:
            return JSONResponse({"error": str(error)}, status_code=400)
        return await self._read(request)

    async def _clear(self, request: Request) -> Response:
        self._rules.set(())
        return await self._read(request)
