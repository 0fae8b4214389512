"""A gateway on loopback, and one who asks it, signed as the sandbox's callers sign."""

import json
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.client import HTTPConnection, HTTPResponse
from typing import Any, NamedTuple

import uvicorn

from lead_pipeline.pipeline.folder import DataFolder
from lead_pipeline.sandbox.callers import signature_header, signed_query
from lead_pipeline.serving import server
from lead_pipeline.serving.app import Gateway
from lead_pipeline.serving.configuration import GatewaySettings

SECRETS = ("signing-one", "signing-two")
SEARCH_SECRET, IFRAME_SECRET = "secret of searches", "secret of iframes"
LINK_SECRET, TOKEN = "secret of links", "token-of-metrics"

EVERYTHING: dict[str, Any] = {
    "listsmrt_api_key": "the-api-key",
    "listsmrt_signing_secrets": ",".join(SECRETS),
    "search_secret": SEARCH_SECRET,
    "iframe_secret": IFRAME_SECRET,
    "link_secret": LINK_SECRET,
    "metrics_token": TOKEN,
    "crm_contact_url": "https://crm.example/contacts/{contact_id}",
}


class Answer(NamedTuple):
    """What came back."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    def json(self) -> Any:  # noqa: ANN401 - whatever came
        return json.loads(self.body)


class Asker:
    """Speaks to one gateway, a connection for each request."""

    def __init__(self, port: int) -> None:
        self.port = port

    def ask(self, method: str, target: str, body: bytes | None = None, **headers: str) -> Answer:
        connection = HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            named = {name.replace("_", "-"): value for name, value in headers.items()}
            connection.request(method, target, body, named)
            return _answer(connection.getresponse())
        finally:
            connection.close()

    def send(self, body: bytes, secret: str = SECRETS[0], at: float | None = None) -> Answer:
        """A webhook."""
        header = signature_header(body, secret, int(time.time() if at is None else at))
        return self.ask("POST", "/listsmrt/webhook", body, ListSMRT_Signature=header)

    def search(self, text: str, expires: int | None = None) -> Answer:
        return self.look_up("search", "q", text, SEARCH_SECRET, expires)

    def iframe(self, person_id: str) -> Answer:
        return self.look_up("iframe", "id", person_id, IFRAME_SECRET)

    def look_up(
        self, name: str, parameter: str, value: str, secret: str, expires: int | None = None
    ) -> Answer:
        until = int(time.time()) + 60 if expires is None else expires
        query = signed_query([(parameter, value), ("expires", str(until))], secret)
        return self.ask("GET", f"/socialsignin/{name}?{query}")


@contextmanager
def running_gateway(folder: DataFolder, **settings: str | int) -> Iterator[Asker]:
    """A gateway in a thread of this process; all is switched on unless said otherwise."""
    configuration = server._configuration(
        Gateway(folder, GatewaySettings.model_validate({**EVERYTHING, **settings}))
    )
    with server._listener("127.0.0.1", 0) as listener:
        running = uvicorn.Server(configuration)
        thread = threading.Thread(target=running.run, args=([listener],))
        thread.start()
        asker = Asker(listener.getsockname()[1])
        try:
            while not running.started:
                assert thread.is_alive()
                thread.join(0.01)
            yield asker
        finally:
            running.should_exit = True
            thread.join()


def _answer(response: HTTPResponse) -> Answer:
    headers = {name.lower(): value for name, value in response.getheaders()}
    return Answer(response.status, headers, response.read())
