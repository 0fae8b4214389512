"""The published snapshot without personal data, for whoever needs none.

    snapshots/masked-000012.duckdb     what it is written to, mode 0440; the last few are kept
    leads-masked.duckdb                a symbolic link to the newest

Text that is personal is an HMAC-SHA256 under a key, 32 hex digits: equal values stay equal, in all
tables, so that joins and counts work. So is an id that may be made of a phone, an e-mail or a name,
or be one: whoever has it could try them all. Personal values of other types are left out. Which
columns are personal the described tables say; a column that none of them describes is left out
too, unless it is a number or a time of a mart, or is known by its name from a table where it is
not personal.
"""

import hashlib
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import duckdb

from lead_pipeline.crm_tables import CRM_LINKS, CRM_VIEWS
from lead_pipeline.errors import LandingError
from lead_pipeline.listing_tables import LISTING_VERSIONS, LISTINGS
from lead_pipeline.tables import LEADS, PUBLISHED_VERSIONS, Table
from lead_pipeline.warehouse.memory import allow_memory, way_out
from lead_pipeline.warehouse.migrate import PERSON_VIEWS, STORED_TABLES
from lead_pipeline.warehouse.publish import (
    KEPT_SNAPSHOTS,
    STORAGE_VERSION,
    point_to,
    put_in_place,
)
from lead_pipeline.warehouse.session import Session
from lead_pipeline.warehouse.tables import quoted

POINTER = "leads-masked.duckdb"
DESCRIBED: tuple[Table, ...] = (
    *(LEADS, LISTINGS, LISTING_VERSIONS.table, CRM_LINKS),
    *(view.table for view in CRM_VIEWS),
    *(*STORED_TABLES, *PERSON_VIEWS),
)
"""Every published table but the marts, which hold no personal data and describe themselves."""

MEASURES = ("BIGINT", "INTEGER", "DOUBLE", "DATE", "BOOLEAN", "TIMESTAMP WITH TIME ZONE")
IDS_OF_PERSONS = re.compile(r"(\w+_)?(lead|push)_ids?|(\w+_)?natural_keys?")
"""Names of columns whose ids are hashes without a key, or what a file of leads said."""
_BLOCK = 64
_DIGITS = 32


class Kept(NamedTuple):
    """A column of the masked snapshot: how its values are made, and what was done to them."""

    value: str
    done: str = ""


def mask_snapshot(snapshot: Path, key: str, memory_megabytes: int) -> Path:
    """Write the masked twin of a snapshot beside it, and point to it. Raises LandingError."""
    masked = snapshot.with_name(snapshot.name.replace("leads-", "masked-"))
    part = masked.with_name(f".part-{masked.name}")
    try:
        part.unlink(missing_ok=True)
        with _between(snapshot, part, key, memory_megabytes) as session:
            for schema, table in _tables(session):
                session.run(_copy(session, schema, table))
        put_in_place(part, masked)
        point_to(masked.parents[1] / POINTER, masked)
        for old in sorted(masked.parent.glob("masked-*.duckdb"))[:-KEPT_SNAPSHOTS]:
            old.unlink(missing_ok=True)
    except (OSError, duckdb.OperationalError) as error:
        raise LandingError(
            f"the masked snapshot {masked} could not be written ({type(error).__name__})",
            state="the snapshot itself is published; the masked one before is as it was",
            next_step=f"{way_out(error)}, then lead-pipeline mask",
        ) from error
    finally:
        part.unlink(missing_ok=True)
    return masked


@contextmanager
def _between(snapshot: Path, part: Path, key: str, memory_megabytes: int) -> Iterator[Session]:
    """A session that reads the one as `clear` and writes the other as `masked`."""
    spill = snapshot.parents[1] / "spill"
    with duckdb.connect(":memory:", config={"temp_directory": str(spill)}) as connection:
        session = Session(connection, memory_megabytes)
        session.run(_hash_macro(key))
        session.run(f"ATTACH {quoted(str(snapshot))} AS clear (READ_ONLY)")
        ((leads,),) = session.rows(
            f"SELECT coalesce(max(leads), 0) FROM clear.{PUBLISHED_VERSIONS.name}"
        )
        allow_memory(session, leads)
        session.run(f"ATTACH {quoted(str(part))} AS masked (STORAGE_VERSION '{STORAGE_VERSION}')")
        yield session


def _hash_macro(key: str) -> str:
    """HMAC (RFC 2104) in SQL: the two halves of the key as the standard pads them."""
    secret = key.encode()
    if len(secret) > _BLOCK:
        secret = hashlib.sha256(secret).digest()
    secret = secret.ljust(_BLOCK, b"\0")
    inner, outer = (bytes(byte ^ pad for byte in secret).hex() for pad in (0x36, 0x5C))
    return (
        "CREATE TEMP MACRO keyed_hash(text) AS left(sha256("
        f"unhex('{outer}') || unhex(sha256(unhex('{inner}') || encode(text)))), {_DIGITS})"
    )


def _tables(session: Session) -> list[tuple[str, str]]:
    return session.rows(
        "SELECT schema_name, table_name FROM duckdb_tables() WHERE database_name = 'clear' "
        "ORDER BY ALL"
    )


def _copy(session: Session, schema: str, table: str) -> str:
    """The statements that make, fill and describe one table."""
    target = f'masked."{schema}"."{table}"'
    columns = session.rows(
        "SELECT column_name, data_type, comment FROM duckdb_columns() "
        "WHERE database_name = 'clear' AND schema_name = ? AND table_name = ? "
        "ORDER BY column_index",
        (schema, table),
    )
    ((comment,),) = session.rows(
        "SELECT comment FROM duckdb_tables() "
        "WHERE database_name = 'clear' AND schema_name = ? AND table_name = ?",
        (schema, table),
    )
    kept = {name: masking_of(schema, table, name, kind) for name, kind, _ in columns}
    values = ", ".join(f'{kept[name].value} AS "{name}"' for name, _, _ in columns)
    types = ", ".join(f'"{name}" {kind}' for name, kind, _ in columns)
    statements = [
        f'CREATE SCHEMA IF NOT EXISTS masked."{schema}"',
        f"CREATE TABLE {target} ({types})",
        f'INSERT INTO {target} SELECT {values} FROM clear."{schema}"."{table}"',
        f"COMMENT ON TABLE {target} IS {quoted(comment or '')}",
    ]
    statements += [
        f'COMMENT ON COLUMN {target}."{name}" IS {quoted((meaning or "") + kept[name].done)}'
        for name, _, meaning in columns
    ]
    return ";\n".join(statements)


def masking_of(schema: str, table: str, column: str, kind: str) -> Kept:
    """What becomes of a column."""
    full_name = table if schema == "main" else f"{schema}.{table}"
    if IDS_OF_PERSONS.fullmatch(column):
        return _masked(column, kind)
    found = _PERSONAL.get((full_name, column))
    if found is None:
        is_measure = schema == "marts" and (kind in MEASURES or kind.startswith("DECIMAL("))
        found = not (is_measure or (schema == "marts" and column in _HARMLESS_NAMES))
        if found:
            return Kept("NULL", " (left out: it is not described)")
    if not found:
        return Kept(f'"{column}"')
    return _masked(column, kind)


def _masked(column: str, kind: str) -> Kept:
    if kind == "VARCHAR":
        return Kept(f'keyed_hash("{column}")', " (masked: a keyed hash)")
    if kind == "VARCHAR[]":
        each = f'list_transform("{column}", lambda value: keyed_hash(value))'
        return Kept(each, " (masked: keyed hashes)")
    return Kept("NULL", " (masked: left out)")


_PERSONAL = {
    (table.name, column.name): column.personal for table in DESCRIBED for column in table.columns
}
_HARMLESS_NAMES = {name for (_, name), is_personal in _PERSONAL.items() if not is_personal} - {
    name for (_, name), is_personal in _PERSONAL.items() if is_personal
}
