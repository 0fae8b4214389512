"""Connections that an answer may close under itself, and that close when the sandbox stops."""

import asyncio

from uvicorn.protocols.http.h11_impl import H11Protocol

from lead_pipeline.sandbox.faults.exchange import CUT


class Connection(H11Protocol):
    """uvicorn's own, which gives the application no way to close it."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn narrows it
        """Put the way to close it into the state of every request."""
        super().connection_made(transport)
        self.app_state = {**self.app_state, CUT: transport.close}

    def shutdown(self) -> None:
        """Close at once, an answer under way or not: a stalled one would never end."""
        super().shutdown()
        self.transport.close()
