"""Webhooks: who may send, what is kept, and what the sender is told."""

import json
import logging
import time

import pytest

from lead_pipeline.pipeline.drain import drain
from lead_pipeline.pipeline.folder import DataFolder
from lead_pipeline.sandbox.callers import signature_header
from lead_pipeline.serving import webhook
from lead_pipeline_tests.serving.wire import (
    SECRETS,
    TOKEN,
    Asker,
    running_gateway,
)

BODY = b'{"type": "property.generate-content", "data": {"metadata": {"propertyId": "P1"}}}'


def kept(folder: DataFolder) -> list[bytes]:
    """What is in the spool; the gateway has stopped."""
    return [one.body for segment in folder.spool.segments() for one in segment.records()]


def test_a_signed_event_is_kept_and_acknowledged(folder: DataFolder) -> None:
    folder.warehouse.remove()
    with running_gateway(folder) as gateway:
        for secret in SECRETS:
            assert gateway.send(BODY, secret).status == 200
    assert kept(folder) == [BODY, BODY]
    assert not folder.warehouse.path.exists()


def test_it_is_on_disk_before_the_answer(folder: DataFolder) -> None:
    with running_gateway(folder) as gateway:
        gateway.send(BODY)
        parts = [path.read_bytes() for path in folder.spool.folder.glob(".part-*")]
        assert any(BODY in part for part in parts)


def test_repeats_are_recognised_and_kept(folder: DataFolder) -> None:
    with running_gateway(folder) as gateway:
        now = time.time()
        answers = [gateway.send(BODY, at=now - age) for age in (0, 0, 10)]
        metrics = gateway.ask("GET", "/metrics", Authorization=f"Bearer {TOKEN}").body.decode()
    assert [answer.json()["repeated"] for answer in answers] == [False, True, True]
    assert "gateway_webhook_repeats_total 2\n" in metrics
    drain(folder)
    with folder.warehouse.open() as session:
        assert session.rows("SELECT count(*) FROM listing_versions") == [(1,)]
        assert session.rows("SELECT received, new, repeated FROM ops.deliveries") == [(3, 1, 2)]


@pytest.mark.parametrize("age", [301, 300, -301, 10**8])
def test_past_the_tolerance(folder: DataFolder, age: int) -> None:
    with running_gateway(folder) as gateway:
        assert gateway.send(BODY, at=time.time() - age).status == 401
    assert kept(folder) == []


def test_wrong_signatures(folder: DataFolder) -> None:
    good = signature_header(BODY, SECRETS[0], int(time.time()))
    with running_gateway(folder) as gateway:
        for header in (
            "",
            "x",
            good.upper(),
            good[:-1],
            f"{good},{good}",
            good.replace("v1", "v0"),
        ):
            answer = gateway.ask("POST", "/listsmrt/webhook", BODY, ListSMRT_Signature=header)
            assert answer.status == 401, header
        assert gateway.ask("POST", "/listsmrt/webhook", BODY).status == 401
        assert gateway.send(BODY, "the-api-key").status == 401
        answer = gateway.ask("POST", "/listsmrt/webhook", BODY + b" ", ListSMRT_Signature=good)
        assert answer.status == 401
    assert kept(folder) == []


def test_the_api_key_signs_only_where_it_is_configured(folder: DataFolder) -> None:
    with running_gateway(folder, listsmrt_signing_secrets="the-api-key") as gateway:
        assert gateway.send(BODY, "the-api-key").status == 200


@pytest.mark.parametrize("body", [b"", b"{", b"\xff", b'{"a":NaN}'])
def test_what_is_no_json_is_refused_and_kept(folder: DataFolder, body: bytes) -> None:
    with running_gateway(folder) as gateway:
        assert gateway.send(body).status == 400
    assert kept(folder) == [body]


def test_unknown_types_are_kept(folder: DataFolder) -> None:
    body = b'{"type": "property.sold", "more": [1]}'
    with running_gateway(folder) as gateway:
        assert gateway.send(body).status == 200
    assert kept(folder) == [body]


def test_too_large_a_body(folder: DataFolder) -> None:
    with running_gateway(folder) as gateway:
        large = json.dumps("x" * webhook.MOST_BYTES).encode()
        assert gateway.send(large).status == 413
        assert gateway.send(json.dumps("x" * (webhook.MOST_BYTES - 2)).encode()).status == 200
        chunks = (b"x" * 65536 for _ in range(17))
        header = signature_header(b"", SECRETS[0], int(time.time()))
        answer = gateway.ask(
            "POST",
            "/listsmrt/webhook",
            chunks,  # type: ignore[arg-type]  # a body that does not say how long it is
            ListSMRT_Signature=header,
        )
        assert answer.status == 413
    assert len(kept(folder)) == 1


def test_a_disk_that_refuses_is_said(folder: DataFolder) -> None:
    folder.spool.folder.parent.mkdir()
    folder.spool.folder.write_text("no folder")
    with running_gateway(folder) as gateway:
        assert gateway.send(BODY).status == 503
        folder.spool.folder.unlink()
        assert gateway.send(BODY).status == 200
    assert kept(folder) == [BODY]


def test_without_a_secret_it_is_off(folder: DataFolder) -> None:
    with running_gateway(folder, listsmrt_signing_secrets=" , ") as gateway:
        answer = gateway.send(BODY, "")
        assert answer.status == 503
        assert b"LISTSMRT_SIGNING_SECRETS" in answer.body


def test_other_methods_and_places(folder: DataFolder) -> None:
    with running_gateway(folder) as gateway:
        assert gateway.ask("GET", "/listsmrt/webhook").status == 405
        assert gateway.ask("GET", "/nowhere").status == 404
        assert gateway.ask("GET", "/healthz").json() == {"status": "ok"}
        answer = gateway.ask("GET", "/readyz")
        assert (answer.status, answer.json()["ready"]) == (503, False)


def test_metrics_need_their_token_and_the_log_says_nothing(
    folder: DataFolder, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    with running_gateway(folder) as gateway:
        gateway.send(BODY)
        gateway.search("Ann Example")
        assert gateway.ask("GET", "/metrics").status == 401
        assert gateway.ask("GET", "/metrics", Authorization="Bearer wrong").status == 401
        text = gateway.ask("GET", "/metrics", Authorization=f"Bearer {TOKEN}").body.decode()
    assert 'gateway_requests_total{route="/listsmrt/webhook",status="200"} 1' in text
    assert "gateway_spool_segments 1" in text
    requests = [vars(record)["request"] for record in caplog.records if record.msg == "request"]
    assert {"/listsmrt/webhook", "/socialsignin/search"} <= {one["route"] for one in requests}
    for secret in ("Ann", "sig=", "v1=", "P1", *SECRETS, TOKEN):
        assert secret not in caplog.text + str(requests)


def test_stopping_lets_go_of_what_was_received(folder: DataFolder) -> None:
    with running_gateway(folder) as gateway:
        assert Asker(gateway.port).send(BODY).status == 200
    assert [path.name[0] for path in folder.spool.folder.iterdir()] == ["2"]
