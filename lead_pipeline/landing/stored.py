"""Read a stored body back, whole or not at all."""

import io
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, NamedTuple

import zstandard

from lead_pipeline.errors import LandingError

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

# Compressed bytes read at a time; text becomes about ten times as long.
PIECE = 1 << 14


class Frame(NamedTuple):
    """Where a body lies in a file of many, in compressed bytes."""

    offset: int
    size: int

    @property
    def end(self) -> int:
        """Where the next one begins."""
        return self.offset + self.size


def open_stored(path: Path, frame: Frame | None = None) -> BinaryIO:
    """The body in the file at `path`, or in one frame of it.

    Raises LandingError, while it is read too.
    """
    name = str(path) if frame is None else f"at byte {frame.offset} of {path}"
    try:
        file = path.open("rb")
        if frame is not None:
            file.seek(frame.offset)
    except OSError as error:
        raise _lost(name, f"cannot be opened: {error.strerror}") from error
    return io.BufferedReader(_StoredBytes(file, name, frame.size if frame else None))


class _StoredBytes(io.RawIOBase):
    """Decompresses while it is read, and minds an end that comes too early.

    `left` is how many compressed bytes belong to the body; None: all of the file.
    """

    def __init__(self, file: BinaryIO, name: str, left: int | None) -> None:
        self._file = file
        self._name = name
        self._left = left
        self._inflater = zstandard.ZstdDecompressor().decompressobj()
        self._ready = memoryview(b"")

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: "WriteableBuffer") -> int:
        target = memoryview(buffer).cast("B")
        while not self._ready and not self._inflater.eof:
            self._ready = memoryview(self._inflate())
        count = min(len(target), len(self._ready))
        target[:count] = self._ready[:count]
        self._ready = self._ready[count:]
        return count

    def close(self) -> None:
        self._file.close()
        super().close()

    def _inflate(self) -> bytes:
        try:
            piece = self._read()
            if piece:
                return self._inflater.decompress(piece)
        except OSError as error:
            raise _lost(self._name, f"cannot be read: {error.strerror}") from error
        except zstandard.ZstdError as error:
            raise _lost(self._name, "is damaged") from error
        raise _lost(self._name, "is cut short")

    def _read(self) -> bytes:
        if self._left is None:
            return self._file.read(PIECE)
        piece = self._file.read(min(PIECE, self._left))
        self._left -= len(piece)
        return piece


def _lost(name: str, what: str) -> LandingError:
    return LandingError(
        f"the body {name} {what}",
        state="the receipt that names it cannot be read; nothing was changed",
        next_step="restore the file from a backup, then the same command again",
    )
