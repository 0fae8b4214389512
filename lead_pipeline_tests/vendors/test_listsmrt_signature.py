"""ListSMRT's signature: what its language computed, and every header that must not pass."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lead_pipeline.vendors.listsmrt.signature import (
    BadSignature,
    read_header,
    signature,
    verify,
)
from lead_pipeline_tests.vendors.test_signatures import GOLDEN

VECTORS = GOLDEN["listsmrt"]["vectors"]
BODY = b'{"created": "2026-11-20T00:00:00.000Z"}'
NOW = 1_795_000_000
HEX = "0123456789abcdef" * 4


def header_value(secret: str, timestamp: int, body: bytes) -> str:
    return f"t={timestamp},v1={signature(secret, str(timestamp), body)}"


def accept(value: str, body: bytes = BODY, secrets: tuple[str, ...] = ("one",)) -> None:
    verify(read_header([value]), body, secrets, NOW)


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector["name"])
def test_the_raw_bytes_are_signed(vector: dict[str, str]) -> None:
    raw = vector["raw_body"].encode()
    key, moment = vector["signing_key"], int(vector["timestamp"])
    assert header_value(key, moment, raw) == vector["header_value_raw"]
    verify(read_header([vector["header_value_raw"]]), raw, ["other", key], moment)
    if not vector["raw_equals_reserialised"]:
        with pytest.raises(BadSignature):
            verify(read_header([vector["header_value_reserialised"]]), raw, [key], moment)


def test_any_configured_secret_may_have_signed() -> None:
    for secret in ("one", "two"):
        accept(header_value(secret, NOW, BODY), secrets=("one", "two"))
    for secrets in (("two",), ()):
        with pytest.raises(BadSignature, match="does not match"):
            accept(header_value("one", NOW, BODY), secrets=secrets)


@pytest.mark.parametrize("seconds", [0, 299, -299])
def test_within_the_tolerance(seconds: int) -> None:
    accept(header_value("one", NOW + seconds, BODY))


@pytest.mark.parametrize("seconds", [300, -300, 10**9])
def test_past_the_tolerance(seconds: int) -> None:
    with pytest.raises(BadSignature, match="too old"):
        accept(header_value("one", NOW + seconds, BODY))


def test_other_names_say_nothing() -> None:
    good = header_value("one", NOW, BODY)
    accept(f"{good},v0={HEX}")
    accept(",".join(reversed(good.split(","))))


@pytest.mark.parametrize(
    "value",
    [
        "",
        "t=1",
        f"v1={HEX}",
        f"t=1;v1={HEX}",
        f"t=1, v1={HEX}",
        f" t=1,v1={HEX}",
        f"t= 1,v1={HEX}",
        f"t=1_7,v1={HEX}",
        f"t=-1,v1={HEX}",
        f"t=+1,v1={HEX}",
        f"t=1.0,v1={HEX}",
        f"t=\u0661,v1={HEX}",
        f"t={'1' * 13},v1={HEX}",
        f"t=,v1={HEX}",
        "t=1,v1=",
        f"t=1,v1={HEX[:-1]}",
        f"t=1,v1={HEX}0",
        f"t=1,v1={HEX.upper()}",
        f"t=1,v1={HEX},v1={HEX}",
        f"t=1,t=1,v1={HEX}",
        f"t=1,v1={HEX},",
        f"T=1,v1={HEX}",
        f"t=1,v1={HEX}," + ",".join(f"a{n}=b" for n in range(100)),
    ],
)
def test_a_malformed_header(value: str) -> None:
    with pytest.raises(BadSignature):
        read_header([value])


def test_exactly_one_header() -> None:
    good = header_value("one", NOW, BODY)
    for values in ([], [good, good]):
        with pytest.raises(BadSignature, match="headers"):
            read_header(values)


@given(st.text() | st.from_regex(r"t=[0-9]+,v1=[0-9a-f]{60,66}"))
def test_no_header_is_accepted_by_chance(value: str) -> None:
    with pytest.raises(BadSignature):
        accept(value)


@given(st.binary(), st.integers(0, 2**30))
def test_one_changed_byte_is_refused(body: bytes, place: int) -> None:
    body = body or b"x"
    value = header_value("one", NOW, body)
    accept(value, body)
    changed = bytearray(body)
    changed[place % len(body)] ^= 1
    with pytest.raises(BadSignature):
        accept(value, bytes(changed))
    assert signature("one", "1", body) != signature("one", "1", bytes(changed))
