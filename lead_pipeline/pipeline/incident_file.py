"""What is broken now, on disk.

    {data dir}/incidents.json   what is broken, and what has yet to be told
    {data dir}/incidents.lock   held while a process reads, tells and writes; freed at death

Where they cannot be had it goes on without them: a full disk is worth telling too, and twice is
better than never.
"""

import fcntl
import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pydantic import AwareDatetime, BaseModel, ValidationError
from tenacity import RetryError, Retrying, retry_if_exception_type, stop_after_delay, wait_fixed

from lead_pipeline.landing.durable import FILE_MODE, make_folder, write_durably

logger = logging.getLogger(__name__)

LOCK_WAIT_SECONDS = 30
"""Longer than telling takes."""


class Incident(BaseModel):
    """Something that is broken, or was and has yet to be told; times in UTC.

    `remark` says what is left to do after it.
    """

    key: str
    what: str
    next_step: str
    since: AwareDatetime
    failed_at: AwareDatetime
    told: bool = False
    over_at: AwareDatetime | None = None
    remark: str = ""


class Incidents(BaseModel):
    """`broken` by key; `over`, not told yet; `sound`, when each part was last seen to work."""

    broken: dict[str, Incident] = {}
    over: list[Incident] = []
    sound: dict[str, AwareDatetime] = {}

    @property
    def untold(self) -> list[Incident]:
        """What is broken and was not told."""
        return [incident for incident in self.broken.values() if not incident.told]


class IncidentFile:
    """The incidents of one data folder."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / "incidents.json"
        self._lock = folder / "incidents.lock"

    @contextmanager
    def hold(self) -> Iterator[None]:
        """Let no other process at it for the block."""
        descriptor = None
        try:
            make_folder(self._lock.parent)
            descriptor = os.open(self._lock, os.O_RDWR | os.O_CREAT, FILE_MODE)
            _wait_for(descriptor)
        except (OSError, RetryError) as error:
            logger.warning("incidents.lock cannot be had (%s)", type(error).__name__)
        try:
            yield
        finally:
            if descriptor is not None:
                os.close(descriptor)

    def read(self) -> Incidents:
        """What is known; nothing where the file makes no sense, so that it is told again."""
        try:
            return Incidents.model_validate_json(self._path.read_bytes())
        except FileNotFoundError:
            return Incidents()
        except (OSError, ValidationError) as error:
            logger.warning("%s cannot be read (%s)", self._path, type(error).__name__)
            return Incidents()

    def write(self, incidents: Incidents) -> None:
        """Keep it; what cannot be kept will be told again."""
        try:
            write_durably(self._path, incidents.model_dump_json().encode())
        except OSError as error:
            logger.warning("%s cannot be written (%s)", self._path, type(error).__name__)


def _wait_for(descriptor: int) -> None:
    """Lock a file. Raises RetryError where another process does not let go in time."""
    waiting = Retrying(
        retry=retry_if_exception_type(BlockingIOError),
        wait=wait_fixed(0.05),
        stop=stop_after_delay(LOCK_WAIT_SECONDS),
    )
    waiting(fcntl.flock, descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
