"""The field template of an object (`/info`): names and types of an account's own fields."""

import re
from collections.abc import Callable
from typing import Any, BinaryIO, NamedTuple

from lead_pipeline.vendors import json
from lead_pipeline.vendors.contract import UnreadableDocument
from lead_pipeline.vendors.qontak.envelope import Envelope, identity, opened
from lead_pipeline.vendors.qontak.values import choices, day_or_moment, number

_ADDITIONAL = "additional_fields"
_FORMS: tuple[tuple[re.Pattern[str], Callable[[object], Any]], ...] = (
    (re.compile("multi|checkbox|checklist"), choices),
    (re.compile("date"), day_or_moment),
    (re.compile("number|numeric|integer|decimal|currency|percent"), number),
)
_ENTRY = frozenset(["id", "name", "value", "value_name"])


class _Typed(NamedTuple):
    """The type that a template names, and how its values are read."""

    kind: str
    form: Callable[[object], Any]


class Template:
    """Which type each additional field has. Without entries every value stays as it came."""

    def __init__(self, envelope: Envelope | None = None) -> None:
        self._by_id: dict[str | None, _Typed] = {}
        self._by_name: dict[str, _Typed] = {}
        for entry in envelope.records if envelope else ():
            name, kind = _name_of(entry), entry.get("type")
            typed = _typed(kind) if entry.get("additional_field") is not False else None
            if typed is not None:
                self._by_name[name] = self._by_id[identity(entry)] = typed
        self._by_id.pop(None, None)

    def read(self, entries: list[Any], news: list[str]) -> dict[str, dict[str, Any]] | None:
        """Additional fields by name, those without any value left out.

        None where an entry has no name. What nobody knows, or is not of its type, goes to `news`.
        """
        found: dict[str, dict[str, Any]] = {}
        for entry in entries:
            name = entry.get("name") if isinstance(entry, dict) else None
            if not isinstance(name, str):
                return None
            value, value_name = entry.get("value"), entry.get("value_name")
            kept = {"id": entry.get("id"), "value": value, "value_name": value_name}
            if not _ENTRY.issuperset(entry):
                others = {key: one for key, one in entry.items() if key not in _ENTRY}
                news.extend(f"{_ADDITIONAL}.{key}" for key in others)
                kept |= others
            elif value is None and value_name is None:
                continue
            if self._by_name and value is not None and value != "":
                kept["value"] = self._value(name, entry, value, news)
            if name in found:
                news.append(f"{_ADDITIONAL}.{name}:repeated")
                name = f"{name} #{identity(entry)}"
            found[name] = kept
        return found

    def _value(self, name: str, entry: dict[str, Any], value: object, news: list[str]) -> object:
        """The value by its type; one that is not of its type stays as it came, and is reported."""
        typed = self._by_id.get(identity(entry)) or self._by_name.get(name)
        if typed is None:
            return value
        read = typed.form(value)
        if read is None:
            news.append(f"{_ADDITIONAL}.{name}:not a {typed.kind}")
            return value
        return read


def template_of(body: BinaryIO | None) -> Template:
    """The template in a body, or an empty one. Raises UnreadableDocument."""
    return Template() if body is None else Template(opened(json.load(body)))


def _typed(kind: object) -> _Typed | None:
    """How values of a type are read; None where they stay as they came."""
    name = kind.lower() if isinstance(kind, str) else ""
    forms = (form for pattern, form in _FORMS if pattern.search(name))
    form = next(forms, None)
    return None if form is None else _Typed(name, form)


def _name_of(entry: object) -> str:
    name = entry.get("name") if isinstance(entry, dict) else None
    if not isinstance(name, str) or not name.strip():
        raise UnreadableDocument("the field template has an entry without a name")
    return name
