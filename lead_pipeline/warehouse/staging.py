"""Parsed leads travel into the warehouse as Arrow-backed frames, a batch at a time."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from itertools import islice
from typing import get_type_hints

import pandas as pd
import pyarrow as pa

from lead_pipeline.records import ParsedLead
from lead_pipeline.warehouse.session import Session

BATCH_ROWS = 5_000

_ARROW_TYPES: dict[object, pa.DataType] = {
    int: pa.int32(),
    str: pa.string(),
    bool: pa.bool_(),
    datetime: pa.timestamp("us", "UTC"),
}
_SQL_TYPES: dict[object, str] = {
    int: "INTEGER",
    str: "VARCHAR",
    bool: "BOOLEAN",
    datetime: "TIMESTAMPTZ",
}


def _plain_type(hint: object) -> object:
    """`str | None` is a nullable str."""
    return next(
        kind
        for kind in (bool, int, str, datetime)
        if kind in {hint, *getattr(hint, "__args__", ())}
    )


_FIELDS = {name: _plain_type(hint) for name, hint in get_type_hints(ParsedLead).items()}


def frame_of(leads: Sequence[ParsedLead]) -> pd.DataFrame:
    """One column per field of ParsedLead, Arrow-backed, in order."""
    columns = zip(*leads, strict=True)
    arrays = [
        pa.array(column, _ARROW_TYPES[kind])
        for column, kind in zip(columns, _FIELDS.values(), strict=True)
    ]
    table = pa.table(arrays, names=list(_FIELDS))
    return pd.DataFrame(table.to_pandas(types_mapper=pd.ArrowDtype))


def _content() -> str:
    """An expression over all that the vendor sent; absent and empty stay different."""
    parts = [
        f"coalesce(epoch_us({name})::VARCHAR, chr(30))"
        if kind is datetime
        else f"coalesce({name}::VARCHAR, chr(30))"
        for name, kind in _FIELDS.items()
        if name != "record_index"
    ]
    return f"concat_ws(chr(31), {', '.join(parts)})"


CREATE_STAGED = (
    "CREATE OR REPLACE TEMP TABLE staged (lead_id VARCHAR, content_hash VARCHAR, source VARCHAR, "
    "account VARCHAR, default_country VARCHAR, "
    + ", ".join(f"{name} {_SQL_TYPES[kind]}" for name, kind in _FIELDS.items())
    + ")"
)

FILL_STAGED = f"""
INSERT INTO staged BY NAME
SELECT
    left(sha256(concat_ws(chr(31), $1, $2, key_version, natural_key)), 32) AS lead_id,
    md5({_content()}) AS content_hash,
    $1 AS source, $2 AS account, $3 AS default_country,
    {", ".join(_FIELDS)}
FROM batch
"""


def stage(
    session: Session, leads: Iterable[ParsedLead], source: str, account: str, country: str | None
) -> None:
    """Fill the temporary table `staged` with leads and their ids.

    `country` is the account's default country (ISO 3166-1 alpha-2) or None.
    """
    session.run(CREATE_STAGED)
    for batch in _batches(leads):
        with session.offered("batch", frame_of(batch)):
            session.run(FILL_STAGED, (source, account, country))


def _batches(leads: Iterable[ParsedLead]) -> Iterator[list[ParsedLead]]:
    iterator = iter(leads)
    while batch := list(islice(iterator, BATCH_ROWS)):
        yield batch
