"""What is known of a cursor that a vendor keeps, and which process is asking with it.

    landing/cursors/{source}/{account}/{stream}.json   what is known
    landing/cursors/{source}/{account}/{stream}.lock   held while it is asked; freed at death

Deleting the `.json` is safe: a cursor of which nothing is known is followed by a recovery.
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import orjson

from lead_pipeline.errors import LandingError
from lead_pipeline.landing.durable import FILE_MODE, landing_errors, make_folder, write_durably


class CursorHeldError(Exception):
    """Another process is asking with this cursor. `holder` names it."""

    def __init__(self, holder: str) -> None:
        super().__init__(holder)
        self.holder = holder


class Cursor:
    """One vendor's cursor for one account, while this process alone may ask with it.

    `is_open`: a call may have moved it whose answer is not known to have landed. `landed_at`
    (UTC): all that came before has landed, and the cursor stood at it or earlier; None: unknown.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self.is_open, self.landed_at = _read(path)

    def open(self) -> None:
        """Say that a call is about to be made; on disk when this returns. Raises LandingError."""
        self._write(is_open=True, landed_at=self.landed_at)

    def close(self, landed_at: datetime | None) -> None:
        """Say that nothing is lost, once that is on disk. Raises LandingError."""
        self._write(is_open=False, landed_at=landed_at)

    def _write(self, *, is_open: bool, landed_at: datetime | None) -> None:
        with landing_errors("what is known of a cursor", self._path.parent):
            content = {"is_open": is_open, "landed_at": landed_at}
            write_durably(self._path, orjson.dumps(content))
        self.is_open, self.landed_at = is_open, landed_at


class CursorBook:
    """The cursors under one folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    @contextmanager
    def hold(self, source: str, account: str, stream: str) -> Iterator[Cursor]:
        """The cursor, this process's alone for the block.

        Raises CursorHeldError at once where another holds it, LandingError.
        """
        path = self._folder / source / account / f"{stream}.json"
        descriptor = _lock(path.with_suffix(".lock"))
        try:
            yield Cursor(path)
        finally:
            os.close(descriptor)


def _lock(path: Path) -> int:
    """Lock a file that is never deleted; the lock lasts until its descriptor is closed."""
    with landing_errors("a cursor's lock", path.parent):
        make_folder(path.parent)
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT, FILE_MODE)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            os.ftruncate(descriptor, 0)
            os.pwrite(descriptor, str(os.getpid()).encode(), 0)
        except BlockingIOError:
            holder = os.pread(descriptor, 20, 0).decode(errors="replace")
            os.close(descriptor)
            raise CursorHeldError(
                f"process {holder}" if holder.isdecimal() else "another process"
            ) from None
        except OSError:
            os.close(descriptor)
            raise
    return descriptor


def _read(path: Path) -> tuple[bool, datetime | None]:
    """(is_open, landed_at). A file that makes no sense counts as an open call."""
    try:
        known = orjson.loads(path.read_bytes())
        landed_at = known["landed_at"]
        moment = None if landed_at is None else datetime.fromisoformat(landed_at).astimezone(UTC)
        return known["is_open"] is not False, moment
    except FileNotFoundError:
        return False, None
    except (ValueError, KeyError, TypeError):
        return True, None
    except OSError as error:
        raise LandingError(
            f"what is known of a cursor cannot be read from {path}: {error.strerror}",
            state="nothing was asked and nothing was written",
            next_step=f"repair its rights, or rm {path}, then the same command again",
        ) from error
