"""Writing goes wrong: before the vendor acted, after it, or for one object alone."""

import httpx
import pytest

from lead_pipeline.sandbox import Fault, FaultError, FaultKind, Sandbox, fault_from_text
from lead_pipeline_tests.sandbox.crm import document, page, write
from lead_pipeline_tests.sandbox.reader import Reader

ANN = {"first_name": "Ann", "email": "ann@example.com"}
BOB = {"first_name": "Bob", "email": "bob@example.com"}


def created(sandbox: Sandbox) -> int:
    return len(sandbox.crm_writes()["qontak"]["contacts"]["created"])


@pytest.mark.parametrize(
    ("kind", "status", "acts"),
    [
        (FaultKind.GATEWAY_TIMEOUT, 504, 0),
        (FaultKind.GATEWAY_TIMEOUT_AFTER, 504, 1),
        (FaultKind.CUT_UNSEEN, None, 0),
        (FaultKind.CUT_BEFORE_HEADERS, None, 1),
        (FaultKind.SERVER_ERROR, 500, 0),
        (FaultKind.TOO_MANY_REQUESTS, 429, 0),
        (FaultKind.UNPROCESSABLE, 422, 0),
    ],
)
def test_what_a_fault_of_writing_leaves(
    own_sandbox: Sandbox, own_reader: Reader, kind: FaultKind, status: int | None, acts: int
) -> None:
    wait = "7" if kind is FaultKind.TOO_MANY_REQUESTS else None
    own_sandbox.set_faults([Fault(kind, method="POST", times=1, retry_after=wait)])
    page(own_reader, "contacts", 1)
    if status is None:
        # The kernel resets a connection of which something was not read, or ends it.
        with pytest.raises((httpx.RemoteProtocolError, httpx.ReadError)):
            write(own_reader, "POST", "/contacts", ANN)
    else:
        response = write(own_reader, "POST", "/contacts", ANN)
        assert (response.status_code, response.headers.get("Retry-After")) == (status, wait)
    assert created(own_sandbox) == acts
    assert len(document(own_reader, "/contacts?email=ann@example.com")["response"]) == acts
    assert [one.given for one in own_sandbox.faults_given()] == [1]
    assert write(own_reader, "POST", "/contacts", ANN).status_code == 200
    assert created(own_sandbox) == acts + 1


def test_one_object_is_refused_for_ever(own_sandbox: Sandbox, own_reader: Reader) -> None:
    own_sandbox.set_faults([fault_from_text("unprocessable,vendor=qontak,body=ann@example.com")])
    statuses = [
        write(own_reader, "POST", "/contacts", fields).status_code for fields in (ANN, BOB, ANN)
    ]
    assert statuses == [422, 200, 422]
    assert created(own_sandbox) == 1


def test_a_refused_write_is_no_chance_to_fail_after_it(
    own_sandbox: Sandbox, own_reader: Reader
) -> None:
    own_sandbox.set_faults([Fault(FaultKind.GATEWAY_TIMEOUT_AFTER, method="POST", times=1)])
    assert write(own_reader, "POST", "/contacts", {"shoes": 1}).status_code == 422
    assert own_sandbox.faults_given()[0].given == 0
    assert write(own_reader, "POST", "/contacts", ANN).status_code == 504


@pytest.mark.parametrize(
    "text",
    ["unprocessable,vendor=housing", "server_error,method=post", "gateway_timeout,retry_after=1"],
)
def test_what_cannot_be_asked_for(own_sandbox: Sandbox, text: str) -> None:
    with pytest.raises(FaultError):
        own_sandbox.set_faults([fault_from_text(text)])
