"""Every kind of fault as it is on the wire, for every vendor."""

import asyncio
import gzip
from contextlib import ExitStack
from email.utils import parsedate_to_datetime

import httpx
import orjson
import pytest
from lxml import etree
from starlette.types import Message, Scope

from lead_pipeline.sandbox import (
    Fault,
    FaultKind,
    Sandbox,
    SandboxSettings,
    create_app,
    running_sandbox,
)
from lead_pipeline_tests.sandbox.crm import signed
from lead_pipeline_tests.sandbox.reader import NOW, Reader
from lead_pipeline_tests.sandbox.wire import VENDORS, ask, asked, request, until_closed

both = pytest.mark.parametrize("vendor", VENDORS)
MEDIA_TYPES = {
    "housing": "application/json",
    "aimbase": "application/xml",
    "qontak": "application/json",
}
STATUSES = [
    (FaultKind.SERVER_ERROR, 500),
    (FaultKind.UNAVAILABLE, 503),
    (FaultKind.TOO_MANY_REQUESTS, 429),
    (FaultKind.EXPIRED_KEY, 401),
    (FaultKind.NO_CONTENT, 204),
]


def is_readable(vendor: str, body: bytes) -> bool:
    try:
        if vendor == "aimbase":
            etree.fromstring(body)
        else:
            orjson.loads(body)
    except (orjson.JSONDecodeError, etree.XMLSyntaxError):
        return False
    return True


def given(sandbox: Sandbox) -> list[int]:
    return [one.given for one in sandbox.faults_given()]


@both
@pytest.mark.parametrize(("kind", "status"), STATUSES)
def test_statuses(
    faulty_sandbox: Sandbox, faulty_reader: Reader, vendor: str, kind: FaultKind, status: int
) -> None:
    faulty_sandbox.set_faults([Fault(kind, times=1)])
    response = ask(faulty_reader, vendor)
    assert response.status_code == status
    assert parsedate_to_datetime(response.headers["Date"]) == NOW
    assert "Retry-After" not in response.headers
    assert ask(faulty_reader, vendor).status_code == 200
    assert given(faulty_sandbox) == [1]


@both
@pytest.mark.parametrize("kind", [FaultKind.UNAVAILABLE, FaultKind.TOO_MANY_REQUESTS])
@pytest.mark.parametrize(
    "wait", ["0", "Fri, 20 Nov 2026 18:30:07 GMT", "99999999", "soon; or later"]
)
def test_retry_after_is_sent_as_it_was_given(
    faulty_sandbox: Sandbox, faulty_reader: Reader, vendor: str, kind: FaultKind, wait: str
) -> None:
    faulty_sandbox.set_faults([Fault(kind, retry_after=wait)])
    assert ask(faulty_reader, vendor).headers.get_list("Retry-After") == [wait]


@both
def test_an_expired_key_is_refused_in_the_vendors_words(
    faulty_sandbox: Sandbox, faulty_reader: Reader, vendor: str
) -> None:
    if vendor == "housing":
        refused = faulty_reader.housing(NOW, NOW, hash="0" * 64)
    elif vendor == "qontak":
        refused = faulty_reader.send(signed(faulty_reader, "/contacts", username="another"))
    else:
        header = faulty_reader.authenticate(public_key="another")
        refused = faulty_reader.aimbase("?Days=1", header)
    faulty_sandbox.set_faults([Fault(FaultKind.EXPIRED_KEY)])
    response = ask(faulty_reader, vendor)
    assert (response.status_code, response.content) == (401, refused.content)
    assert response.headers["Content-Type"] == refused.headers["Content-Type"]


@both
def test_an_error_object_with_status_200(
    faulty_sandbox: Sandbox, faulty_reader: Reader, vendor: str
) -> None:
    faulty_sandbox.set_faults([Fault(FaultKind.ERROR_OBJECT)])
    response = ask(faulty_reader, vendor)
    assert response.status_code == 200
    assert response.headers["Content-Type"] == MEDIA_TYPES[vendor]
    if vendor == "housing":
        assert list(response.json()) == ["apiErrors"]
    elif vendor == "qontak":
        assert response.json()["meta"]["status"] == 500
        assert "response" not in response.json()
    else:
        assert etree.fromstring(response.content).tag == "Error"


@both
@pytest.mark.parametrize("mislabelled", [False, True])
def test_a_web_page_with_status_200(
    faulty_sandbox: Sandbox, faulty_reader: Reader, vendor: str, mislabelled: bool
) -> None:
    kind = FaultKind.WEB_PAGE_MISLABELLED if mislabelled else FaultKind.WEB_PAGE
    faulty_sandbox.set_faults([Fault(kind)])
    response = ask(faulty_reader, vendor)
    assert response.status_code == 200
    assert response.content.startswith(b"<!DOCTYPE html>")
    said = response.headers["Content-Type"].partition(";")[0]
    assert said == (MEDIA_TYPES[vendor] if mislabelled else "text/html")


@both
def test_a_connection_cut_before_any_header(
    faulty_sandbox: Sandbox, faulty_reader: Reader, vendor: str
) -> None:
    faulty_sandbox.set_faults([Fault(FaultKind.CUT_BEFORE_HEADERS)])
    with asked(faulty_reader, vendor) as connection:
        assert until_closed(connection) == b""


@both
def test_a_connection_cut_after_the_headers(
    faulty_sandbox: Sandbox, faulty_reader: Reader, vendor: str
) -> None:
    whole = ask(faulty_reader, vendor).content
    faulty_sandbox.set_faults([Fault(FaultKind.CUT_BEFORE_BODY)])
    with asked(faulty_reader, vendor) as connection:
        head, _, body = until_closed(connection).partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 200 ")
    assert f"content-length: {len(whole)}".encode() in head.lower()
    assert body == b""


@both
def test_a_connection_cut_in_a_body_of_a_told_length(
    faulty_sandbox: Sandbox, faulty_reader: Reader, vendor: str
) -> None:
    whole = ask(faulty_reader, vendor).content
    faulty_sandbox.set_faults([Fault(FaultKind.CUT_IN_BODY)])
    with asked(faulty_reader, vendor) as connection:
        head, _, body = until_closed(connection).partition(b"\r\n\r\n")
    assert f"content-length: {len(whole)}".encode() in head.lower()
    assert 0 < len(body) < len(whole)
    assert whole.startswith(body)


@both
def test_a_connection_cut_between_chunks(
    faulty_sandbox: Sandbox, faulty_reader: Reader, vendor: str
) -> None:
    faulty_sandbox.set_faults([Fault(FaultKind.CUT_IN_CHUNKS)])
    with asked(faulty_reader, vendor) as connection:
        head, _, body = until_closed(connection).partition(b"\r\n\r\n")
    assert b"transfer-encoding: chunked" in head.lower()
    size, _, rest = body.partition(b"\r\n")
    assert len(rest) == int(size, 16) + 2
    with pytest.raises(httpx.RemoteProtocolError):
        ask(faulty_reader, vendor)


@both
def test_a_document_cut_off_in_well_formed_http(
    faulty_sandbox: Sandbox, faulty_reader: Reader, vendor: str
) -> None:
    whole = ask(faulty_reader, vendor).content
    faulty_sandbox.set_faults([Fault(FaultKind.TRUNCATED)])
    response = ask(faulty_reader, vendor)
    assert response.status_code == 200
    assert response.content == whole[: len(whole) // 2]
    assert is_readable(vendor, whole)
    assert not is_readable(vendor, response.content)


@both
def test_an_empty_answer(faulty_sandbox: Sandbox, faulty_reader: Reader, vendor: str) -> None:
    faulty_sandbox.set_faults([Fault(FaultKind.EMPTY)])
    response = ask(faulty_reader, vendor)
    assert (response.status_code, response.content) == (200, b"")
    assert response.headers["Content-Type"] == MEDIA_TYPES[vendor]


@both
def test_a_slow_answer_is_right_and_comes_in_many_pieces(
    faulty_sandbox: Sandbox, faulty_reader: Reader, vendor: str
) -> None:
    whole = ask(faulty_reader, vendor).content
    faulty_sandbox.set_faults([Fault(FaultKind.SLOW, seconds=0.05)])
    assert ask(faulty_reader, vendor).content == whole
    with asked(faulty_reader, vendor) as connection:
        received = b""
        while not received.endswith(b"\r\n0\r\n\r\n"):
            received += connection.recv(1 << 20)
    assert received.count(b"\r\n") > 2 * 20


@both
def test_a_stalled_answer_begins_and_does_not_go_on(
    faulty_sandbox: Sandbox, faulty_reader: Reader, vendor: str
) -> None:
    whole = ask(faulty_reader, vendor).content
    faulty_sandbox.set_faults([Fault(FaultKind.STALLED)])
    with asked(faulty_reader, vendor) as connection:
        received = connection.recv(1 << 20)
        while len(received) < len(whole) // 2:
            received += connection.recv(1 << 20)
        connection.settimeout(0.05)
        with pytest.raises(TimeoutError):
            until_closed(connection)
    assert received.startswith(b"HTTP/1.1 200 ")
    assert len(received) < len(whole)


ENDLESS = [
    Fault(FaultKind.STALLED),
    Fault(FaultKind.SLOW, seconds=10**6),
    Fault(FaultKind.GZIP_BOMB, bytes=2**40),
]


@pytest.mark.parametrize("fault", ENDLESS)
@both
def test_what_never_ends_ends_when_the_client_leaves(
    faulty_reader: Reader, vendor: str, fault: Fault
) -> None:
    app = create_app(SandboxSettings(now=NOW, faults=(fault,)))
    wanted = request(faulty_reader, vendor)
    names = [(name.lower(), value) for name, value in wanted.headers.raw]
    scope: Scope = {
        "type": "http",
        "method": "GET",
        "http_version": "1.1",
        "path": wanted.url.path,
        "raw_path": wanted.url.path.encode(),
        "query_string": wanted.url.query,
        "headers": names,
    }
    sent: list[Message] = []

    async def talk() -> None:
        has_left = asyncio.Event()

        async def receive() -> Message:
            await has_left.wait()
            return {"type": "http.disconnect"}

        async def send(message: Message) -> None:
            sent.append(message)
            if len(sent) == 2:
                has_left.set()

        await asyncio.wait_for(app(scope, receive, send), timeout=5)

    asyncio.run(talk())
    assert sent[0]["status"] == 200
    assert all(message["more_body"] for message in sent[1:])


@pytest.mark.parametrize("fault", ENDLESS)
@both
def test_a_sandbox_that_stops_ends_what_is_under_way(
    capfd: pytest.CaptureFixture[str], vendor: str, fault: Fault
) -> None:
    with ExitStack() as client:
        with running_sandbox(SandboxSettings(now=NOW, faults=(fault,))) as sandbox:
            reader = client.enter_context(Reader(sandbox))
            connection = client.enter_context(asked(reader, vendor))
            assert connection.recv(100)
        if fault.kind is not FaultKind.GZIP_BOMB:
            assert not until_closed(connection).endswith(b"\r\n0\r\n\r\n")
    assert capfd.readouterr().err == ""


@both
@pytest.mark.parametrize("size", [1, 2**20, 3 * 2**20 + 7])
def test_a_gzip_bomb(
    faulty_sandbox: Sandbox, faulty_reader: Reader, vendor: str, size: int
) -> None:
    faulty_sandbox.set_faults([Fault(FaultKind.GZIP_BOMB, bytes=size)])
    with faulty_reader.stream(request(faulty_reader, vendor)) as response:
        assert response.headers["Content-Encoding"] == "gzip"
        assert response.headers["Content-Type"] == MEDIA_TYPES[vendor]
        packed = b"".join(response.iter_raw())
    assert len(packed) < 1000 + size // 500
    assert gzip.decompress(packed) == b" " * size


@pytest.mark.parametrize(
    ("kind", "moves"),
    [(FaultKind.CUT_IN_BODY, True), (FaultKind.EMPTY, True), (FaultKind.UNAVAILABLE, False)],
)
def test_a_spoiled_answer_has_moved_the_cursor(
    own_sandbox: Sandbox, own_reader: Reader, kind: FaultKind, moves: bool
) -> None:
    own_sandbox.set_faults([Fault(kind)])
    try:
        own_reader.aimbase()
    except httpx.RemoteProtocolError:
        assert kind is FaultKind.CUT_IN_BODY
    cursor = own_reader.get("/state").json()["cursors"]["aimbase"]
    assert cursor == (NOW.isoformat() if moves else None)


@both
def test_a_refusal_is_no_answer_to_spoil(
    faulty_sandbox: Sandbox, faulty_reader: Reader, vendor: str
) -> None:
    faulty_sandbox.set_faults([Fault(FaultKind.TRUNCATED)])
    if vendor == "housing":
        refused = faulty_reader.housing(NOW, NOW, id="another")
    elif vendor == "qontak":
        refused = faulty_reader.send(signed(faulty_reader, "/contacts?page=0"))
    else:
        refused = faulty_reader.aimbase("?Days=8")
    assert refused.status_code in {400, 401, 422}
    assert refused.text
    assert given(faulty_sandbox) == [0]
