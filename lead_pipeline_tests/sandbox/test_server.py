import asyncio
import os
import re
import signal
import socket
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from fractions import Fraction

import httpx
import pytest
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from lead_pipeline.sandbox import (
    Sandbox,
    SandboxError,
    SandboxSettings,
    create_app,
    running_sandbox,
    serve,
)
from lead_pipeline_tests.sandbox.reader import NOW, Reader


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.1", "example.com", ""])
def test_only_loopback_is_served(host: str) -> None:
    with pytest.raises(SandboxError, match="loopback"):
        serve(host, 0, SandboxSettings())


def test_a_port_in_use_is_named() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(SandboxError, match=f"port {port} on 127.0.0.1"):
            serve("127.0.0.1", port, SandboxSettings())


def test_serve_says_in_one_line_that_a_shell_takes_where_it_listens() -> None:
    program = "from lead_pipeline.sandbox import *; serve('localhost', 0, SandboxSettings())"
    with subprocess.Popen(
        [sys.executable, "-c", program], stdout=subprocess.PIPE, text=True, env=dict(os.environ)
    ) as process:
        assert process.stdout is not None
        try:
            line = process.stdout.readline()
            variables = dict(re.findall(r"([A-Z_]+)=(\S+)", line))
            base_url = variables["HOUSING_BASE_URL"].removesuffix("/housing")
            assert httpx.get(f"{base_url}/healthz", verify=False).json() == {"status": "ok"}
            exported = subprocess.run(
                ["/bin/sh", "-c", f"{line}env"], capture_output=True, text=True, check=True, env={}
            ).stdout.splitlines()
            assert {f"{name}={value}" for name, value in variables.items()} <= {*exported}
        finally:
            process.send_signal(signal.SIGTERM)
        assert process.stdout.read() == ""
    assert variables.keys() == {
        "HOUSING_BASE_URL",
        "HOUSING_ID",
        "HOUSING_API_KEY",
        "AIMBASE_BASE_URL",
        "AIMBASE_NMMA_ID",
        "AIMBASE_PUBLIC_KEY",
        "AIMBASE_PRIVATE_KEY",
        "QONTAK_BASE_URL",
        "QONTAK_CLIENT_ID",
        "QONTAK_CLIENT_SECRET",
        "QONTAK_SSO_ID",
    }


def test_a_running_sandbox_is_gone_afterwards() -> None:
    with running_sandbox(SandboxSettings()) as sandbox:
        assert httpx.get(f"{sandbox.base_url}/healthz", verify=False).status_code == 200
    with pytest.raises(httpx.ConnectError):
        httpx.get(f"{sandbox.base_url}/healthz", verify=False)


def test_two_sandboxes_stand_side_by_side() -> None:
    with running_sandbox(SandboxSettings()) as one, running_sandbox(SandboxSettings()) as other:
        assert one.base_url != other.base_url


@pytest.mark.parametrize("path", ["/healthz", "/nowhere", "/housing/api/v0/get-builder-leads"])
def test_every_answer_carries_the_sandboxs_date(own_sandbox: Sandbox, path: str) -> None:
    moment = datetime(2020, 2, 29, 23, 59, 59, tzinfo=UTC)
    own_sandbox.set_clock(moment)
    response = httpx.get(own_sandbox.base_url + path, verify=False)
    assert response.headers.get_list("Date") == ["Sat, 29 Feb 2020 23:59:59 GMT"]


def test_a_failure_of_the_sandbox_itself_is_a_500_with_its_date() -> None:
    async def fail(_: Request) -> Response:
        raise LookupError("on purpose")

    app = create_app(SandboxSettings(now=NOW))
    app.routes.append(Route("/broken", fail))
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)

    async def ask() -> httpx.Response:
        async with httpx.AsyncClient(transport=transport, verify=False) as client:
            return await client.get("http://sandbox/broken")

    response = asyncio.run(ask())
    assert response.status_code == 500
    assert parsedate_to_datetime(response.headers["Date"]) == NOW


def test_the_clock_is_set_and_let_go_over_http(own_reader: Reader) -> None:
    assert own_reader.get("/clock").json() == {"now": NOW.isoformat(), "held": True}
    answer = own_reader.put("/clock", {"now": "2026-11-21T01:00:00+05:30"})
    assert answer.json() == {"now": "2026-11-20T19:30:00+00:00", "held": True}
    answer = own_reader.put("/clock", {"now": None})
    assert answer.json()["held"] is False
    assert abs(parsedate_to_datetime(answer.headers["Date"]) - datetime.now(UTC)) < timedelta(
        minutes=1
    )


@pytest.mark.parametrize("body", [{}, [], {"now": "noon"}, {"now": "2026-11-21T01:00:00"}, 5])
def test_the_clock_refuses_what_is_no_moment(own_reader: Reader, body: object) -> None:
    assert own_reader.put("/clock", body).status_code == 400
    assert own_reader.get("/clock").json()["now"] == NOW.isoformat()


def test_state_counts_the_answers(own_reader: Reader) -> None:
    own_reader.housing(NOW, NOW)
    own_reader.housing(NOW, NOW)
    own_reader.housing(NOW, NOW, id="another")
    answered = own_reader.get("/state").json()["answered"]
    assert answered == {"/housing/api/v0/get-builder-leads": {"200": 2, "401": 1}}


@pytest.mark.parametrize(
    "wrong",
    [
        {"leads_per_day": 0},
        {"repeats": Fraction(11, 10)},
        {"repeats": Fraction(-1, 10)},
        {"now": datetime(2026, 11, 20)},  # noqa: DTZ001  a time without a zone is what is refused
    ],
)
def test_settings_that_make_no_sense(wrong: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=next(iter(wrong))):
        SandboxSettings(**wrong)  # type: ignore[arg-type]  # wrong on purpose
