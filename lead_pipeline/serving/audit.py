"""Who was looked at, when: ids and nothing else, a JSON object a line."""

import os
from datetime import datetime
from pathlib import Path

import orjson

from lead_pipeline.disk import flush_folder


class AuditLog:
    """The file at `path`. A line is whole or not there; it is not flushed one by one."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(mode=0o750, parents=True, exist_ok=True)
        self._descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o640)
        flush_folder(path.parent)

    def viewed(self, at: datetime, person_id: str) -> None:
        """Note that a card was shown (`at` in UTC). Raises OSError."""
        line = {"at": at, "event": "card viewed", "person_id": person_id}
        os.write(self._descriptor, orjson.dumps(line, option=orjson.OPT_APPEND_NEWLINE))

    def close(self) -> None:
        """Put all of it on disk."""
        os.fsync(self._descriptor)
        os.close(self._descriptor)
