"""The fields of an object, filled in as the YAML maps them. Pure."""

import re
from collections.abc import Container, Iterator, Mapping
from typing import Any

from lead_pipeline.push.settings import Choice, Fields, Value

_BLANK = re.compile(r"\{([^{}]*)\}")


def filled(fields: Fields, known: Mapping[str, Any]) -> dict[str, object]:
    """The fields whose value is known; a text with a blank that nothing fills is left out."""
    values = {name: value_of(value, known) for name, value in fields.items()}
    return {name: value for name, value in values.items() if value is not None}


def value_of(value: Value, known: Mapping[str, Any]) -> object:
    """One value: a constant, a choice, or a text with blanks such as `{interest_name|source}`."""
    if isinstance(value, Choice):
        return value.values.get(str(known.get(value.column)), value.otherwise)
    if not isinstance(value, str):
        return value
    missing = False

    def fill(match: re.Match[str]) -> str:
        nonlocal missing
        found = next((known[name] for name in match[1].split("|") if known.get(name)), None)
        missing = missing or found is None
        return str(found)

    text = _BLANK.sub(fill, value).strip()
    return None if missing or not text else text


def columns_of(fields: Mapping[str, Value]) -> Iterator[str]:
    """The columns that the values name."""
    for value in fields.values():
        if isinstance(value, Choice):
            yield value.column
        elif isinstance(value, str):
            for match in _BLANK.finditer(value):
                yield from match[1].split("|")


def is_empty(value: object) -> bool:
    """Whether nobody has entered anything there."""
    if isinstance(value, str):
        return not value.strip()
    return value is None or value in ([], {})


def without(fields: Mapping[str, object], names: Container[str]) -> dict[str, object]:
    """The fields that have none of these names, the account's own among them."""
    found = {name: value for name, value in fields.items() if name not in names}
    entries = found.get(ADDITIONAL)
    if isinstance(entries, list):
        found[ADDITIONAL] = [entry for entry in entries if entry["name"] not in names]
    return found


def still_empty(wanted: Mapping[str, object], record: Mapping[str, Any]) -> dict[str, object]:
    """What of the wanted fields the record of the CRM has nothing for."""
    found = {
        name: value
        for name, value in wanted.items()
        if name != ADDITIONAL and is_empty(record.get(name))
    }
    entries = wanted.get(ADDITIONAL)
    if isinstance(entries, list):
        said = {
            entry.get("name")
            for entry in record.get(ADDITIONAL) or ()
            if isinstance(entry, dict) and not is_empty(entry.get("value"))
        }
        if left := [entry for entry in entries if entry["name"] not in said]:
            found[ADDITIONAL] = left
    return found


ADDITIONAL = "additional_fields"
"""Where a CRM has an account's own fields: a list of `{id, name, value}`."""
