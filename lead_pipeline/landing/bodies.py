"""Responses' bytes as they came, zstd-compressed, addressed by the SHA-256 of their content."""

import hashlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

import zstandard

from lead_pipeline.landing.durable import PART, keep, landing_errors, temporary_file
from lead_pipeline.landing.stored import open_stored

COMPRESSION_LEVEL = 1


@dataclass(frozen=True, slots=True)
class StoredBody:
    """A body on disk. `length` is in bytes, uncompressed."""

    sha256: str
    length: int
    path: Path

    def open(self) -> BinaryIO:
        """The bytes as the vendor sent them. Raises LandingError, while reading too."""
        return open_stored(self.path)


class _SenderError(Exception):
    """Carries what the sender raised past the errors of our own disk."""

    def __init__(self, error: OSError) -> None:
        super().__init__()
        self.error = error


def _carried(chunks: Iterable[bytes]) -> Iterator[bytes]:
    try:
        yield from chunks
    except OSError as error:
        raise _SenderError(error) from error


@contextmanager
def storing(chunks: Iterable[bytes], folder: Path) -> Iterator[Iterator[bytes]]:
    """The chunks, to be stored under `folder` in the block.

    What the disk refuses is a LandingError; what `chunks` raises passes on as it is.
    """
    try:
        with landing_errors("a body", folder):
            yield _carried(chunks)
    except _SenderError as failed:
        raise failed.error from None


def compress(chunks: Iterable[bytes], file: BinaryIO) -> tuple[str, int]:
    """Write all chunks as one zstd frame; the SHA-256 of the content and its length in bytes."""
    digest = hashlib.sha256()
    length = 0
    compressor = zstandard.ZstdCompressor(level=COMPRESSION_LEVEL, write_checksum=True)
    with compressor.stream_writer(file, closefd=False) as writer:
        for chunk in chunks:
            digest.update(chunk)
            length += len(chunk)
            writer.write(chunk)
    return digest.hexdigest(), length


class BodyArchive:
    """The bodies under one folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def store(self, chunks: Iterable[bytes]) -> StoredBody:
        """Write a body while it arrives, and keep it once its last chunk is on disk.

        An error raised by `chunks` passes on and leaves nothing behind. Raises LandingError where
        the disk refuses.
        """
        with (
            storing(chunks, self._folder) as arriving,
            temporary_file(self._folder) as (file, path),
        ):
            sha256, length = compress(arriving, file)
            name = self.path(sha256)
            if not name.exists():
                keep(file, path, name)
        return StoredBody(sha256, length, name)

    def forget_unfinished(self, before: datetime) -> None:
        """Delete what a killed process began to write before that moment (UTC) and never kept.

        Raises LandingError.
        """
        with landing_errors("what a killed process left", self._folder):
            for path in self._folder.glob(f"{PART}*"):
                if path.stat().st_mtime < before.timestamp():
                    path.unlink(missing_ok=True)

    def open(self, sha256: str) -> BinaryIO:
        """The bytes of a kept body. Raises LandingError where it is gone, or while it is read."""
        return open_stored(self.path(sha256))

    def path(self, sha256: str) -> Path:
        """Where a body is kept."""
        return self._folder / sha256[:2] / f"{sha256}.zst"
