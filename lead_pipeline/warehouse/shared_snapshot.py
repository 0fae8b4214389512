"""The newest snapshot, kept open for many readers at once."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from lead_pipeline.errors import WarehouseUnusable
from lead_pipeline.warehouse.publish import POINTER
from lead_pipeline.warehouse.session import Session
from lead_pipeline.warehouse.snapshot import nothing_published, other_tables

MEMORY_MEGABYTES = 512


class _Opened:
    """One snapshot, closed by whoever leaves it last."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.connection = duckdb.connect(
            str(path), read_only=True, config={"memory_limit": f"{MEMORY_MEGABYTES}MB"}
        )
        # Every reader has a thread of its own; more for one would only take turns.
        self.connection.execute("SET threads = 1")
        self.readers = 1


class SharedSnapshot:
    """What the pointer in a data folder shows. It may be replaced at any time.

    Who reads keeps the snapshot that was the newest when it began.
    """

    def __init__(self, data_folder: Path) -> None:
        self._pointer = data_folder / POINTER
        self._lock = threading.Lock()
        self._opened: _Opened | None = None

    def newer(self) -> Path | None:
        """The newest snapshot, unless it is the one that is open. Raises WarehouseUnusable."""
        try:
            path = self._pointer.resolve(strict=True)
        except OSError:
            if self._opened:
                return None
            raise nothing_published(self._pointer.parent) from None
        return None if self._opened and self._opened.path == path else path

    def open(self, path: Path) -> None:
        """Read from that snapshot from now on. Raises WarehouseUnusable."""
        try:
            opened = _Opened(path)
        except duckdb.Error as error:
            raise WarehouseUnusable(
                f"the snapshot {path} cannot be opened ({type(error).__name__})",
                state="what was open before still answers, if there was one",
                next_step="lead-pipeline run --days 7",
            ) from error
        with self._lock:
            before, self._opened = self._opened, opened
        if before:
            self._leave(before)

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A session for one reader in one thread.

        Raises WarehouseUnusable where nothing is open, or the snapshot has other tables.
        """
        with self._lock:
            opened = self._opened
            if opened:
                opened.readers += 1
        if opened is None:
            raise nothing_published(self._pointer.parent)
        try:
            with opened.connection.cursor() as cursor:
                cursor.execute("SET TimeZone = 'UTC'")
                yield Session(cursor)
        except (duckdb.BinderException, duckdb.CatalogException) as error:
            raise other_tables(opened.path) from error
        finally:
            self._leave(opened)

    def close(self) -> None:
        """Let go of it; who still reads goes on."""
        with self._lock:
            opened, self._opened = self._opened, None
        if opened:
            self._leave(opened)

    def _leave(self, opened: _Opened) -> None:
        with self._lock:
            opened.readers -= 1
            last = not opened.readers
        if last:
            opened.connection.close()
