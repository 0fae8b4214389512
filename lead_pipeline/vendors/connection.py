"""The open connection, so that a time limit can cut it while a read is blocked.

The time limit of a single read does not stop a vendor that sends one byte at a time.
"""

import contextlib
import socket
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any


class Connection:
    """Learns the socket from the HTTP library's trace, and shuts it when the time is up."""

    def __init__(self) -> None:
        self._stream: Any = None

    def trace(self, event: str, details: Mapping[str, Any]) -> None:
        """Receive the library's trace events (its `trace` request extension)."""
        if event.endswith(("connect_tcp.complete", "start_tls.complete")):
            self._stream = details["return_value"]

    @contextmanager
    def cut_after(self, seconds: float) -> Iterator[None]:
        """Shut the connection if the block still runs after so many seconds."""
        timer = threading.Timer(min(seconds, threading.TIMEOUT_MAX), self._cut)
        timer.daemon = True
        timer.start()
        try:
            yield
        finally:
            timer.cancel()

    def _cut(self) -> None:
        held = self._stream.get_extra_info("socket") if self._stream else None
        if held is not None:
            # Closed in the meantime by its own thread: there is nothing left to cut.
            with contextlib.suppress(OSError):
                # The plain socket's method: that of a TLS socket drops its state under the reader.
                socket.socket.shutdown(held, socket.SHUT_RDWR)
