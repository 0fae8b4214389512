"""ListSMRT and SocialSignIn, as the sandbox plays them, against the gateway."""

import threading
import time
from http.server import BaseHTTPRequestHandler, HTTPServer
from urllib.parse import parse_qsl, urlsplit

import orjson
from click.testing import CliRunner, Result

from lead_pipeline.cli import main
from lead_pipeline.pipeline.drain import drain
from lead_pipeline.pipeline.folder import DataFolder
from lead_pipeline.sandbox import SandboxSettings
from lead_pipeline.sandbox.callers import Answered, ListSmrt, SocialSignIn, generation, wanted
from lead_pipeline.sandbox.stock import projects
from lead_pipeline_tests.pipeline.conftest import environment
from lead_pipeline_tests.serving.people import NOW, publish_people
from lead_pipeline_tests.serving.wire import (
    IFRAME_SECRET,
    SEARCH_SECRET,
    SECRETS,
    Asker,
    running_gateway,
)

VARIABLES = {
    "LISTSMRT_SIGNING_SECRETS": ",".join(SECRETS),
    "SOCIALSIGNIN_SEARCH_SECRET": SEARCH_SECRET,
    "SOCIALSIGNIN_IFRAME_SECRET": IFRAME_SECRET,
}


def listsmrt(gateway: Asker, ago: float = 0) -> ListSmrt:
    address = f"http://127.0.0.1:{gateway.port}/listsmrt/webhook"
    return ListSmrt(address, SECRETS[0], lambda: time.time() - ago)


def socialsignin(gateway: Asker, ago: float = 0) -> SocialSignIn:
    address = f"http://127.0.0.1:{gateway.port}/socialsignin"
    return SocialSignIn(
        (f"{address}/search", SEARCH_SECRET),
        (f"{address}/iframe", IFRAME_SECRET),
        lambda: time.time() - ago,
    )


def results(answer: Answered) -> list[dict[str, str]]:
    assert answer.status == 200
    found: list[dict[str, str]] = orjson.loads(answer.body)["results"]
    return found


def command(gateway: Asker | None, *arguments: str, **variables: str) -> Result:
    to = ("--to", f"http://127.0.0.1:{gateway.port}") if gateway else ()
    with environment({**VARIABLES, **variables}):
        return CliRunner().invoke(main, ["sandbox-send", *arguments, *to], catch_exceptions=False)


def test_generations_are_repeatable_and_differ() -> None:
    bodies = [generation(7, number, NOW) for number in range(200)]
    assert bodies == [generation(7, number, NOW) for number in range(200)]
    assert len(set(bodies)) == 200
    assert generation(8, 0, NOW) != bodies[0]
    events = [orjson.loads(body) for body in bodies]
    properties = {event["data"]["metadata"]["propertyId"] for event in events}
    assert properties <= {str(project.project_id) for project in projects()}
    assert len(properties) > 30
    assert {event["data"]["perfect_for"] is None for event in events} == {True, False}
    assert {"secretKey" in event["data"]["metadata"] for event in events} == {True, False}
    assert {event["data"]["language_output"] for event in events} == {"en", "es", "hi"}


def test_what_listsmrt_sends_becomes_listings(folder: DataFolder) -> None:
    with running_gateway(folder) as gateway, listsmrt(gateway) as sender:
        answers = [sender.send(generation(7, number, NOW)) for number in range(20)]
        assert {answer.status for answer in answers} == {200}
        with listsmrt(gateway, ago=400) as late:
            assert late.send(generation(7, 0, NOW)).status == 401
    drain(folder)
    with folder.warehouse.open() as session:
        listings = dict(session.rows("SELECT property_id, result FROM listings"))
    events = [orjson.loads(generation(7, number, NOW)) for number in range(20)]
    assert listings.keys() == {event["data"]["metadata"]["propertyId"] for event in events}
    assert set(listings.values()) <= {event["result"] for event in events}


def test_an_agent_searches_and_opens_the_card(folder: DataFolder) -> None:
    texts = list(wanted(SandboxSettings(), NOW, 30))
    assert texts == list(wanted(SandboxSettings(), NOW, 30))
    name = "Ána ~ O'Brien & Söhne"
    publish_people(folder, [{"person_id": "P000000001", "full_name": name}])
    with running_gateway(folder) as gateway, socialsignin(gateway) as agent:
        for typed in (name, "ana", "~ o'bri"):
            (found,) = results(agent.search(typed))
            assert found["name"] == name
            assert agent.iframe(found["id"]).status == 200
        assert [agent.search(text).status for text in texts] == [200] * 30
        assert agent.iframe("P9").status == 404
        with socialsignin(gateway, ago=100) as late:
            assert late.search("ana").status == 403


def test_every_other_request_has_what_is_not_signed() -> None:
    asked: list[str] = []

    class Crm(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_response(204)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Nothing."""

    with HTTPServer(("127.0.0.1", 0), Crm) as server:
        threading.Thread(target=server.serve_forever).start()
        address = f"http://127.0.0.1:{server.server_port}"
        with SocialSignIn((f"{address}/s", "a"), (f"{address}/i", "b")) as agent:
            assert [agent.search("ann").status, agent.iframe("1").status] == [204, 204]
        server.shutdown()
    first, second = ([name for name, _ in parse_qsl(urlsplit(one).query)] for one in asked)
    assert (first, second[:3]) == (["q", "expires", "sig"], ["id", "expires", "sig"])
    assert len(second) == 3 + 8


def test_the_commands(folder: DataFolder) -> None:
    (text,) = wanted(SandboxSettings(), NOW, 1)
    person = {"person_id": "P000000001", "full_name": text, "phone": "+12025550123"}
    publish_people(folder, [person])
    with running_gateway(folder) as gateway:
        sent = command(gateway, "webhooks", "--count", "5", "--twice")
        assert (sent.exit_code, sent.output) == (0, "webhooks: 200 x 10\n")
        now = NOW.strftime("%Y-%m-%dT%H:%M:%SZ")
        asked = command(gateway, "look-ups", "--count", "3", "--now", now)
        assert asked.exit_code == 0
        assert "searches: 200 x 3\n" in asked.output
        wrong = command(gateway, "webhooks", "--count", "2", "--secret", "another")
        assert (wrong.exit_code, wrong.output) == (1, "webhooks: 401 x 2\n")
    away = command(gateway, "webhooks", "--count", "1")
    assert (away.exit_code, away.output) == (1, "webhooks: ConnectError x 1\n")
    missing = command(None, "look-ups", SOCIALSIGNIN_IFRAME_SECRET="")
    assert missing.exit_code == 2
    assert "SOCIALSIGNIN_IFRAME_SECRET" in missing.output
    drain(folder)
    with folder.warehouse.open() as session:
        counted = session.rows("SELECT sum(received), sum(new) FROM ops.deliveries")
    assert counted == [(10, 5)]
