"""A scan while its pages land, and what is kept of it whatever moment its process dies at."""

import os
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

from lead_pipeline.disk import flush_folder
from lead_pipeline.landing.bodies import compress, storing
from lead_pipeline.landing.durable import FILE_MODE, PART, keep, landing_errors, make_folder
from lead_pipeline.landing.packs import (
    FRAMES,
    LINES,
    Page,
    frames_of,
    line_of,
    named_packs,
    whole_part,
)
from lead_pipeline.landing.receipts import moment_of
from lead_pipeline.landing.stored import Frame, open_stored
from lead_pipeline.landing.verdicts import Verdict, write_verdict
from lead_pipeline.records import Receipt

PAGES_PER_PACK = 100


@dataclass(frozen=True, slots=True)
class StoredFrame:
    """A body in a pack. `length` is in bytes, uncompressed."""

    sha256: str
    length: int
    path: Path
    frame: Frame

    def open(self) -> BinaryIO:
        """The bytes as the vendor sent them. Raises LandingError, while reading too."""
        return open_stored(self.path, self.frame)


class OpenScan:
    """A scan that this process alone adds pages to.

    `resume` is what the last page was written with. What an earlier process has landed stays as
    it is: the first page opens a new pack.
    """

    def __init__(self, path: Path, resume: str | None = None) -> None:
        self._path = path
        self._pack: _GrowingPack | None = None
        self._stored: StoredFrame | None = None
        self.resume = resume

    @property
    def scan_id(self) -> str:
        """Sorts by the time the scan began."""
        return self._path.name

    @property
    def began_at(self) -> datetime:
        """When it was begun, by whichever process, UTC."""
        return moment_of(self.scan_id)

    def store(self, chunks: Iterable[bytes]) -> StoredFrame:
        """Put a body on disk while it arrives; it is forgotten unless `write` follows.

        An error raised by `chunks` passes on, and nothing stays. Raises LandingError where the
        disk refuses.
        """
        self._stored = None
        with storing(chunks, self._path) as arriving:
            self._pack = self._pack or _GrowingPack.begin(self._path)
            self._stored = self._pack.store(arriving)
        return self._stored

    def write(self, receipt: Receipt, resume: str | None) -> None:
        """Keep the body that was stored last, with its receipt; both on disk when this returns.

        Raises LandingError, and ValueError for a receipt of another body.
        """
        if not self._pack or not self._stored or self._stored.sha256 != receipt.sha256:
            raise ValueError("a page is written right after its body was stored")
        with landing_errors("a page of a scan", self._path):
            self._pack.write(Page(receipt, self._stored.frame, resume))
        self._stored = None
        self.resume = resume
        if self._pack.pages == PAGES_PER_PACK:
            self.close()

    def end(self, complete: bool, reason: str, now: datetime) -> None:
        """Say how the scan ended; it does not go on after that. Raises LandingError."""
        self.close()
        packs = len(named_packs(self._path))
        write_verdict(self._path, Verdict(complete, reason, now, packs))

    def close(self) -> None:
        """Add no more for now. Raises LandingError."""
        pack, self._pack, self._stored = self._pack, None, None
        if pack:
            with landing_errors("a pack of a scan", self._path):
                _settle(pack.part)


def settle(folder: Path) -> None:
    """Name what a scan whose process died had been writing. Raises LandingError."""
    with landing_errors("what a scan left unfinished", folder):
        for part in folder.glob(f"{PART}[0-9]*{LINES}"):
            _settle(part)


def _settle(part: Path) -> None:
    """Name a pack that does not grow any more, less what was not written whole."""
    pack = frames_of(part)
    # A power cut may have kept the one name and not the other.
    pack.touch(FILE_MODE)
    with pack.open("r+b") as frames, part.open("r+b") as lines:
        length, end = whole_part(lines.read(), pack.stat().st_size)
        if length:
            frames.truncate(end)
            os.fsync(frames.fileno())
            lines.truncate(length)
            keep(lines, part, pack.with_suffix(LINES))
            return
    part.unlink()
    pack.unlink()


class _GrowingPack:
    """The pack that pages are added to. What lies past the last whole page does not count."""

    def __init__(self, path: Path, part: Path) -> None:
        self.path = path
        self.part = part
        self.pages = 0
        self._frames_end = 0
        self._lines_end = 0

    @classmethod
    def begin(cls, folder: Path) -> "_GrowingPack":
        """The one after those that are there. Raises OSError, LandingError."""
        settle(folder)
        number = max((pack.number for pack in named_packs(folder)), default=-1) + 1
        path = folder / f"{number:04}{FRAMES}"
        pack = cls(path, folder / f"{PART}{number:04}{LINES}")
        make_folder(folder)
        for file in (pack.path, pack.part):
            file.touch(FILE_MODE)
        flush_folder(folder)
        return pack

    def store(self, chunks: Iterable[bytes]) -> StoredFrame:
        with self.path.open("r+b") as file:
            file.seek(self._frames_end)
            sha256, length = compress(chunks, file)
            file.flush()
            os.fsync(file.fileno())
            frame = Frame(self._frames_end, file.tell() - self._frames_end)
        return StoredFrame(sha256, length, self.path, frame)

    def write(self, page: Page) -> None:
        line = line_of(page)
        with self.part.open("r+b") as file:
            file.seek(self._lines_end)
            file.write(line)
            file.flush()
            os.fsync(file.fileno())
        self._lines_end += len(line)
        self._frames_end = page.frame.end
        self.pages += 1
