"""Responses' bytes as they came, zstd-compressed, addressed by the SHA-256 of their content."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, cast

import zstandard

from lead_pipeline.errors import LandingError
from lead_pipeline.landing.durable import keep, landing_errors, temporary_file

COMPRESSION_LEVEL = 1


@dataclass(frozen=True, slots=True)
class StoredBody:
    """A body on disk. `length` is in bytes, uncompressed."""

    sha256: str
    length: int
    path: Path

    def open(self) -> BinaryIO:
        """The bytes as the vendor sent them."""
        return _open(self.path)


class BodyArchive:
    """The bodies under one folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def store(self, chunks: Iterable[bytes]) -> StoredBody:
        """Write a body while it arrives, and keep it once its last chunk is on disk.

        An error raised by `chunks` passes on and leaves nothing behind. Raises LandingError where
        the disk refuses.
        """
        digest = hashlib.sha256()
        length = 0
        with (
            landing_errors("a body", self._folder),
            temporary_file(self._folder) as (file, path),
        ):
            compressor = zstandard.ZstdCompressor(level=COMPRESSION_LEVEL, write_checksum=True)
            with compressor.stream_writer(file, closefd=False) as writer:
                for chunk in chunks:
                    digest.update(chunk)
                    length += len(chunk)
                    writer.write(chunk)
            name = self._path(digest.hexdigest())
            if not name.exists():
                keep(file, path, name)
        return StoredBody(digest.hexdigest(), length, name)

    def open(self, sha256: str) -> BinaryIO:
        """The bytes of a kept body. Raises LandingError where it is gone."""
        path = self._path(sha256)
        if not path.exists():
            raise LandingError(
                f"the body {sha256} is not in {self._folder}",
                state="the receipt that names it cannot be read; nothing was changed",
                next_step="restore landing/bodies from a backup, then the same command again",
            )
        return _open(path)

    def _path(self, sha256: str) -> Path:
        return self._folder / sha256[:2] / f"{sha256}.zst"


def _open(path: Path) -> BinaryIO:
    decompressor = zstandard.ZstdDecompressor()
    return cast(BinaryIO, decompressor.stream_reader(path.open("rb"), closefd=True))
