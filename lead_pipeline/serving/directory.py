"""What the gateway knows of people and properties: the newest snapshot, opened as it comes."""

import asyncio
import logging
from collections.abc import Callable
from datetime import datetime
from typing import Concatenate, ParamSpec, TypeVar

import anyio
from anyio.to_thread import run_sync

from lead_pipeline.errors import WarehouseUnusable
from lead_pipeline.pipeline.folder import DataFolder
from lead_pipeline.serving.search import search
from lead_pipeline.serving.search_index import Match, SearchIndex
from lead_pipeline.warehouse import Folding, Session, SharedSnapshot

logger = logging.getLogger(__name__)

SECONDS_BETWEEN_LOOKS = 1.0
MOST_READERS = 4

Parameters = ParamSpec("Parameters")
Returned = TypeVar("Returned")


class Directory:
    """Answers from one snapshot while the next is published: no request waits for the change."""

    def __init__(self, folder: DataFolder) -> None:
        self._snapshot = SharedSnapshot(folder.path)
        self._folding = Folding()
        self._readers = anyio.CapacityLimiter(MOST_READERS)
        self._searchers = anyio.CapacityLimiter(MOST_READERS)
        self._index: SearchIndex | None = None
        self.published_at: datetime | None = None

    def refresh(self) -> None:
        """Open what was published since. Raises WarehouseUnusable; what was open stays so."""
        path = self._snapshot.newer()
        if path is None:
            return
        index = SearchIndex(path)
        self._snapshot.open(path)
        self._index = index
        with self._snapshot.reading() as session:
            rows = session.rows("SELECT published_at FROM ops.published")
        self.published_at = rows[0][0] if rows else None

    async def follow(self) -> None:
        """Keep up with what is published, until cancelled."""
        said = ""
        while True:
            try:
                await run_sync(self.refresh)
                said = ""
            except WarehouseUnusable as error:
                if str(error) != said:
                    logger.warning("%s", error)
                said = str(error)
            await asyncio.sleep(SECONDS_BETWEEN_LOOKS)

    async def search(self, query: str, most: int) -> list[Match]:
        """The people whom the query finds. Raises WarehouseUnusable."""
        index = self._index
        if index is None:
            with self._snapshot.reading():
                return []
        return await run_sync(search, index, self._folding, query, most, limiter=self._searchers)

    async def read(
        self,
        question: Callable[Concatenate[Session, Parameters], Returned],
        *args: Parameters.args,
        **kwargs: Parameters.kwargs,
    ) -> Returned:
        """Ask the snapshot in a thread. Raises WarehouseUnusable."""

        def ask() -> Returned:
            with self._snapshot.reading() as session:
                return question(session, *args, **kwargs)

        return await run_sync(ask, limiter=self._readers)

    def close(self) -> None:
        """Let go of the snapshot."""
        self._snapshot.close()
        self._folding.close()
