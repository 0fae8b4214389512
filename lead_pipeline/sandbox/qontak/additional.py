"""The additional fields of a document that a client sends: a list of `{id, value}`.

`name` may come too, if it is the field's own; of a choice, `value` is the id of an option, of
several options their ids with commas, as in answers.
"""

from typing import Any

from lead_pipeline.sandbox.qontak.fields import (
    ADDITIONAL,
    DATE,
    MANY_OF,
    NUMBER,
    TEXT,
    Additional,
    chosen,
)
from lead_pipeline.sandbox.qontak.values import day_text, number_text
from lead_pipeline.sandbox.qontak.written import Record
from lead_pipeline.sandbox.refusal import Refusal

NAME = "additional_fields"
_KEYS = {"id", "name", "value", "value_name"}


def empty(stream: str) -> list[Record]:
    """All of a stream's, without a value."""
    return [field.saying(None, None) for field in ADDITIONAL[stream]]


def merged(stream: str, before: list[Record], sent: Any) -> list[Record]:  # noqa: ANN401  whatever came
    """An object's additional fields with those that were sent. Raises Refusal."""
    if not isinstance(sent, list):
        raise Refusal(422, NAME, "must be a list")
    known = {field.id: field for field in ADDITIONAL[stream]}
    said: dict[int, Record] = {}
    for one in sent:
        field = _field(known, one)
        if field.id in said:
            raise Refusal(422, f"{NAME}.{field.name}", "is given twice")
        said[field.id] = _saying(field, one.get("value"))
    return [said.get(one["id"], one) for one in before]


def _field(known: dict[int, Additional], one: Any) -> Additional:  # noqa: ANN401  whatever came
    if not isinstance(one, dict) or not {"id", "value"} <= one.keys() <= _KEYS:
        raise Refusal(422, NAME, "must hold objects with id and value")
    field = known.get(one["id"]) if type(one["id"]) is int else None
    if field is None:
        raise Refusal(422, NAME, f"{str(one['id'])[:40]} is unknown")
    if one.get("name") not in (None, field.name):
        raise Refusal(422, NAME, f"{field.id} is called {field.name}")
    return field


def _saying(field: Additional, sent: Any) -> Record:  # noqa: ANN401  whatever came
    where = f"{NAME}.{field.name}"
    if sent is None or sent == "":
        return field.saying(None, None)
    if field.type == TEXT:
        if not isinstance(sent, str):
            raise Refusal(422, where, "must be text")
        return field.saying(sent, None)
    if field.type == NUMBER:
        return field.saying(number_text(where, sent), None)
    if field.type == DATE:
        return field.saying(day_text(where, sent), None)
    return field.saying(*_chosen(field, where, sent))


def _chosen(field: Additional, where: str, sent: Any) -> tuple[str, str]:  # noqa: ANN401  whatever came
    options = {str(option.id): option for option in field.options}
    ids = str(sent).split(",") if type(sent) in (int, str) else [""]
    if not set(ids) <= options.keys() or (len(ids) > 1 and field.type != MANY_OF):
        raise Refusal(422, where, f"{str(sent)[:40]} is no choice")
    return chosen([options[one] for one in ids])
