"""Whatever is sent, nothing gets in by chance, and nothing breaks."""

import random
import socket
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from http.client import HTTPConnection

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lead_pipeline.pipeline.folder import open_folder
from lead_pipeline.sandbox.callers import signature_header, signed_query
from lead_pipeline.serving.server import LONGEST_HEADERS
from lead_pipeline.settings import Settings
from lead_pipeline_tests.serving.wire import (
    SEARCH_SECRET,
    SECRETS,
    Asker,
    running_gateway,
)

VISIBLE = [chr(code) for code in range(0x21, 0x7F) if chr(code) not in "&+#"]
REFUSED = {400, 401, 403, 413}
BODY = b'{"type": "x"}'
fuzzing = settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
visible = st.text(st.characters(min_codepoint=0x21, max_codepoint=0x7E), max_size=60)


@pytest.fixture(scope="module")
def gateway(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Asker]:
    folder = open_folder(Settings(data_dir=tmp_path_factory.mktemp("hostile") / "data"))
    folder.path.mkdir(parents=True)
    with running_gateway(folder) as running:
        yield running


def raw(gateway: Asker, request: bytes) -> int:
    """The status of the answer to these very bytes; 0 where the connection just ends."""
    with socket.create_connection(("127.0.0.1", gateway.port), timeout=10) as connection:
        # It may hang up as soon as it has seen enough.
        with suppress(OSError):
            connection.sendall(request)
            connection.shutdown(socket.SHUT_WR)
        head = connection.makefile("rb").readline()
    return int(head.split()[1]) if head else 0


@fuzzing
@given(st.binary(max_size=80).map(lambda text: text.translate(None, b"\r\n")))
def test_no_header_is_accepted_by_chance(gateway: Asker, value: bytes) -> None:
    request = (
        b"POST /listsmrt/webhook HTTP/1.1\r\nHost: x\r\nContent-Length: 13\r\n"
        b"ListSMRT-Signature: " + value + b"\r\nConnection: close\r\n\r\n" + BODY
    )
    assert raw(gateway, request) in REFUSED


@fuzzing
@given(visible, st.sampled_from(["search", "iframe"]))
def test_no_query_is_accepted_by_chance(gateway: Asker, query: str, name: str) -> None:
    request = f"GET /socialsignin/{name}?{query} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
    assert raw(gateway, request.encode()) in REFUSED


@fuzzing
@given(st.integers(0, 10**6), st.sampled_from("0123456789abcdef"))
def test_a_changed_signature_is_refused(gateway: Asker, place: int, digit: str) -> None:
    now = int(time.time())
    header = signature_header(BODY, SECRETS[0], now)
    place = len(header) - 64 + place % 64
    changed = header[:place] + digit + header[place + 1 :]
    if changed != header:
        answer = gateway.ask("POST", "/listsmrt/webhook", BODY, ListSMRT_Signature=changed)
        assert answer.status == 401
    query = signed_query([("q", "ann"), ("expires", str(now + 60))], SEARCH_SECRET)
    place = len(query) - 64 + place % 64
    other = query[:place] + digit + query[place + 1 :]
    if other != query:
        assert gateway.ask("GET", f"/socialsignin/search?{other}").status == 403


def _edited(text: str, draw: random.Random) -> str:
    """Some characters replaced, put in, left out or doubled; never the text itself.

    An `&`, or a `+` before a name, says nothing in PHP's queries: those are not put in.
    """
    edited = list(text)
    for _ in range(draw.randint(1, 4)):
        place = draw.randrange(len(edited))
        edited[place : place + draw.randint(0, 2)] = draw.choices(VISIBLE, k=draw.randint(0, 2))
    found = "".join(edited)
    return found if found != text else _edited(text, draw)


@pytest.mark.slow
def test_a_hundred_thousand_that_are_almost_signed_are_refused(gateway: Asker) -> None:
    draw, answers = random.Random(6), Counter[int]()
    connection = HTTPConnection("127.0.0.1", gateway.port, timeout=10)
    for number in range(100_000):
        now = int(time.time())
        if number % 2:
            header = _edited(signature_header(BODY, SECRETS[0], now), draw)
            headers = {"ListSMRT-Signature": header.strip() or "x"}
            connection.request("POST", "/listsmrt/webhook", BODY, headers)
        else:
            query = signed_query([("q", "ann"), ("expires", str(now + 60))], SEARCH_SECRET)
            connection.request("GET", f"/socialsignin/search?{_edited(query, draw)}")
        answer = connection.getresponse()
        answer.read()
        answers[answer.status] += 1
    connection.close()
    assert answers.keys() <= REFUSED
    assert answers.total() == 100_000


@pytest.mark.parametrize(
    "request_line",
    [
        b"\x16\x03\x01\x02\x00",
        b"GET\r\n\r\n",
        b"POST /listsmrt/webhook HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n",
        b"GET /healthz HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nxx",
        b"GET /socialsignin/search?"
        + b"q" * 20 * LONGEST_HEADERS
        + b" HTTP/1.1\r\nHost: x\r\n\r\n",
        b"GET /healthz HTTP/1.1\r\nHost: x\r\nA: " + b"b" * 20 * LONGEST_HEADERS + b"\r\n\r\n",
    ],
)
def test_what_is_no_request_is_refused(gateway: Asker, request_line: bytes) -> None:
    assert raw(gateway, request_line) == 400
    assert gateway.ask("GET", "/healthz").status == 200


def test_a_body_that_does_not_come_whole(gateway: Asker) -> None:
    header = signature_header(BODY, SECRETS[0], int(time.time())).encode()
    request = (
        b"POST /listsmrt/webhook HTTP/1.1\r\nHost: x\r\nContent-Length: 99\r\n"
        b"ListSMRT-Signature: " + header + b"\r\n\r\n" + BODY
    )
    assert raw(gateway, request) in {0, *REFUSED}
    assert gateway.ask("GET", "/healthz").status == 200


def test_every_odd_byte_of_a_signed_search_is_understood(gateway: Asker) -> None:
    for text in (" +&=#%~*'()!-_.", "Žižek é 日本", "\0\x01\x7f", ';/?:@$,[]{}|\\^`<>"'):
        assert gateway.search(text).status == 503
