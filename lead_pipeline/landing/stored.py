"""Read a stored body back, whole or not at all."""

import io
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

import zstandard

from lead_pipeline.errors import LandingError

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

# Compressed bytes read at a time; text becomes about ten times as long.
PIECE = 1 << 14


def open_stored(path: Path) -> BinaryIO:
    """The bytes that were stored at `path`. Raises LandingError, while they are read too."""
    try:
        file = path.open("rb")
    except OSError as error:
        raise _lost(path, f"cannot be opened: {error.strerror}") from error
    return io.BufferedReader(_StoredBytes(file, path))


class _StoredBytes(io.RawIOBase):
    """Decompresses while it is read, and minds an end that comes too early."""

    def __init__(self, file: BinaryIO, path: Path) -> None:
        self._file = file
        self._path = path
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
            piece = self._file.read(PIECE)
            if piece:
                return self._inflater.decompress(piece)
        except OSError as error:
            raise _lost(self._path, f"cannot be read: {error.strerror}") from error
        except zstandard.ZstdError as error:
            raise _lost(self._path, "is damaged") from error
        raise _lost(self._path, "is cut short")


def _lost(path: Path, what: str) -> LandingError:
    return LandingError(
        f"the body {path} {what}",
        state="the receipt that names it cannot be read; nothing was changed",
        next_step="restore landing/bodies from a backup, then the same command again",
    )
