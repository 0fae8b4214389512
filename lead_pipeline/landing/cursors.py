"""What is known of a cursor that a vendor keeps, and which process is asking with it.

    landing/cursors/{source}/{account}/{stream}.json   what is known
    landing/cursors/{source}/{account}/{stream}.lock   held while it is asked; freed at death

Deleting the `.json` is safe: a cursor of which nothing is known is followed by a recovery.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import orjson

from lead_pipeline.errors import LandingError
from lead_pipeline.landing.durable import landing_errors, write_durably
from lead_pipeline.landing.lock import held


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

        Raises HeldError at once where another holds it, LandingError.
        """
        path = self._folder / source / account / f"{stream}.json"
        with held(path.with_suffix(".lock"), "a cursor's lock"):
            yield Cursor(path)


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
