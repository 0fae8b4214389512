"""SocialSignIn's signature: the published vectors, the observed cases, and PHP itself."""

import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lead_pipeline.vendors.socialsignin.query import build, parse
from lead_pipeline.vendors.socialsignin.signature import (
    UNSIGNED,
    RefusedRequest,
    signature,
    verified,
)

HERE = Path(__file__).parent.parent
GOLDEN: dict[str, Any] = json.loads((HERE / "golden.json").read_text(encoding="utf-8"))["orlo_crm"]
CASES: dict[str, Any] = json.loads((HERE / "socialsignin_cases.json").read_text(encoding="utf-8"))
WIRE = GOLDEN["verifier_canonicalisation"]
NOW = 1_735_689_600

REBUILD = """
while (($line = fgets(STDIN)) !== false) {
    @parse_str(hex2bin(trim($line)), $parameters);
    echo bin2hex(http_build_query($parameters)), "\\n";
}
"""
PIECES = [
    *("a", "b", "q", "[", "]", "[]", ".", " ", "+", "%20", "%5B", "%5D", "%00", "=", "&", "0", "1"),
    *("-5", "05", "%7e", "~", "*", "%FF", "%zz", "%", ";", "9223372036854775807", "%09]", "a[b]"),
    *("9223372036854775808", "[x]" * 64, "[x]" * 65, "a[]=", "&a[", "-0", "é", "日本"),
]
wires = st.lists(st.sampled_from(PIECES) | st.text(max_size=3), max_size=14).map(
    lambda pieces: "".join(pieces).encode("utf-8", "replace")
)


def signed(parameters: str, secret: str = "secret") -> bytes:
    text = build(parse(parameters.encode()))
    return parameters.encode() + b"&sig=" + signature(secret, text).encode()


def refusal(query: bytes, now: int = NOW) -> tuple[int, str]:
    with pytest.raises(RefusedRequest) as refused:
        verified(query, "secret", now)
    return refused.value.status, refused.value.error


@pytest.mark.parametrize("case", WIRE["cases"], ids=lambda case: case["wire_query_without_sig"])
def test_what_comes_over_the_wire_is_signed_as_php_writes_it(case: dict[str, str]) -> None:
    rebuilt = build(parse(case["wire_query_without_sig"].encode()))
    assert rebuilt.decode() == case["canonical_re_encoding"]
    assert signature(WIRE["secret"], rebuilt) == case["expected_sig"]


@pytest.mark.parametrize("vector", GOLDEN["vectors"], ids=lambda vector: vector["name"])
def test_the_published_vectors(vector: dict[str, Any]) -> None:
    query = vector["full_query"].encode()
    expires = int(dict(vector["params_in_order"])["expires"])
    found = verified(query, vector["secret"], expires)
    assert found == {name.encode(): value.encode() for name, value in vector["params_in_order"]}
    assert signature(vector["secret"], build(found)) == vector["expected_sig"]


@pytest.mark.parametrize("case", CASES["cases"], ids=lambda case: case["case"])
def test_the_observed_cases(case: dict[str, Any]) -> None:
    query = case["request"].partition("?")[2].encode()
    body = json.loads(case["body"]) if case["body"].startswith("{") else {}
    if body.get("error") in {"missing or invalid sig or expires params", "Signature mismatch"}:
        with pytest.raises(RefusedRequest, match=body["error"]) as refused:
            verified(query, CASES["secret"], CASES["now"])
        assert refused.value.status == case["status"]
    else:
        assert verified(query, CASES["secret"], CASES["now"])


@given(wires)
def test_what_was_built_reads_as_it_was(wire: bytes) -> None:
    built = build(parse(wire))
    assert build(parse(built)) == built
    assert re.fullmatch(rb"[A-Za-z0-9\-_.+%=&]*", built)


@pytest.mark.skipif(shutil.which("php") is None, reason="PHP is not installed")
@settings(max_examples=1, deadline=None)
@given(st.lists(wires, min_size=200, max_size=200))
def test_php_reads_and_writes_the_same(queries: list[bytes]) -> None:
    lines = "".join(f"{query.hex()}\n" for query in queries)
    php = subprocess.run(
        ["php", "-d", "display_errors=0", "-r", REBUILD],
        input=lines,
        capture_output=True,
        text=True,
        check=True,
    )
    rebuilt = [bytes.fromhex(line) for line in php.stdout.split("\n")[:-1]]
    assert [build(parse(query)) for query in queries] == rebuilt


def test_the_unsigned_eight_are_dropped_and_never_read() -> None:
    assert len(UNSIGNED) == 8
    extra = b"".join(b"&" + name + b"=x" for name in UNSIGNED)
    found = verified(signed("q=a&expires=1735689600") + extra, "secret", NOW)
    assert found.keys() == {b"q", b"expires"}


@pytest.mark.parametrize(
    "query",
    ["", "q=a", "q=a&expires=1", "sig=a", "expires[]=1&sig=a", "expires=1&sig[]=a", "expires=&sig="]
    + [f"expires={text}&sig=a" for text in ("-1", "+1", "1.5", "1e9", "%D9%A1", "0x10", "1%00")],
)
def test_without_a_proper_time_and_signature_it_is_malformed(query: str) -> None:
    assert refusal(query.encode()) == (400, "missing or invalid sig or expires params")


def test_the_signature_is_checked_before_the_time() -> None:
    assert refusal(signed("q=a&expires=1")) == (403, "request expired")
    assert refusal(signed("q=a&expires=1", "other")) == (403, "Signature mismatch")
    assert verified(signed(f"q=a&expires={NOW}"), "secret", NOW)
    assert refusal(signed(f"q=a&expires={NOW}"), NOW + 1) == (403, "request expired")
    assert verified(signed("q=a&expires=" + "9" * 5000), "secret", NOW)


@settings(max_examples=200)
@given(st.data())
def test_one_changed_character_is_refused(data: st.DataObject) -> None:
    query = signed("q=Ann Lee&expires=1735689700").decode()
    place = data.draw(st.integers(0, len(query) - 1))
    other = data.draw(st.sampled_from("abcXYZ019~*+%&=._[]").filter(lambda c: c != query[place]))
    changed = f"{query[:place]}{other}{query[place + 1 :]}".encode()
    # A plus is a blank, so that writing one for the other changes nothing.
    if build(parse(changed)) != build(parse(query.encode())):
        assert refusal(changed)[0] in {400, 403}
