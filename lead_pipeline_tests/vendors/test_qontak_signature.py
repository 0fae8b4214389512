"""Qontak's own vectors, and that what is signed is what is sent."""

import json
from datetime import UTC, datetime
from email.utils import format_datetime
from pathlib import Path
from typing import Any

import pytest

from lead_pipeline.vendors.qontak.signature import authorization, digest, signature

GOLDEN: dict[str, Any] = json.loads(
    (Path(__file__).parent.parent / "golden.json").read_text(encoding="utf-8")
)["mekari_qontak"]


@pytest.mark.parametrize("vector", GOLDEN["vectors"], ids=lambda vector: vector["name"])
def test_the_vectors(vector: dict[str, str]) -> None:
    date, method, target = vector["date"], vector["method"], vector["request_target"]
    secret = vector["client_secret"]
    assert signature(secret, date, method, target) == vector["expected_signature"]
    header = authorization(vector["client_id"], secret, date, method, target)
    assert header == vector["authorization_header"]
    path = target.partition("?")[0]
    left_out = vector["signature_if_query_left_out_of_request_line"]
    assert signature(secret, date, method, path) == left_out


def test_the_digest_of_a_body() -> None:
    official = GOLDEN["digest_official"]
    assert digest(official["body"].encode()) == official["published"]
    for vector in GOLDEN["vectors"]:
        if "body" in vector:
            assert digest(vector["body"].encode()) == vector["digest_header"]


def test_the_date_has_the_form_of_the_vectors() -> None:
    moment = datetime(2024, 11, 14, 6, 23, 23, tzinfo=UTC)
    assert format_datetime(moment, usegmt=True) == GOLDEN["vectors"][0]["date"]
