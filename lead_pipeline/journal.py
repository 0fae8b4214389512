"""What we decided, append-only: one JSON object a line, on disk before the commit it belongs to.

The first kind of entry is `assigned`: from then on these leads belong to this person. A reader
stops at a line that a crash left unfinished; the next append removes it first.
"""

import fcntl
import io
import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import orjson

from lead_pipeline.disk import flush_folder
from lead_pipeline.errors import JournalError


class Written(NamedTuple):
    """Where entries were appended: the journal's size before and after, in bytes."""

    start: int
    end: int


class Journal:
    """The journal file at `path`; it need not exist yet."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def size(self) -> int:
        """Length in bytes up to the last whole line; waits for one that is just being written.

        Raises JournalError.
        """
        if not self.path.exists():
            return 0
        with _journal_errors(self.path, "read"), self.path.open("rb") as file:
            fcntl.flock(file, fcntl.LOCK_SH)
            return self._whole_length()

    def append(self, entries: Iterable[Mapping[str, object]]) -> Written:
        """Write the entries, flush them to disk and return where they are.

        One process at a time; another waits. Raises JournalError.
        """
        lines = io.BytesIO()
        for entry in entries:
            lines.write(orjson.dumps(entry, option=orjson.OPT_APPEND_NEWLINE))
        with _journal_errors(self.path, "written"):
            self.path.parent.mkdir(mode=0o750, parents=True, exist_ok=True)
            descriptor = os.open(self.path, os.O_RDWR | os.O_CREAT, 0o640)
            with os.fdopen(descriptor, "r+b") as file:
                fcntl.flock(file, fcntl.LOCK_EX)
                whole = self._whole_length()
                file.truncate(whole)
                file.seek(whole)
                file.write(lines.getbuffer())
                file.flush()
                os.fsync(file.fileno())
            flush_folder(self.path.parent)
        return Written(whole, whole + lines.tell())

    def read(self, offset: int = 0, end: int | None = None) -> Iterator[dict[str, Any]]:
        """Every whole entry from `offset` (bytes, the start of a line) on, in order.

        Up to `end`, where it is given: what another process appends meanwhile is not read.

        Raises JournalError where a line is damaged, or the journal ends before `offset`.
        """
        if self.size() < offset:
            raise JournalError(
                f"the journal {self.path} ends at byte {self.size()}, "
                f"but {offset} bytes of it are known to have been written",
                state="nothing was changed",
                next_step="restore the journal from a backup, then the same command again",
            )
        if not self.path.exists():
            return
        with _journal_errors(self.path, "read"), self.path.open("rb") as file:
            file.seek(offset)
            for line in file:
                if not line.endswith(b"\n") or (end is not None and file.tell() > end):
                    return
                yield _entry(line, self.path, file.tell())

    def _whole_length(self) -> int:
        """The last newline's end, looked for backwards, since only the last line can be torn."""
        if not self.path.exists():
            return 0
        block = 1 << 16
        with self.path.open("rb") as file:
            end = file.seek(0, os.SEEK_END)
            while end > 0:
                start = max(0, end - block)
                file.seek(start)
                newline = file.read(end - start).rfind(b"\n")
                if newline >= 0:
                    return start + newline + 1
                end = start
        return 0


def _entry(line: bytes, path: Path, end: int) -> dict[str, Any]:
    try:
        entry = orjson.loads(line)
    except orjson.JSONDecodeError:
        entry = None
    if not isinstance(entry, dict):
        raise JournalError(
            f"the journal {path} is damaged before byte {end}",
            state="nothing was changed",
            next_step="restore the journal from a backup, then the same command again",
        )
    return entry


@contextmanager
def _journal_errors(path: Path, what: str) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise JournalError(
            f"the journal {path} cannot be {what}: {error.strerror}",
            state="no decision was recorded and nothing that follows from one was saved",
            next_step="free the disk or repair the folder's rights, then the same command again",
        ) from error
