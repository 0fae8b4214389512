"""What a client asks for, once it may ask."""

import re
from dataclasses import dataclass
from typing import Any

import orjson
from starlette.datastructures import QueryParams

from lead_pipeline.sandbox.qontak.written import Record
from lead_pipeline.sandbox.refusal import Refusal

_WHOLE_NUMBER = re.compile(r"[1-9][0-9]{0,8}")
_JSON = re.compile(r'application/json(?: *; *charset="?utf-8"?)?', re.IGNORECASE)


@dataclass(frozen=True)
class Asked:
    """One request; `now` is the present in epoch milliseconds, `id` is "" where a path has none."""

    parameters: QueryParams
    id: str
    media_type: str
    body: bytes
    now: int

    def query(self, known: set[str] | frozenset[str] = frozenset()) -> dict[str, str]:
        """The parameters, each given once. Raises Refusal for any other."""
        query: dict[str, str] = {}
        for name, value in self.parameters.multi_items():
            if name not in known:
                raise Refusal(422, name, "is not a parameter that is imitated here")
            if name in query:
                raise Refusal(422, name, "is given twice")
            query[name] = value
        return query

    def fields(self) -> Record:
        """The fields of the object in the body. Raises Refusal."""
        if not _JSON.fullmatch(self.media_type):
            raise Refusal(415, "Content-Type", "must be application/json")
        return fields_of(self.body)


def fields_of(body: bytes) -> Record:
    """The fields of an object of JSON. Raises Refusal."""
    try:
        document: Any = orjson.loads(body)
    except orjson.JSONDecodeError:
        raise Refusal(400, "body", "is no JSON") from None
    if not isinstance(document, dict) or not document:
        raise Refusal(422, "body", "must be an object with fields")
    return document


def number(query: dict[str, str], name: str, default: int) -> int:
    """A whole number from 1 on. Raises Refusal."""
    text = query.get(name, str(default))
    if not _WHOLE_NUMBER.fullmatch(text):
        raise Refusal(422, name, "must be a whole number from 1 on")
    return int(text)
