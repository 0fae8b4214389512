"""What we decided, append-only: one JSON object a line, on disk before the commit it belongs to.

The first kind of entry is `assigned`: from then on these leads belong to this person. A reader
stops at a line that a crash left unfinished; the next append removes it first.
"""

import os
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import orjson

from lead_pipeline.errors import JournalError


class Journal:
    """The journal file at `path`; it need not exist yet."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def size(self) -> int:
        """Length in bytes up to the last whole line."""
        return self._whole_length()

    def append(self, entries: Iterable[Mapping[str, object]]) -> int:
        """Write the entries, flush them to disk and return the new size in bytes."""
        try:
            self.path.parent.mkdir(mode=0o750, parents=True, exist_ok=True)
            whole = self._whole_length()
            descriptor = os.open(self.path, os.O_RDWR | os.O_CREAT, 0o640)
            with os.fdopen(descriptor, "r+b") as file:
                file.truncate(whole)
                file.seek(whole)
                file.writelines(
                    orjson.dumps(entry, option=orjson.OPT_APPEND_NEWLINE) for entry in entries
                )
                file.flush()
                os.fsync(file.fileno())
                return file.tell()
        except OSError as error:
            raise JournalError(
                f"the journal {self.path} cannot be written: {error.strerror}",
                state="the decision was not recorded and nothing that follows from it was saved",
                next_step="free the disk or repair the folder's rights, then the same command",
            ) from error

    def read(self, offset: int = 0) -> Iterator[dict[str, Any]]:
        """Every whole entry from `offset` (bytes, the start of a line) on, in order."""
        if not self.path.exists():
            return
        with self.path.open("rb") as file:
            file.seek(offset)
            for line in file:
                if not line.endswith(b"\n"):
                    return
                try:
                    yield orjson.loads(line)
                except orjson.JSONDecodeError as error:
                    raise JournalError(
                        f"the journal {self.path} is damaged before byte {file.tell()}",
                        state="nothing was changed",
                        next_step="restore the journal from a backup, then the same command again",
                    ) from error

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
