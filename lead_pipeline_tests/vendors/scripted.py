"""A vendor on loopback that answers by a script, and the other things the suite holds in hand."""

import hashlib
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import BinaryIO
from urllib.parse import parse_qs, urlsplit

MOST_DRIPS = 500


@dataclass(frozen=True)
class Asked:
    """One request as the vendor saw it."""

    target: str
    headers: dict[str, str]

    @property
    def query(self) -> dict[str, str]:
        return {name: values[0] for name, values in parse_qs(urlsplit(self.target).query).items()}


@dataclass(frozen=True)
class Reply:
    """One answer. `promised` is the Content-Length to state.

    `drip` is sent again and again, up to `MOST_DRIPS` times: after the body, or amid the headers
    with `headless`.
    """

    body: bytes = b""
    status: int = 200
    content_type: str = "application/json"
    headers: dict[str, str] = field(default_factory=dict)
    promised: int | None = None
    drip: bytes = b""
    headless: bool = False


Script = Callable[[Asked], Reply]


class ScriptedVendor(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, script: Script) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.script = script
        self.asked: list[Asked] = []
        self.stopping = threading.Event()
        self.date: str | None = None
        self.drips = 0

    @property
    def base_url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"


class _Handler(BaseHTTPRequestHandler):
    server: ScriptedVendor
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        asked = Asked(self.path, dict(self.headers.items()))
        self.server.asked.append(asked)
        reply = self.server.script(asked)
        if reply.headless:
            self.wfile.write(b"HTTP/1.1 200 OK\r\nX-Slow: ")
            self._drip(reply.drip)
            return
        self.send_response_only(reply.status)
        if self.server.date is not None:
            self.send_header("Date", self.server.date)
        self.send_header("Content-Type", reply.content_type)
        for name, value in reply.headers.items():
            self.send_header(name, value)
        length = len(reply.body) if reply.promised is None else reply.promised
        self.send_header("Content-Length", str(length))
        self.end_headers()
        self.wfile.write(reply.body)
        self._drip(reply.drip)
        if length != len(reply.body):
            self.close_connection = True

    def _drip(self, drip: bytes) -> None:
        while drip and self.server.drips < MOST_DRIPS and not self.server.stopping.wait(0.02):
            self.wfile.write(drip)
            self.server.drips += 1

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base's name
        """Say nothing: tests read `asked`."""

    def handle(self) -> None:
        try:
            super().handle()
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True


@contextmanager
def scripted(script: Script) -> Iterator[ScriptedVendor]:
    vendor = ScriptedVendor(script)
    thread = threading.Thread(target=vendor.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield vendor
    finally:
        vendor.stopping.set()
        vendor.shutdown()
        thread.join()
        vendor.server_close()


def one_after_another(*replies: Reply) -> Script:
    """Each reply once, in order; the last one for ever."""
    left = list(replies)
    return lambda _: left.pop(0) if len(left) > 1 else left[0]


@dataclass(frozen=True)
class FileBody:
    path: Path
    sha256: str
    length: int

    def open(self) -> BinaryIO:
        return self.path.open("rb")


class FolderBodies:
    """A `contract.Bodies` in a folder: written under a temporary name, renamed when whole."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def store(self, chunks: Iterable[bytes]) -> FileBody:
        temporary = self.folder / "arriving"
        digest, length = hashlib.sha256(), 0
        try:
            with temporary.open("wb") as file:
                for chunk in chunks:
                    file.write(chunk)
                    digest.update(chunk)
                    length += len(chunk)
        except BaseException:
            temporary.unlink()
            raise
        path = self.folder / digest.hexdigest()
        temporary.rename(path)
        return FileBody(path, digest.hexdigest(), length)

    def files(self) -> list[str]:
        return sorted(path.name for path in self.folder.iterdir())


class Time:
    """A clock and a monotonic clock that only sleeping moves."""

    def __init__(self, now: datetime) -> None:
        self.now = now
        self.slept: list[float] = []

    def clock(self) -> datetime:
        return self.now

    def monotonic(self) -> float:
        return self.now.timestamp()

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += timedelta(seconds=seconds)
