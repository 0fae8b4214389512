"""The vendors' own vectors: what their languages and libraries computed."""

import json
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from lead_pipeline.vendors.aimbase.signature import authenticate, new_nonce, signature
from lead_pipeline.vendors.housing.signature import request_hash

GOLDEN: dict[str, Any] = json.loads(
    (Path(__file__).parent.parent / "golden.json").read_text(encoding="utf-8")
)


@pytest.mark.parametrize("vector", GOLDEN["housing"]["vectors"], ids=lambda v: v["name"])
def test_housing_hash(vector: dict[str, str]) -> None:
    assert request_hash(vector["hmac_key"], vector["hmac_message"]) == vector["expected_hash"]
    moment = datetime.fromtimestamp(int(vector["hmac_message"]), UTC)
    assert str(int(moment.timestamp())) == vector["hmac_message"]


@pytest.mark.parametrize("vector", GOLDEN["aimbase"]["vectors"], ids=lambda v: v["name"])
def test_aimbase_header(vector: dict[str, Any]) -> None:
    parts = (
        vector["private_key"],
        vector["timestamp"],
        vector["nonce"],
        vector["public_key"],
    )
    assert signature(*parts) == vector["expected_signature"]
    assert authenticate(*parts) == vector["header_value"]


def test_a_nonce_is_fifty_alphanumerics_and_never_the_same() -> None:
    nonces = {new_nonce() for _ in range(1000)}
    assert len(nonces) == 1000
    assert all(re.fullmatch("[0-9A-Za-z]{50}", nonce) for nonce in nonces)
