import json
from pathlib import Path
from typing import Any

import pytest

from lead_pipeline.sandbox import aimbase, housing

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
