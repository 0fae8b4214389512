"""Parsed records travel into the warehouse as Arrow-backed frames, a batch at a time."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from itertools import islice
from typing import Any, NamedTuple, get_type_hints

import pandas as pd
import pyarrow as pa

from lead_pipeline.records import Origin, ParsedLead, ParsedObject
from lead_pipeline.warehouse.memory import allow_memory_to_load
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


def _plain_fields(record: type, *others: str) -> dict[str, object]:
    """Name to type of what a record says, but for `others`."""
    hints = get_type_hints(record)
    return {name: _plain_type(hint) for name, hint in hints.items() if name not in others}


_Row = tuple[Origin, Any]


class _Kind(NamedTuple):
    """A kind of record: where it is staged, under which id, and which of its fields."""

    table: str
    key: str
    identity: str
    fields: dict[str, object]


_LEADS = _Kind(
    "staged",
    "lead_id",
    "$source, $account, key_version, natural_key",
    _plain_fields(ParsedLead),
)
_OBJECTS = _Kind(
    "staged_objects",
    "object_id",
    "$source, $account, kind, key_version, natural_key",
    _plain_fields(ParsedObject, "lead"),
)
_OF_ORIGIN = {"delivery_sha256": str, "requested_at": datetime}


def frame_of(leads: Sequence[tuple[Origin, ParsedLead]]) -> pd.DataFrame:
    """One column per field of ParsedLead and of its origin, Arrow-backed, in order."""
    return _frame(_LEADS, leads)


def _frame(kind: _Kind, rows: Sequence[_Row]) -> pd.DataFrame:
    origins, records = zip(*rows, strict=True)
    # What a record has beyond its plain fields (a contact's lead) comes last, and stays out.
    columns = [*zip(*origins, strict=True), *zip(*records, strict=True)]
    fields = _OF_ORIGIN | kind.fields
    arrays = [
        pa.array(column, _ARROW_TYPES[hint])
        for column, hint in zip(columns, fields.values(), strict=False)
    ]
    table = pa.table(arrays, names=list(fields))
    return pd.DataFrame(table.to_pandas(types_mapper=pd.ArrowDtype))


def _content(fields: dict[str, object]) -> str:
    """An expression over all that the vendor sent; absent and empty stay different."""
    parts = [
        f"coalesce(epoch_us({name})::VARCHAR, chr(30))"
        if kind is datetime
        else f"coalesce({name}::VARCHAR, chr(30))"
        for name, kind in fields.items()
        if name != "record_index"
    ]
    return f"concat_ws(chr(31), {', '.join(parts)})"


def _create(kind: _Kind) -> str:
    fields = _OF_ORIGIN | kind.fields
    return (
        f"CREATE OR REPLACE TEMP TABLE {kind.table} ({kind.key} VARCHAR, content_hash VARCHAR, "
        "source VARCHAR, account VARCHAR, default_country VARCHAR, "
        + ", ".join(f"{name} {_SQL_TYPES[hint]}" for name, hint in fields.items())
        + ")"
    )


def _fill(kind: _Kind) -> str:
    return f"""
    INSERT INTO {kind.table} BY NAME
    SELECT
        left(sha256(concat_ws(chr(31), {kind.identity})), 32) AS {kind.key},
        md5({_content(kind.fields)}) AS content_hash,
        $source AS source, $account AS account, $default_country AS default_country,
        {", ".join(_OF_ORIGIN | kind.fields)}
    FROM batch
    """


def stage(
    session: Session,
    records: Iterable[tuple[Origin, ParsedLead | ParsedObject]],
    source: str,
    account: str,
    country: str | None,
) -> None:
    """Fill the temporary tables `staged` (leads) and `staged_objects`, with their ids.

    An object that is an enquiry too is in both. `country` is the account's default country
    (ISO 3166-1 alpha-2) or None. What comes next may use memory for what has arrived.
    """
    arrived = 0
    for kind in (_LEADS, _OBJECTS):
        session.run(_create(kind))
    of_account = {"source": source, "account": account, "default_country": country}
    for batch in _batches(records):
        arrived += len(batch)
        objects = [row for row in batch if isinstance(row[1], ParsedObject)]
        leads = _leads_in(batch) if objects else batch
        for kind, rows in ((_LEADS, leads), (_OBJECTS, objects)):
            if rows:
                with session.offered("batch", _frame(kind, rows)):
                    session.run(_fill(kind), of_account)
    allow_memory_to_load(session, arrived)


def _leads_in(batch: Sequence[_Row]) -> list[tuple[Origin, ParsedLead]]:
    found = (
        (origin, record.lead if isinstance(record, ParsedObject) else record)
        for origin, record in batch
    )
    return [(origin, lead) for origin, lead in found if lead is not None]


def _batches(records: Iterable[_Row]) -> Iterator[list[_Row]]:
    iterator = iter(records)
    while batch := list(islice(iterator, BATCH_ROWS)):
        yield batch
