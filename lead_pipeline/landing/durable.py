"""Files that are there in whole or not at all, whatever moment the machine stops at."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import BinaryIO, cast

from lead_pipeline.disk import flush_folder
from lead_pipeline.errors import LandingError

FILE_MODE = 0o640
FOLDER_MODE = 0o750
PART = ".part-"
"""How the name of a file begins that is not whole yet."""


def make_folder(folder: Path) -> None:
    """Make a folder and its parents; parents made here get the same rights."""
    missing = [path for path in (folder, *folder.parents) if not path.exists()]
    for path in reversed(missing):
        path.mkdir(mode=FOLDER_MODE, exist_ok=True)
        flush_folder(path.parent)


@contextmanager
def temporary_file(folder: Path) -> Iterator[tuple[BinaryIO, Path]]:
    """A file in `folder` that is gone after the block, unless it was renamed by `keep`."""
    make_folder(folder)
    with NamedTemporaryFile(dir=folder, prefix=PART, delete=False) as file:
        path = Path(file.name)
        try:
            yield cast(BinaryIO, file), path
        finally:
            path.unlink(missing_ok=True)


def keep(file: BinaryIO, path: Path, name: Path) -> None:
    """Flush a temporary file to disk and give it its name, replacing what had it."""
    file.flush()
    os.fchmod(file.fileno(), FILE_MODE)
    os.fsync(file.fileno())
    make_folder(name.parent)
    path.rename(name)
    flush_folder(name.parent)


@contextmanager
def landing_errors(what: str, folder: Path) -> Iterator[None]:
    """Turn the operating system's refusals into an error that says what to do."""
    try:
        yield
    except OSError as error:
        raise LandingError(
            f"{what} could not be written under {folder}: {error.strerror}",
            state="it was not kept; what had been landed before is whole",
            next_step="free the disk or repair the folder's rights, then the same command again",
        ) from error


def write_durably(name: Path, content: bytes) -> None:
    """Write a small file in one go."""
    with temporary_file(name.parent) as (file, path):
        file.write(content)
        keep(file, path, name)
