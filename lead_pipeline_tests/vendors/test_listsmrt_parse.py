"""Generations are read whatever they hold; secrets are taken out before that."""

from datetime import UTC, datetime
from io import BytesIO
from typing import Any

import orjson
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lead_pipeline.records import ParsedObject
from lead_pipeline.vendors.contract import NewField, Unreadable, UnreadableDocument
from lead_pipeline.vendors.listsmrt import LISTSMRT
from lead_pipeline.vendors.listsmrt.envelope import Event, events_in, lines_of
from lead_pipeline.vendors.listsmrt.redact import REDACTED, is_secret, redact

MOMENT = datetime(2026, 11, 20, 12, tzinfo=UTC)
SAMPLE: dict[str, Any] = {
    "created": "2023-09-25T06:38:50.180Z",
    "type": "property.generate-content",
    "data": {
        "bed": 3,
        "type": "Townhouse",
        "perfect_for": None,
        "campaign_type": "Sale",
        "feature_details_id": "1,7,15,99",
        "metadata": {"propertyId": "P-17", "secretKey": "IvXfgldQYokW"},
    },
    "result": "Don't miss it. #ForSale",
}
values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**40), 2**40) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner),
    max_leaves=8,
)


def items(*bodies: bytes) -> list[Any]:
    events = [Event(MOMENT, "1", f"{n:064}", body) for n, body in enumerate(bodies)]
    return list(LISTSMRT.parse("webhook", BytesIO(lines_of(events)), {}, {}))


def read(value: object) -> tuple[ParsedObject, dict[str, Any]]:
    generation = items(orjson.dumps(value))[0]
    assert isinstance(generation, ParsedObject)
    return generation, orjson.loads(generation.fields)


def test_the_sample() -> None:
    generation, fields = read(SAMPLE)
    assert generation.created_at == datetime(2023, 9, 25, 6, 38, 50, 180_000, UTC)
    assert generation.natural_key == "0" * 64
    assert fields["property_id"] == "P-17"
    assert fields["features"] == ["Ensuite", "Floorboards", "Air conditioning", "99"]
    assert fields["result"] == SAMPLE["result"]
    assert "perfect_for" not in fields["data"]
    assert generation.attributes == "{}"


@pytest.mark.parametrize("name", ["propertyId", "property_id", "PropertyID", "property-id"])
@pytest.mark.parametrize(("value", "read_as"), [("7", "7"), (7, "7"), (" x ", "x"), ("", None)])
def test_the_property_in_any_spelling(name: str, value: object, read_as: str | None) -> None:
    _, fields = read({"data": {"metadata": {name: value}}})
    assert fields.get("property_id") == read_as


def test_what_nobody_named_is_kept_and_reported_once() -> None:
    value = {**SAMPLE, "score": 1, "data": {"colour": "red"}}
    found = items(*[orjson.dumps(value)] * 2)
    assert [item.path for item in found if isinstance(item, NewField)] == ["score", "data.colour"]
    assert orjson.loads(found[0].attributes) == {"score": 1, "data.colour": "red"}


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(st.dictionaries(st.sampled_from(["created", "type", "data", "result", "x"]), values))
def test_an_object_is_never_refused(value: dict[str, Any]) -> None:
    generation, _ = read(value)
    assert generation.kind == "generation"


@given(values)
def test_whatever_data_holds(data: object) -> None:
    read({"type": "t", "data": data})
    read({"type": "t", "data": {"metadata": data, "feature_details_id": data, "bed": data}})


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b'"x"', b"null", b"\xff", b"[" * 2000])
def test_what_is_no_object_is_unreadable_and_the_others_go_on(body: bytes) -> None:
    found = items(body, orjson.dumps(SAMPLE))
    assert isinstance(found[0], Unreadable)
    assert found[0].content == body
    assert isinstance(found[1], ParsedObject)


@given(st.lists(st.binary(max_size=20)))
def test_lines_hold_any_bytes(bodies: list[bytes]) -> None:
    events = [Event(MOMENT, "1", f"{n:064}", body) for n, body in enumerate(bodies)]
    assert list(events_in(BytesIO(lines_of(events)))) == events


@pytest.mark.parametrize("line", [b"{}\n", b"[]\n", b"x\n", b'{"received_at":"x","body":""}\n'])
def test_a_line_that_is_not_ours(line: bytes) -> None:
    with pytest.raises(UnreadableDocument, match="line 1"):
        list(events_in(BytesIO(line)))


@pytest.mark.parametrize("name", ["secretKey", "SECRET", "api_key", "accessToken", "pwd", "Key"])
def test_a_name_that_sounds_secret(name: str) -> None:
    assert is_secret(name)


@pytest.mark.parametrize("name", ["propertyId", "userId", "requestId", "highlight", "keynote"])
def test_a_name_that_does_not(name: str) -> None:
    assert not is_secret(name)


def test_without_a_secret_a_body_stays_byte_for_byte() -> None:
    body = b'{ "a" : 3.0, "b":"\\u00e9", "data": {"metadata": {"propertyId": "1"}} }'
    assert redact(body) == body


secrets = st.text(st.characters(codec="ascii", categories=["L", "N"]), min_size=12, max_size=20)


@given(secrets, st.sampled_from(["", " ", "\n"]), values)
def test_a_secret_is_taken_out_wherever_it_lies(secret: str, blank: str, beside: object) -> None:
    for inner in (f'"{secret}"', f'["{secret}"]', f'{{"a":"{secret}"}}'):
        around = orjson.dumps(beside).decode()
        text = f'{{"x":{around},"data":{{"metadata":{{"secretKey"{blank}:{blank}{inner}}}}}}}'
        found = redact(text.encode())
        assert secret.encode() not in found
        assert orjson.loads(found)["data"]["metadata"]["secretKey"] == REDACTED
        for broken in (text[:-1], text[:-2], text + "}", f"{text},", "[" * 2000 + text):
            assert secret.encode() not in redact(broken.encode())


@pytest.mark.parametrize(
    "text",
    [
        '{"secretKey":"SECRET-ONE","secretKey":"x"}',
        '{"metadata":{"secretKey":"SECRET-ONE"},"metadata":{}}',
        '[{"secretKey":"SECRET-ONE"}]',
        '{"\\u0073ecretKey":"SECRET-ONE"',
        '{"secretKey":"SECRET-ONE',
        "{\"secretKey\":'SECRET-ONE'",
        '{"secretKey":SECRET-ONE}',
        '{"secretKey":{"a":1,"b":"SECRET-ONE"',
    ],
)
def test_a_secret_in_odd_places(text: str) -> None:
    assert b"SECRET-ONE" not in redact(text.encode())


@given(st.binary())
def test_anything_can_be_redacted(body: bytes) -> None:
    redact(body)
