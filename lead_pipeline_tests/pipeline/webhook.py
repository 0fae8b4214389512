"""A webhook on loopback that keeps what it is told, and answers as it is set to."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

SECRET = "not-to-be-shown"


class Webhook(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.status = 200
        self.is_stalled = False
        self.asked: list[str] = []
        self.texts: list[str] = []
        self.stopping = threading.Event()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/hooks/{SECRET}"

    def new(self) -> list[str]:
        """What it took since the last call."""
        texts, self.texts = self.texts, []
        return texts


class _Handler(BaseHTTPRequestHandler):
    server: Webhook

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.asked.append(self.path)
        if self.server.is_stalled:
            self.server.stopping.wait()
            return
        if self.server.status == 200:
            assert body.keys() == {"text"}
            self.server.texts.append(body["text"])
        self.send_response(self.server.status)
        self.send_header("Content-Length", "0")
        self.send_header("Location", "/elsewhere")
        self.end_headers()

    def do_GET(self) -> None:
        self.server.asked.append(self.path)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base's name
        """Say nothing: tests read `texts`."""


@contextmanager
def running_webhook() -> Iterator[Webhook]:
    webhook = Webhook()
    thread = threading.Thread(target=webhook.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield webhook
    finally:
        webhook.stopping.set()
        webhook.shutdown()
        thread.join()
        webhook.server_close()
