"""What becomes of each field that a vendor sends: where column lineage begins."""

from collections.abc import Mapping
from typing import NamedTuple


class SentField(NamedTuple):
    """A field by the vendor's own name, and the fields of the parsed record that it goes into.

    Those are the fields of `records.ParsedLead` or of `records.ParsedObject`; `fields.size` is a
    name inside of the latter's `fields`. One that is ignored goes into none. That a shape nobody
    expects is kept in `attributes` and reported is not said here.
    """

    name: str
    becomes: tuple[str, ...]


def sent_fields(becomes: Mapping[str, str]) -> tuple[SentField, ...]:
    """From the vendor's names and, separated by blanks, those of the parsed record."""
    return tuple(SentField(name, tuple(fields.split())) for name, fields in becomes.items())
