"""Query strings as PHP reads and writes them, byte for byte (README.md, Signature).

`parse` is its parse_str, `build` its http_build_query: what the sender signed is what both
together make of what came over the wire.
"""

import re
from urllib.parse import unquote_to_bytes

Key = bytes | int
Value = bytes | dict[Key, "Value"]
Parameters = dict[Key, Value]

MOST_PARAMETERS = 1000
DEEPEST = 64
"""Brackets of one name; PHP drops a deeper name altogether."""

_INTEGER = re.compile(rb"0|-?[1-9][0-9]{0,18}")
_LARGEST = 2**63 - 1
_BLANKS = b" \t\n\v\f\r"
_UNDERLINED = bytes.maketrans(b" .", b"__")
_ALL_UNDERLINED = bytes.maketrans(b" .[", b"___")
_PLAIN = frozenset(b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.")
_ENCODED = [chr(n) if n in _PLAIN else f"%{n:02X}" for n in range(256)]
_ENCODED[ord(" ")] = "+"


def parse(query: bytes) -> Parameters:
    """The parameters in order; a repeated name keeps its first place and its last value."""
    parameters: Parameters = {}
    pairs = [pair for pair in query.split(b"&") if pair]
    for pair in pairs[:MOST_PARAMETERS]:
        name, _, value = pair.partition(b"=")
        _put(parameters, _decoded(name), _decoded(value))
    return parameters


def build(parameters: Parameters) -> bytes:
    """The query string of these parameters."""
    pairs: list[str] = []
    _append(pairs, parameters, "", "")
    return "&".join(pairs).encode()


def _decoded(text: bytes) -> bytes:
    return unquote_to_bytes(text.replace(b"+", b" "))


def _encoded(text: bytes) -> str:
    return "".join([_ENCODED[byte] for byte in text])


def _append(pairs: list[str], values: Parameters, before: str, after: str) -> None:
    for key, value in values.items():
        name = before + (str(key) if isinstance(key, int) else _encoded(key)) + after
        if isinstance(value, dict):
            _append(pairs, value, f"{name}%5B", "%5D")
        else:
            pairs.append(f"{name}={_encoded(value)}")


def _put(parameters: Parameters, name: bytes, value: bytes) -> None:
    path = _path(name)
    if not path:
        return
    if len(path) > DEEPEST + 1:
        parameters.pop(_key(path[0] or b""), None)
        return
    inner = parameters
    for step in path[:-1]:
        key = _next(inner) if step is None else _key(step)
        below = inner.get(key)
        if not isinstance(below, dict):
            below = inner[key] = {}
        inner = below
    last = path[-1]
    inner[_next(inner) if last is None else _key(last)] = value


def _path(name: bytes) -> list[bytes | None]:
    """`a[b][]` as [a, b, None]; empty where PHP takes it for no name."""
    head, bracket, rest = name.partition(b"\0")[0].lstrip(b" ").partition(b"[")
    if not head:
        return []
    path: list[bytes | None] = [head.translate(_UNDERLINED)]
    while bracket:
        skipped = 1 if rest[:1] and rest[:1] in _BLANKS else 0
        end = rest.find(b"]", skipped)
        if end < 0:
            if len(path) == 1:
                path = [(head + b"_" + rest).translate(_ALL_UNDERLINED)]
            break
        path.append(None if end == skipped else rest[:end])
        bracket, rest = rest[end + 1 : end + 2], rest[end + 2 :]
        if bracket != b"[":
            break
    return path


def _key(text: bytes) -> Key:
    """PHP takes a name that is written as a whole number for one."""
    if _INTEGER.fullmatch(text) and abs(int(text)) <= _LARGEST:
        return int(text)
    return text


def _next(values: Parameters) -> int:
    return max((key for key in values if isinstance(key, int)), default=-1) + 1
