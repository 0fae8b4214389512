import json
from pathlib import Path
from typing import Any

import pytest

from lead_pipeline.sandbox import aimbase, housing
from lead_pipeline.sandbox.callers import signature_header, signed_query

GOLDEN: dict[str, Any] = json.loads(
    (Path(__file__).parents[1] / "golden.json").read_text(encoding="utf-8")
)


@pytest.mark.parametrize("vector", GOLDEN["housing"]["vectors"], ids=lambda vector: vector["name"])
def test_housing_hash_is_the_documents(vector: dict[str, str]) -> None:
    signed = housing.signature(vector["hmac_key"], vector["hmac_message"])
    assert signed == vector["expected_hash"]


@pytest.mark.parametrize("vector", GOLDEN["aimbase"]["vectors"], ids=lambda vector: vector["name"])
def test_aimbase_signature_is_the_documents(vector: dict[str, Any]) -> None:
    signed = aimbase.signature(
        vector["private_key"], str(vector["timestamp"]), vector["nonce"], vector["public_key"]
    )
    assert signed == vector["expected_signature"]


@pytest.mark.parametrize("vector", GOLDEN["aimbase"]["vectors"], ids=lambda vector: vector["name"])
def test_aimbase_header_is_read_as_documented(vector: dict[str, Any]) -> None:
    assert aimbase.credentials(vector["header_value"]) == (
        str(vector["timestamp"]),
        vector["nonce"],
        vector["expected_signature"],
        vector["public_key"],
    )


@pytest.mark.parametrize("vector", GOLDEN["listsmrt"]["vectors"], ids=lambda vector: vector["name"])
def test_listsmrt_header_is_the_documents(vector: dict[str, Any]) -> None:
    header = signature_header(
        vector["raw_body"].encode(), vector["signing_key"], vector["timestamp"]
    )
    assert header == vector["header_value_raw"]


@pytest.mark.parametrize("vector", GOLDEN["orlo_crm"]["vectors"], ids=lambda vector: vector["name"])
def test_socialsignin_query_is_phps(vector: dict[str, Any]) -> None:
    pairs = [(name, value) for name, value in vector["params_in_order"]]
    assert signed_query(pairs, vector["secret"]) == vector["full_query"]


def test_bytes_that_are_no_utf_8_are_signed_as_they_are() -> None:
    (case,) = (
        one
        for one in GOLDEN["orlo_crm"]["verifier_canonicalisation"]["cases"]
        if "%FF" in one["wire_query_without_sig"]
    )
    secret = GOLDEN["orlo_crm"]["verifier_canonicalisation"]["secret"]
    query = signed_query([("q", b"\xff"), ("expires", "1735689600")], secret)
    assert query == f"{case['canonical_re_encoding']}&sig={case['expected_sig']}"
