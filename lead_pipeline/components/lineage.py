"""Which of a vendor's own fields each column is made of."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

import dagster as dg

from lead_pipeline.crm_tables import CrmView
from lead_pipeline.normalise.lineage import COLUMNS_OF
from lead_pipeline.vendors.lineage import SentField

MadeOf = Mapping[str, Sequence[str]]
"""By column, the vendor's fields that it is made of."""
Deps = Mapping[str, Sequence[dg.TableColumnDep]]
"""By column, the columns of other assets that it is made of."""

_PART = re.compile(r"fields->>?'\$\.(?P<path>[\w.]+)|\b(?P<whole>[a-z_]+)\b")


def leads_made_of(fields: Iterable[SentField]) -> dict[str, list[str]]:
    """Of the columns of `leads`."""
    found: dict[str, list[str]] = {}
    for field in fields:
        for column in {column for part in field.becomes for column in COLUMNS_OF[part]}:
            found.setdefault(column, []).append(field.name)
    return found


def view_made_of(view: CrmView, fields: Sequence[SentField]) -> dict[str, list[str]]:
    """Of the columns of a view on objects, by the expressions that it has of what they hold."""
    found = {
        column.name: [
            field.name
            for field in fields
            if any(_meet(part, sent) for part in _parts(value) for sent in field.becomes)
        ]
        for column, value in zip(view.table.columns, view.values, strict=True)
    }
    return {column: names for column, names in found.items() if names}


def _parts(value: str) -> Iterator[str]:
    """What of a stored object an expression reads: `natural_key`, `fields.size` …"""
    for found in _PART.finditer(value):
        yield f"fields.{found['path']}" if found["path"] else found["whole"]


def _meet(read: str, sent: str) -> bool:
    """Whether one is the other, or lies in it."""
    return read == sent or read.startswith(f"{sent}.") or sent.startswith(f"{read}.")


def columns_of_one(
    key: dg.AssetKey | Sequence[str], made_of: MadeOf, prefix: str = ""
) -> dict[str, list[dg.TableColumnDep]]:
    """The same as columns of the asset that shows the fields, each name after the prefix."""
    return {
        column: [dg.TableColumnDep(key, f"{prefix}{name}") for name in names]
        for column, names in made_of.items()
    }
