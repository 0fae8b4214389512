"""The spool: what others send us, on disk before it is acknowledged, until it is landed.

    spool/{name}/{moment}-{random}.spool          a segment that does not grow any more
    spool/{name}/.part-{moment}-{random}.spool    one that is being written, or was when its process
                                                  died: its writer holds a lock on it

A segment is a row of frames: length and CRC-32 of what follows, a line of JSON, the bytes as they
came. What was acknowledged is whole; a frame that is not was never acknowledged.
"""

import fcntl
import logging
import os
import struct
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import BinaryIO, NamedTuple
from zlib import crc32

import orjson

from lead_pipeline.disk import flush_folder
from lead_pipeline.errors import LandingError
from lead_pipeline.landing.durable import FILE_MODE, PART, landing_errors, make_folder
from lead_pipeline.landing.receipts import moment_of, new_receipt_id

logger = logging.getLogger(__name__)

SUFFIX = ".spool"
_HEAD = struct.Struct(">II")


class SpoolRecord(NamedTuple):
    """One thing that was sent: when it came (UTC), what was said about it, and its bytes."""

    received_at: datetime
    about: dict[str, str]
    body: bytes


class Waiting(NamedTuple):
    """What a spool holds: segments, bytes, and since when the oldest waits (UTC)."""

    segments: int
    length: int
    since: datetime | None


@dataclass(frozen=True, slots=True)
class Segment:
    """Records that came one after the other, in a file that stays as it is until it is removed."""

    path: Path

    @property
    def segment_id(self) -> str:
        """Sorts by time and never repeats."""
        return self.path.stem

    def records(self) -> Iterator[SpoolRecord]:
        """All of them, in order. Raises LandingError where the file is not as it was written."""
        try:
            with self.path.open("rb") as file:
                yield from map(_record, _frames(file))
                if file.tell() != file.seek(0, os.SEEK_END):
                    raise ValueError("a frame is damaged")
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise LandingError(
                f"the segment {self.path} of the spool cannot be read ({type(error).__name__})",
                state="nothing of it was landed; it stays where it is, and the others go on",
                next_step="restore the file from a backup or move it away, then "
                "lead-pipeline run --days 1",
            ) from error

    def remove(self) -> None:
        """Delete it, once all of it is landed. Raises LandingError."""
        with landing_errors("the spool", self.path.parent):
            self.path.unlink(missing_ok=True)
            flush_folder(self.path.parent)


class Spool:
    """The segments in one folder; it need not exist yet."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def segments(self) -> list[Segment]:
        """Those that do not grow any more, oldest first, the ones of dead processes among them.

        Raises LandingError.
        """
        with landing_errors("what a gateway left in the spool", self.folder):
            for part in self.folder.glob(f"{PART}*{SUFFIX}"):
                _settle_if_dead(part)
            found = self.folder.glob(f"[0-9]*{SUFFIX}")
            return [Segment(path) for path in sorted(found)]

    def waiting(self) -> Waiting:
        """What has not been landed yet. Raises LandingError."""
        count, length, since = 0, 0, None
        with landing_errors("the spool", self.folder):
            for path in sorted(self.folder.glob(f"*{SUFFIX}"), key=_began):
                with suppress(FileNotFoundError):
                    if size := path.stat().st_size:
                        count, length = count + 1, length + size
                        since = since or _began(path)
        return Waiting(count, length, since)

    @property
    def lock(self) -> Path:
        """What one process at a time holds to land from it."""
        return self.folder / "drain.lock"


class OpenSegment:
    """A segment that this process alone adds to."""

    def __init__(self, path: Path, file: BinaryIO) -> None:
        self._path = path
        self._file = file
        self._whole = 0

    @classmethod
    def begin(cls, folder: Path, now: datetime) -> "OpenSegment":
        """A new one (`now` in UTC), which no other process takes for left. Raises OSError."""
        make_folder(folder)
        while True:
            path = folder / f"{PART}{new_receipt_id(now)}{SUFFIX}"
            descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, FILE_MODE)
            file = os.fdopen(descriptor, "w+b", buffering=0)
            if _lock(descriptor) and _is_at(path, descriptor):
                flush_folder(folder)
                return cls(path, file)
            file.close()

    @property
    def length(self) -> int:
        """Bytes that are safe on disk."""
        return self._whole

    def append(self, frames: bytes) -> None:
        """Add frames; they are on disk when this returns. Raises OSError, and then has none."""
        try:
            rest = memoryview(frames)
            while rest:
                rest = rest[self._file.write(rest) :]
            os.fdatasync(self._file.fileno())
        except OSError:
            with suppress(OSError):
                self._file.truncate(self._whole)
                self._file.seek(self._whole)
            raise
        self._whole += len(frames)

    def close(self) -> None:
        """Let it be landed. Raises OSError; then whoever lands finds it left."""
        with self._file:
            if not self._whole:
                self._path.unlink()
                return
            self._path.rename(_named(self._path))
            flush_folder(self._path.parent)


def frame_of(record: SpoolRecord) -> bytes:
    """A record as it lies in a segment."""
    about = orjson.dumps({"received_at": record.received_at, **record.about})
    content = about + b"\n" + record.body
    return _HEAD.pack(len(content), crc32(content)) + content


def _frames(file: BinaryIO) -> Iterator[bytes]:
    """The contents of the frames up to the first that is not whole; the file then stands there."""
    while True:
        start = file.tell()
        head = file.read(_HEAD.size)
        if len(head) == _HEAD.size:
            length, checksum = _HEAD.unpack(head)
            content = file.read(length)
            if len(content) == length and crc32(content) == checksum:
                yield content
                continue
        file.seek(start)
        return


def _record(content: bytes) -> SpoolRecord:
    line, _, body = content.partition(b"\n")
    about = orjson.loads(line)
    return SpoolRecord(datetime.fromisoformat(about.pop("received_at")), about, body)


def _settle_if_dead(part: Path) -> None:
    """Name a segment whose writer is gone, less what was not written whole."""
    try:
        file = part.open("r+b")
    except FileNotFoundError:
        return
    with file:
        if not _lock(file.fileno()) or not _is_at(part, file.fileno()):
            return
        for _ in _frames(file):
            pass
        whole = file.tell()
        if whole < file.seek(0, os.SEEK_END):
            logger.warning("%s: what was not acknowledged is cut off", _named(part).name)
            file.truncate(whole)
            os.fsync(file.fileno())
        if whole:
            part.rename(_named(part))
        else:
            part.unlink()
        flush_folder(part.parent)


def _lock(descriptor: int) -> bool:
    """Whether it is ours now, until it is closed."""
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _is_at(path: Path, descriptor: int) -> bool:
    try:
        return path.stat().st_ino == os.fstat(descriptor).st_ino
    except FileNotFoundError:
        return False


def _named(part: Path) -> Path:
    return part.with_name(part.name.removeprefix(PART))


def _began(path: Path) -> datetime:
    return moment_of(path.name.removeprefix(PART))
