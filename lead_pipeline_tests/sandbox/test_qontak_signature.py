"""Who may ask the CRM, to the byte."""

import socket
from datetime import timedelta

import pytest

from lead_pipeline.sandbox import (
    QontakSettings,
    Sandbox,
    SandboxSettings,
    SignedPath,
    running_sandbox,
)
from lead_pipeline_tests.sandbox.crm import date_of, get, signed
from lead_pipeline_tests.sandbox.reader import NOW, Reader
from lead_pipeline_tests.sandbox.wire import written

TARGET = "/qontak/qontak/crm/contacts?page=2"
CANNOT = {"message": "HMAC signature cannot be verified"}
DIFFERS = {"message": "HMAC signature does not match"}
UNAUTHORIZED = {"message": "Unauthorized"}


def test_the_whole_target_is_signed(reader: Reader) -> None:
    line = f"GET {TARGET} HTTP/1.1"
    assert reader.send(signed(reader, "/contacts?page=2", request_line=line)).status_code == 200


@pytest.mark.parametrize(
    "line",
    [
        "GET /qontak/crm/contacts?page=2 HTTP/1.1",
        "GET /qontak/qontak/crm/contacts HTTP/1.1",
        "GET /qontak/qontak/crm/contacts?page=3 HTTP/1.1",
        "POST /qontak/qontak/crm/contacts?page=2 HTTP/1.1",
        "get /qontak/qontak/crm/contacts?page=2 HTTP/1.1",
        "GET /qontak/qontak/crm/contacts?page=2 HTTP/1.0",
        "GET /qontak/qontak/crm/contacts?page=2 HTTP/2",
        "GET /qontak/qontak/crm/contacts?page=2 HTTP/1.1\n",
    ],
)
def test_any_other_line_does_not_match(reader: Reader, line: str) -> None:
    response = reader.send(signed(reader, "/contacts?page=2", request_line=line))
    assert (response.status_code, response.json()) == (401, DIFFERS)


def test_escapes_are_signed_as_they_were_sent(reader: Reader) -> None:
    sent = "/contacts?%70age=2"
    assert get(reader, sent).json()["page"] == 2
    decoded = signed(reader, sent, request_line=f"GET {TARGET} HTTP/1.1")
    assert reader.send(decoded).json() == DIFFERS


def test_a_request_of_http_1_0_is_signed_as_such(reader: Reader) -> None:
    def status(version: str) -> bytes:
        line = f"GET /qontak/qontak/crm/contacts HTTP/{version}"
        request = signed(reader, "/contacts", request_line=line)
        with socket.create_connection((request.url.host, request.url.port or 0), 10) as connection:
            connection.sendall(written(request).replace(b"HTTP/1.1", b"HTTP/1.0", 1))
            return connection.recv(1 << 16).split(b" ", 2)[1]

    assert [status("1.0"), status("1.1")] == [b"200", b"401"]


def test_another_secret_does_not_match(reader: Reader) -> None:
    response = reader.send(signed(reader, "/contacts", secret="another"))
    assert (response.status_code, response.json()) == (401, DIFFERS)


def test_an_unknown_client_cannot_be_verified(reader: Reader) -> None:
    response = reader.send(signed(reader, "/contacts", username="another"))
    assert (response.status_code, response.json()) == (401, CANNOT)


@pytest.mark.parametrize(("seconds", "status"), [(300, 200), (301, 401), (-300, 200), (-301, 401)])
def test_300_seconds_either_way(shared_sandbox: Sandbox, seconds: int, status: int) -> None:
    with Reader(shared_sandbox, NOW + timedelta(seconds=seconds)) as reader:
        response = get(reader, "/contacts")
    assert response.status_code == status
    assert status == 200 or response.json() == CANNOT


@pytest.mark.parametrize(
    "date",
    [
        "2026-11-20T18:30:00Z",
        "Fri, 20 Nov 2026 18:30:00 +0000",
        "Fri, 20 Nov 2026 18:30:00",
        "Friday, 20-Nov-26 18:30:00 GMT",
        "Fri, 20 nov 2026 18:30:00 GMT",
        "Fri, 20 Xyz 2026 18:30:00 GMT",
        "Fri, 99 Nov 2026 18:30:00 GMT",
    ],
)
def test_a_date_that_is_not_rfc_7231(reader: Reader, date: str) -> None:
    response = reader.send(signed(reader, "/contacts", date=date))
    assert (response.status_code, response.json()) == (401, CANNOT)


def test_the_date_is_signed_as_it_was_sent(reader: Reader) -> None:
    later = date_of(reader).replace("18:30:00", "18:30:01")
    assert reader.send(signed(reader, "/contacts", Date=later)).json() == DIFFERS


def test_a_weekday_that_is_wrong_does_no_harm(reader: Reader) -> None:
    date = date_of(reader).replace("Fri", "Mon")
    assert reader.send(signed(reader, "/contacts", date=date)).status_code == 200


@pytest.mark.parametrize(
    ("headers", "answer"),
    [
        ({"Authorization": None}, UNAUTHORIZED),
        ({"Authorization": None, "Date": None}, UNAUTHORIZED),
        ({"Date": None}, CANNOT),
        ({"Authorization": "Bearer token"}, CANNOT),
        ({"Authorization": ""}, CANNOT),
        ({"X_Crm_User_Sso_Id": None}, UNAUTHORIZED),
        ({"X_Crm_User_Sso_Id": ""}, UNAUTHORIZED),
        ({"X_Crm_User_Sso_Id": "50c3d284-0000-4000-8000-000000000000"}, UNAUTHORIZED),
    ],
)
def test_headers_that_are_missing_or_wrong(
    reader: Reader, headers: dict[str, str | None], answer: dict[str, str]
) -> None:
    response = reader.send(signed(reader, "/contacts", **headers))
    assert (response.status_code, response.json()) == (401, answer)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("hmac username", "HMAC username"),
        ("hmac-sha256", "hmac-sha1"),
        ("date request-line", "request-line date"),
        (", signature", ",signature"),
        ('signature="', 'signature="!'),
    ],
)
def test_the_form_of_authorization(reader: Reader, old: str, new: str) -> None:
    request = signed(reader, "/contacts")
    request.headers["Authorization"] = request.headers["Authorization"].replace(old, new)
    response = reader.send(request)
    assert (response.status_code, response.json()) == (401, CANNOT)


@pytest.mark.parametrize(
    ("signed_path", "with_query", "without_query"),
    [
        (SignedPath.WITH_QUERY, 200, 403),
        (SignedPath.WITHOUT_QUERY, 403, 200),
        (SignedPath.EITHER, 200, 200),
    ],
)
def test_an_account_may_sign_without_the_query(
    signed_path: SignedPath, with_query: int, without_query: int
) -> None:
    qontak = QontakSettings(signed_path=signed_path, gateway_status=403)
    bare = "GET /qontak/qontak/crm/tasks HTTP/1.1"
    with (
        running_sandbox(SandboxSettings(now=NOW, qontak=qontak)) as sandbox,
        Reader(sandbox) as reader,
    ):
        assert get(reader, "/tasks").status_code == 200
        assert get(reader, "/tasks?page=1").status_code == with_query
        request = signed(reader, "/tasks?page=1", request_line=bare)
        assert reader.send(request).status_code == without_query


@pytest.mark.parametrize(
    "path",
    ["/deals", "/deals/1", "/companies/info", "/pipelines", "/pipelines/1", "/pipelines/1/stages"],
)
def test_nothing_is_answered_to_strangers(reader: Reader, path: str) -> None:
    assert reader.send(signed(reader, path, secret="another")).status_code == 401
