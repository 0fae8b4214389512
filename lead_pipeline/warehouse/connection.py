"""Open the warehouse. Its file lock, which the kernel frees at death, is the only serialiser."""

import fcntl
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import pyarrow as pa
from tenacity import (
    Retrying,
    retry_if_exception,
    retry_if_exception_type,
    stop_after_delay,
    wait_random,
)

from lead_pipeline.errors import WarehouseBusy, WarehouseDamaged, WarehouseUnusable
from lead_pipeline.warehouse.memory import (
    LEAST_MEMORY,
    MORE_MEMORY,
    allow_all_memory,
    allow_memory_to_load,
)
from lead_pipeline.warehouse.migrate import migrate
from lead_pipeline.warehouse.session import MOST_MEMORY, Session

CHECKPOINT_THRESHOLD = "128MB"
"""Checkpoints rewrite what is compressed: rather at the end of a run than after each delivery."""
WAIT = wait_random(0.05, 0.25)
"""Seconds between two looks whether another process has let go."""
_DAMAGE = re.compile(
    "not a valid DuckDB database file|Could not read enough bytes|Corrupt|replaying WAL|checksum"
)
_LOCKED = re.compile(r"Conflicting lock is held in (?P<program>.*?) ?\(PID (?P<pid>\d+)\)")


class Warehouse:
    """The loader's database at `path`. A second writer waits up to `wait_seconds`."""

    def __init__(
        self,
        path: Path,
        wait_seconds: float,
        most_memory: int = MOST_MEMORY,
        *,
        all_memory: bool = False,
    ) -> None:
        self.path = path
        self._all_memory = all_memory
        self._wait_seconds = wait_seconds
        self._most_memory = most_memory

    @contextmanager
    def open(self) -> Iterator[Session]:
        """A session on the migrated warehouse, closed after the block.

        Raises WarehouseBusy naming the process that holds it, WarehouseDamaged where its bytes are
        not what was written, WarehouseUnusable where it cannot be opened for another reason, or
        fails under the hands of the block.
        """
        connection = self._connect()
        session = Session(connection, self._most_memory)
        try:
            session.run("SET TimeZone = 'UTC'")
            migrate(session)
            if self._all_memory:
                allow_all_memory(session)
            allow_memory_to_load(session, 0)
            yield session
        except duckdb.Error as error:
            if isinstance(error, duckdb.OutOfMemoryException):
                raise self._spilling(self._too_big(session.memory), session) from error
            if _is_damage(error):
                connection.close()
                if not self._can_be_read():
                    raise self._damaged(error) from error
                raise self._spilling(self._broken(error), session) from error
            if isinstance(
                error, duckdb.OperationalError | duckdb.InternalError | duckdb.FatalException
            ):
                raise self._broken(error) from error
            raise
        finally:
            connection.close()
            # Arrow keeps what was read through it for later; the next stage needs it now.
            pa.default_memory_pool().release_unused()

    def _connect(self) -> duckdb.DuckDBPyConnection:
        attempts = Retrying(
            retry=retry_if_exception(_is_locked) | retry_if_exception_type(_ReplacedError),
            stop=stop_after_delay(self._wait_seconds),
            wait=WAIT,
            reraise=True,
        )
        try:
            return attempts(self._connect_in_place)
        except _ReplacedError as error:
            raise self._busy(str(error)) from error
        except (duckdb.Error, OSError, UnicodeDecodeError) as error:
            if _is_locked(error):
                raise self._busy(str(error)) from error
            raise (self._damaged if _is_damage(error) else self._unusable)(error) from error

    def _connect_in_place(self) -> duckdb.DuckDBPyConnection:
        """Connect to what has the path now: a rebuild may have replaced it in between."""
        self.path.parent.mkdir(mode=0o750, parents=True, exist_ok=True)
        before = _inode(self.path)
        connection = self._connect_once()
        if before not in {None, _inode(self.path)}:
            connection.close()
            raise _ReplacedError
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

    def set_aside(self, damage: WarehouseDamaged, now: datetime) -> Path | None:
        """Rename a damaged warehouse, with its log, so that a new one can be made; its new name.

        None where the file that was damaged is no longer in its place. Raises WarehouseBusy where
        another process has it open.
        """
        if _inode(self.path) != damage.inode:
            return None
        moment = f"{now.astimezone(UTC):%Y%m%dT%H%M%SZ}"
        aside = self.path.with_name(f"{self.path.stem}-damaged-{moment}.duckdb")
        with self._locked():
            if self._log.exists():
                self._log.rename(aside.with_name(f"{aside.name}.wal"))
            self.path.rename(aside)
        return aside

    def replace_by(self, new: Path) -> None:
        """Put a closed database in the place of this one, in one step.

        Raises WarehouseBusy where another process has this one open.
        """
        with self._locked():
            self._log.unlink(missing_ok=True)
            new.replace(self.path)

    def remove(self) -> None:
        """Delete what an interrupted rebuild left."""
        self.path.unlink(missing_ok=True)
        self._log.unlink(missing_ok=True)

    @property
    def _log(self) -> Path:
        return self.path.with_name(f"{self.path.name}.wal")

    @contextmanager
    def _locked(self) -> Iterator[None]:
        """Keep every other process out, in the way the database does; it must be closed here."""
        if not self.path.exists():
            yield
            return
        waiting = Retrying(
            retry=retry_if_exception_type(BlockingIOError),
            stop=stop_after_delay(self._wait_seconds),
            wait=WAIT,
            reraise=True,
        )
        with self.path.open("rb+") as file:
            try:
                waiting(fcntl.lockf, file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as error:
                raise self._busy("") from error
            yield

    def _busy(self, message: str) -> WarehouseBusy:
        holder = _LOCKED.search(message)
        name = f"process {holder['pid']} ({Path(holder['program']).name})" if holder else "another"
        return WarehouseBusy(
            f"the warehouse {self.path} is held by {name} for over {self._wait_seconds:.0f} s",
            state="what was landed is safe; nothing was loaded by this process",
            next_step="wait for it to end (or stop it), then the same command again",
        )

    def _unusable(self, error: Exception) -> WarehouseUnusable:
        return WarehouseUnusable(
            f"the warehouse {self.path} cannot be opened: {_first_line(error)}",
            state="what was landed is safe; nothing was loaded",
            next_step="repair the folder's rights or free the disk, or use the version of "
            "lead_pipeline that wrote it; then the same command again",
        )

    def _damaged(self, error: Exception) -> WarehouseDamaged:
        return WarehouseDamaged(
            f"the warehouse {self.path} is damaged ({type(error).__name__})",
            state="what was landed and decided is safe, and all else can be made from it",
            next_step="lead-pipeline rebuild",
            inode=_inode(self.path),
        )

    def _can_be_read(self) -> bool:
        """Whether every value can be: what the database spilled may be damaged, and not its file.

        Raises WarehouseBusy, WarehouseDamaged, WarehouseUnusable, where it cannot even be opened.
        """
        connection = self._connect()
        try:
            session = Session(connection)
            session.run(f"SET memory_limit = '{LEAST_MEMORY}MB'")
            for schema, table in session.rows(
                "SELECT schema_name, table_name FROM duckdb_tables()"
            ):
                session.run(f"SELECT bit_xor(hash(stored)) FROM {schema}.{table} AS stored")
        except duckdb.OutOfMemoryException:
            return True  # It is large, and nothing says that it is damaged.
        except duckdb.Error:
            return False
        finally:
            connection.close()
        return True

    def _spilling(self, failure: WarehouseUnusable, session: Session) -> WarehouseUnusable:
        """The failure of a session that had to spill what it held."""
        failure.wants_memory = session.memory < self._most_memory
        return failure

    def _too_big(self, memory: int) -> WarehouseUnusable:
        return WarehouseUnusable(
            f"the warehouse {self.path} needs more than {memory} megabytes of memory, of the "
            f"{self._most_memory} that it may use at most",
            state="what was landed is safe; what was being loaded was not",
            next_step=f"{MORE_MEMORY} than {self._most_memory}, then the same command again",
        )

    def _broken(self, error: Exception) -> WarehouseUnusable:
        return WarehouseUnusable(
            f"the warehouse {self.path} failed while it was open: {_first_line(error)}",
            state="what was landed is safe; what was being loaded was not",
            next_step=f"free the disk if it is full, or else {MORE_MEMORY} than "
            f"{self._most_memory}, so that less is spilled; then the same command again; should it "
            "fail once more, lead-pipeline rebuild makes it anew from what is kept",
        )


class _ReplacedError(Exception):
    """The file that was opened no longer has the path."""


def _inode(path: Path) -> int | None:
    try:
        return path.stat().st_ino
    except FileNotFoundError:
        return None


def _first_line(error: Exception) -> str:
    """What the database says of a file; it quotes no data there."""
    return str(error).strip().partition("\n")[0].rstrip(".")


def _is_damage(error: Exception) -> bool:
    return isinstance(error, UnicodeDecodeError) or bool(_DAMAGE.search(str(error)))


def _is_locked(error: BaseException) -> bool:
    return isinstance(error, duckdb.IOException) and "Could not set lock on file" in str(error)
