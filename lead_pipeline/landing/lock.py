"""What one process at a time may do; the kernel frees the lock at death."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from lead_pipeline.landing.durable import FILE_MODE, landing_errors, make_folder


class HeldError(Exception):
    """Another process is at it. `holder` names it."""

    def __init__(self, holder: str) -> None:
        super().__init__(holder)
        self.holder = holder


@contextmanager
def held(path: Path, what: str) -> Iterator[None]:
    """Let nobody else in for the block; `path` is a file that is never deleted.

    Raises HeldError at once where another holds it, LandingError.
    """
    descriptor = _lock(path, what)
    try:
        yield
    finally:
        os.close(descriptor)


def _lock(path: Path, what: str) -> int:
    """The lock lasts until its descriptor is closed."""
    with landing_errors(what, path.parent):
        make_folder(path.parent)
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT, FILE_MODE)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            os.ftruncate(descriptor, 0)
            os.pwrite(descriptor, str(os.getpid()).encode(), 0)
        except BlockingIOError:
            holder = os.pread(descriptor, 20, 0).decode(errors="replace")
            os.close(descriptor)
            raise HeldError(
                f"process {holder}" if holder.isdecimal() else "another process"
            ) from None
        except OSError:
            os.close(descriptor)
            raise
    return descriptor
