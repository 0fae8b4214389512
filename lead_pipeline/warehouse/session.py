"""One open connection to DuckDB, as the stages see it: they hand it SQL and frames."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from functools import cached_property
from typing import Any

import duckdb
import pandas as pd
import pyarrow as pa

Parameters = Sequence[object] | Mapping[str, object]
"""Values for `?` and `$1`, or by name for `$name`."""

MOST_MEMORY = 2048
"""Megabytes that DuckDB may use; it fills what it is given as a cache, and spills beyond."""


class Session:
    """A connection inside which the stages run their SQL.

    Results are always read whole: an open result would make the next `offer` fail. `memory.py`
    says how many megabytes it uses, `most_memory` at most, and how many of its cores.
    """

    def __init__(
        self, connection: duckdb.DuckDBPyConnection, most_memory: int = MOST_MEMORY
    ) -> None:
        self._connection = connection
        self.most_memory = most_memory
        self.memory = 0

    @cached_property
    def cores(self) -> int:
        """How many threads it could use, read before anybody allows fewer."""
        ((threads,),) = self.rows("SELECT current_setting('threads')")
        return int(threads)

    def run(self, sql: str, parameters: Parameters = ()) -> None:
        """Run one or more statements and forget their result."""
        self._connection.execute(sql, parameters).fetchall()

    def rows(self, sql: str, parameters: Parameters = ()) -> list[tuple[Any, ...]]:
        """Run one statement and return its rows, at most a few thousand."""
        return self._connection.execute(sql, parameters).fetchall()

    def frame(self, sql: str, parameters: Parameters = ()) -> pd.DataFrame:
        """Run one statement and return its rows as a frame."""
        return self._connection.execute(sql, parameters).df()

    @contextmanager
    def batches(self, sql: str, rows: int) -> Iterator[pa.RecordBatchReader]:
        """Run one statement and read its rows by and by, at most so many at a time."""
        with self._connection.sql(sql).to_arrow_reader(rows) as reader:
            yield reader

    @contextmanager
    def offered(self, name: str, frame: pd.DataFrame) -> Iterator[None]:
        """Let SQL read a frame under `name` for as long as the block lasts."""
        self._connection.register(name, frame)
        try:
            yield
        finally:
            self._connection.unregister(name)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Commit what the block did, or nothing of it."""
        self.run("BEGIN TRANSACTION")
        try:
            yield
        except BaseException:
            # Of a broken connection the block's own error says more than the roll-back's.
            with suppress(duckdb.Error):
                self.run("ROLLBACK")
            raise
        self.run("COMMIT")
