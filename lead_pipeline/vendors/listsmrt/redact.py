"""Secrets that come with a generation are taken out before it is kept (README.md, Secrets)."""

import re
from io import BytesIO

from lead_pipeline.vendors import json
from lead_pipeline.vendors.contract import UnreadableDocument

REDACTED = "[redacted]"

_SECRET = re.compile(
    "secret|password|passwd|passphrase|token|credential|apikey|accesskey|privatekey|signingkey"
    "|bearer|authorization"
)
_SECRET_NAMES = frozenset({"key", "pwd", "auth", "sig", "signature", "pin", "cookie"})
_NAME = re.compile(r'"(?P<name>(?:[^"\\]|\\.)*)"\s*:\s*')
_VALUE = re.compile(r'"(?:[^"\\]|\\.)*(?:"|\\?$)|[\[{].*|[^,}\]\n]*', re.DOTALL)
"""A value in a text that is no JSON; where an object or a list ends there, nobody knows."""


def is_secret(name: str) -> bool:
    """Whether what bears this name is somebody's secret: `secretKey`, `api_key`, `TOKEN` …"""
    plain = re.sub("[^a-z0-9]", "", name.lower())
    return plain in _SECRET_NAMES or bool(_SECRET.search(plain))


def redact(body: bytes) -> bytes:
    """A body without its secrets: byte for byte as it came where it has none.

    What is no JSON is searched as text.
    """
    try:
        value = json.load(BytesIO(body))
        cleaned = _cleaned(value)
        # A name that is given twice may hide a secret in the value that did not count.
        if cleaned == value and not isinstance(value, json.Ambiguous | list):
            return body
        return json.dumps(cleaned).encode()
    except (UnreadableDocument, json.NestedTooDeeplyError, RecursionError):
        return _cleaned_text(body.decode("utf-8", "surrogateescape")).encode(
            "utf-8", "surrogateescape"
        )


def _cleaned(value: object) -> object:
    if isinstance(value, dict):
        return {
            name: REDACTED if is_secret(name) and inner is not None else _cleaned(inner)
            for name, inner in value.items()
        }
    if isinstance(value, list):
        return [_cleaned(inner) for inner in value]
    return value


def _cleaned_text(text: str) -> str:
    parts = []
    done = 0
    while match := _NAME.search(text, done):
        parts.append(text[done : match.end()])
        done = match.end()
        if is_secret(_unescaped(match["name"])):
            found = _VALUE.match(text, done)
            done = found.end() if found else len(text)
            parts.append(f'"{REDACTED}"')
    return "".join([*parts, text[done:]])


def _unescaped(name: str) -> str:
    return re.sub(r"\\u([0-9a-fA-F]{4})", lambda match: chr(int(match[1], 16)), name)
