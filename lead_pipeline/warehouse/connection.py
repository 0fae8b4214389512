"""Open the warehouse. Its file lock, which the kernel frees at death, is the only serialiser."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb
from tenacity import Retrying, retry_if_exception, stop_after_delay, wait_random

from lead_pipeline.errors import WarehouseBusy, WarehouseUnusable
from lead_pipeline.warehouse.migrate import migrate
from lead_pipeline.warehouse.session import Session

LEAST_MEMORY = 160
MEMORY_PER_MILLION_LEADS = 256
MOST_MEMORY = 2048
"""Megabytes that DuckDB may use; it fills what it is given as a cache, and spills beyond."""

CHECKPOINT_THRESHOLD = "128MB"
"""Checkpoints rewrite what is compressed: rather at the end of a run than after each delivery."""
_LOCKED = re.compile(r"Conflicting lock is held in (?P<program>.*?) ?\(PID (?P<pid>\d+)\)")


class Warehouse:
    """The loader's database at `path`. A second writer waits up to `wait_seconds`."""

    def __init__(self, path: Path, wait_seconds: float, most_memory: int = MOST_MEMORY) -> None:
        self.path = path
        self._wait_seconds = wait_seconds
        self._most_memory = most_memory

    @contextmanager
    def open(self) -> Iterator[Session]:
        """A session on the migrated warehouse, closed after the block.

        Raises WarehouseBusy naming the process that holds it, WarehouseUnusable where the file
        cannot be opened, or fails under the hands of the block.
        """
        connection = self._connect()
        try:
            session = Session(connection)
            session.run("SET TimeZone = 'UTC'")
            migrate(session)
            self._allow_memory(session)
            yield session
        except (duckdb.OperationalError, duckdb.InternalError, duckdb.FatalException) as error:
            raise self._broken(error) from error
        finally:
            connection.close()

    def _allow_memory(self, session: Session) -> None:
        """As much as its leads need, so that a small warehouse stays small in memory too."""
        ((leads,),) = session.rows("SELECT count(*) FROM core.leads")
        needed = max(
            LEAST_MEMORY, LEAST_MEMORY * 2 // 3 + leads * MEMORY_PER_MILLION_LEADS // 10**6
        )
        session.run(f"SET memory_limit = '{min(needed, self._most_memory)}MB'")

    def _connect(self) -> duckdb.DuckDBPyConnection:
        self.path.parent.mkdir(mode=0o750, parents=True, exist_ok=True)
        attempts = Retrying(
            retry=retry_if_exception(_is_locked),
            stop=stop_after_delay(self._wait_seconds),
            wait=wait_random(0.05, 0.25),
            reraise=True,
        )
        try:
            connection = attempts(self._connect_once)
        except duckdb.IOException as error:
            raise self._busy(error) if _is_locked(error) else self._unusable(error) from error
        except (duckdb.Error, UnicodeDecodeError) as error:
            raise self._unusable(error) from error
        self.path.chmod(0o640)
        return connection

    def _connect_once(self) -> duckdb.DuckDBPyConnection:
        return duckdb.connect(
            str(self.path),
            config={
                "checkpoint_threshold": CHECKPOINT_THRESHOLD,
                "temp_directory": str(self.path.parent / "spill"),
                "preserve_insertion_order": False,
                "autoinstall_known_extensions": False,
                "autoload_known_extensions": False,
            },
        )

    def _busy(self, error: duckdb.Error) -> WarehouseBusy:
        holder = _LOCKED.search(str(error))
        name = f"process {holder['pid']} ({Path(holder['program']).name})" if holder else "another"
        return WarehouseBusy(
            f"the warehouse {self.path} is held by {name} for over {self._wait_seconds:.0f} s",
            state="what was landed is safe; nothing was loaded by this process",
            next_step="wait for it to end (or stop it), then the same command again",
        )

    def _unusable(self, error: Exception) -> WarehouseUnusable:
        return WarehouseUnusable(
            f"the warehouse {self.path} cannot be opened ({type(error).__name__})",
            state="what was landed is safe; nothing was loaded",
            next_step=f"mv {self.path} {self.path}.unusable, then lead-pipeline run with the "
            "same days and without --account and --source: every kept receipt is loaded again",
        )

    def _broken(self, error: Exception) -> WarehouseUnusable:
        return WarehouseUnusable(
            f"the warehouse {self.path} failed while it was open ({type(error).__name__})",
            state="what was landed is safe; what was being loaded was not",
            next_step="free the disk if it is full, then the same command again; should it fail "
            f"once more, mv {self.path} {self.path}.unusable first: every kept receipt is then "
            "loaded again",
        )


def _is_locked(error: BaseException) -> bool:
    return isinstance(error, duckdb.IOException) and "Could not set lock on file" in str(error)
