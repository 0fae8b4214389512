"""One flush to disk for all that came while the one before was under way.

Nobody waits for a file to be made or named: another thread keeps an empty one ready, and closes
those that are full. To flush a folder takes long while somebody else writes much.
"""

import queue
import threading
import time
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

from lead_pipeline.clock import Clock
from lead_pipeline.errors import LandingError
from lead_pipeline.landing.durable import landing_errors
from lead_pipeline.landing.spool import OpenSegment, SpoolRecord, frame_of

MOST_WAITING = 2_000
"""Records that may wait to be written; more are refused."""

SEGMENT_SECONDS = 2.0
SEGMENT_BYTES = 32 * 1024 * 1024
"""A segment is closed, so that it can be landed, after so long or at that size."""

_LARGEST_BATCH = 8 * 1024 * 1024

_Item = tuple[bytes, "Future[None]"]


class SpoolFullError(Exception):
    """More wait to be written than the disk can take."""


class GroupCommit:
    """A thread that writes to the spool in `folder`, until it is closed."""

    def __init__(self, folder: Path, clock: Clock) -> None:
        self._folder = folder
        self._clock = clock
        self._queue: queue.Queue[_Item | None] = queue.Queue(MOST_WAITING)
        self._segment: OpenSegment | None = None
        self._close_at = 0.0
        self._files = ThreadPoolExecutor(1, "segments")
        self._spare: Future[OpenSegment] | None = self._begin()
        self._thread = threading.Thread(target=self._run, name="spool")
        self._thread.start()

    def append(self, record: SpoolRecord) -> "Future[None]":
        """Is done once the record is on disk, or has failed with LandingError.

        Raises SpoolFullError.
        """
        done: Future[None] = Future()
        # From here on nobody can take it back: a sender who hangs up may have been heard.
        done.set_running_or_notify_cancel()
        try:
            self._queue.put_nowait((frame_of(record), done))
        except queue.Full:
            raise SpoolFullError("the spool is not written as fast as it fills") from None
        return done

    def close(self) -> None:
        """Write what waits, then stop. Nothing may be appended any more."""
        self._queue.put(None)
        self._thread.join()
        if self._spare and not self._spare.exception():
            self._files.submit(self._spare.result().close)
        self._files.shutdown()

    def _run(self) -> None:
        going = True
        while going:
            batch, going = self._next_batch()
            if batch:
                self._commit(batch)
            if self._segment and (not going or self._is_full(self._segment)):
                self._close_segment()

    def _next_batch(self) -> tuple[list[_Item], bool]:
        """All that waits, and whether there will be more; empty when the segment's time is up."""
        batch: list[_Item] = []
        size = 0
        patience = max(0.0, self._close_at - time.monotonic()) if self._segment else None
        try:
            item = self._queue.get(timeout=patience)
            while item is not None:
                batch.append(item)
                size += len(item[0])
                if size >= _LARGEST_BATCH:
                    return batch, True
                item = self._queue.get_nowait()
        except queue.Empty:
            return batch, True
        return batch, False

    def _commit(self, batch: list[_Item]) -> None:
        try:
            with landing_errors("what was received", self._folder):
                if self._segment is None:
                    self._segment = self._next_segment()
                self._segment.append(b"".join(frame for frame, _ in batch))
        except LandingError as error:
            # After a failed flush nobody knows what a file holds: the next batch gets another.
            self._close_segment()
            for _, done in batch:
                done.set_exception(error)
            return
        for _, done in batch:
            done.set_result(None)

    def _begin(self) -> Future[OpenSegment]:
        return self._files.submit(OpenSegment.begin, self._folder, self._clock())

    def _next_segment(self) -> OpenSegment:
        """The one that is ready. Raises OSError; the next time another is made."""
        spare, self._spare = self._spare or self._begin(), None
        segment = spare.result()
        self._spare = self._begin()
        self._close_at = time.monotonic() + SEGMENT_SECONDS
        return segment

    def _is_full(self, segment: OpenSegment) -> bool:
        return segment.length >= SEGMENT_BYTES or time.monotonic() >= self._close_at

    def _close_segment(self) -> None:
        """One that cannot be is found when the spool is next landed from."""
        segment, self._segment = self._segment, None
        if segment:
            self._files.submit(segment.close)
