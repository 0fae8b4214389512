"""What became of something that was sent to Qontak, and that nothing is sent twice by itself."""

from collections.abc import Iterator

import pytest

from lead_pipeline.errors import VendorRefused
from lead_pipeline.sandbox import Sandbox, SandboxSettings, fault_from_text, running_sandbox
from lead_pipeline.sandbox.qontak.settings import QontakSettings
from lead_pipeline.vendors.deadline import Countdown
from lead_pipeline.vendors.http import HttpClient
from lead_pipeline.vendors.qontak import QontakClient, Writer
from lead_pipeline.vendors.qontak.outcome import (
    Acted,
    Outcome,
    RateLimited,
    Refused,
    Unavailable,
    Unknown,
)
from lead_pipeline_tests.push.pushing import NOW

ANN = {"first_name": "Ann", "email": "ann@example.com", "telephone": "+6281200000001"}
FEW = QontakSettings(contacts=5, companies=2, deals=2, tasks=2)


@pytest.fixture(scope="module")
def shared() -> Iterator[Sandbox]:
    with running_sandbox(SandboxSettings(now=NOW, qontak=FEW)) as sandbox:
        yield sandbox


@pytest.fixture
def sandbox(shared: Sandbox) -> Iterator[Sandbox]:
    yield shared
    shared.clear_faults()


@pytest.fixture
def slept() -> list[float]:
    return []


@pytest.fixture
def writer(sandbox: Sandbox, slept: list[float]) -> Iterator[Writer]:
    client = _client(sandbox, sandbox.environment()["QONTAK_BASE_URL"], slept)
    yield client.writer()
    client.close()


def _client(sandbox: Sandbox, base_url: str, slept: list[float]) -> QontakClient:
    variables = sandbox.environment()
    return QontakClient(
        account="qontak",
        base_url=base_url,
        client_id=variables["QONTAK_CLIENT_ID"],
        client_secret=variables["QONTAK_CLIENT_SECRET"],
        sso_id=variables["QONTAK_SSO_ID"],
        requests_per_second=1000,
        sleep=slept.append,
        http=HttpClient(clock=lambda: NOW),
    )


def create(writer: Writer, **fields: object) -> Outcome:
    return writer.create("contact", ANN | fields, Countdown(30))


def test_what_is_created_is_found_changed_and_gone(sandbox: Sandbox, writer: Writer) -> None:
    made = create(writer)
    assert isinstance(made, Acted)
    found = list(writer.find("contact", (("phone", ANN["telephone"]),), Countdown(30)))
    assert [str(one["id"]) for one in found] == [made.identifier]
    changed = writer.change("contact", made.identifier, {"last_name": "Lee"}, Countdown(30))
    assert changed == made
    record = writer.get("contact", made.identifier, Countdown(30))
    assert record is not None
    assert record["last_name"] == "Lee"
    sandbox.crm_by_hand.delete("contacts", made.identifier)
    assert writer.get("contact", made.identifier, Countdown(30)) is None
    gone = writer.change("contact", made.identifier, {"last_name": "Lim"}, Countdown(30))
    assert isinstance(gone, Refused)
    assert gone.status == 404


@pytest.mark.parametrize(
    ("fault", "expected"),
    [
        ("server_error", Unknown("")),
        ("unavailable", Unknown("")),
        ("gateway_timeout", Unknown("")),
        ("gateway_timeout_after", Unknown("")),
        ("cut_unseen", Unknown("")),
        ("cut_before_headers", Unknown("")),
        ("truncated", Unknown("")),
        ("unprocessable", Refused(422, ())),
    ],
)
def test_what_became_of_it(
    sandbox: Sandbox, writer: Writer, fault: str, expected: Unknown | Refused
) -> None:
    sandbox.set_faults([fault_from_text(f"{fault},vendor=qontak,method=POST")])
    before = sandbox.faults_given()[0].given
    outcome = create(writer)
    assert (outcome._replace(why="") if isinstance(outcome, Unknown) else outcome) == expected
    assert sandbox.faults_given()[0].given - before == 1


def test_a_refusal_names_fields_and_no_value(writer: Writer) -> None:
    assert create(writer, shoe_size="44 and a half") == Refused(422, ("shoe_size",))


def test_too_many_requests_are_waited_for_as_asked_but_not_for_ever(
    sandbox: Sandbox, writer: Writer, slept: list[float]
) -> None:
    busy = "too_many_requests,vendor=qontak,method=POST,retry_after=7"
    sandbox.set_faults([fault_from_text(f"{busy},times=2")])
    assert isinstance(create(writer), Acted)
    assert slept.count(7.0) == 2
    sandbox.set_faults([fault_from_text(busy)])
    assert create(writer) == RateLimited(7.0)
    sandbox.set_faults([fault_from_text(busy.replace("=7", "=900"))])
    assert create(writer) == RateLimited(300.0)


def test_a_refused_account_is_an_error(sandbox: Sandbox, writer: Writer) -> None:
    sandbox.set_faults([fault_from_text("expired_key,vendor=qontak")])
    with pytest.raises(VendorRefused, match="401"):
        create(writer)


def test_where_nobody_listens_surely_nothing_was_done(sandbox: Sandbox, slept: list[float]) -> None:
    client = _client(sandbox, "http://127.0.0.1:9", slept)
    assert isinstance(create(client.writer()), Unavailable)
    client.close()
