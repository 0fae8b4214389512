"""Rows of a table or a query, as files for other programs.

No cell is a live formula: in a CSV, text that a spreadsheet would compute gets an apostrophe before
it, and so does what would begin a cell where the list separator is not the comma; in a workbook it
is typed as text. Times are UTC and say so.
"""

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import duckdb

from lead_pipeline.errors import ConfigError
from lead_pipeline.warehouse.memory import allow_all_memory
from lead_pipeline.warehouse.session import Session
from lead_pipeline.warehouse.tables import quoted

LIVE = tuple("=+-@\t\r\n") + tuple(map(chr, (0xFF1D, 0xFF0B, 0xFF0D, 0xFF20)))
"""How text begins that a spreadsheet may compute, in both widths."""
NUMBER = r"[+-]?[0-9]+(\.[0-9]+)?"
"""What is only a number: an E.164 phone, say. It computes to itself, and stays as it is."""
_SIGNS = re.escape("".join(sign for sign in LIVE if not sign.isspace()))
SPLIT = rf'([;\t\r\n])("*[{_SIGNS}])'
"""What is live in a program that ends a cell at `;`, a tab or a new line within our quotes."""
MARKED = r"\1'\2"
BATCH_ROWS = 5_000

_NUMERIC = re.compile(r"U?(TINYINT|SMALLINT|INTEGER|BIGINT|HUGEINT)|FLOAT|DOUBLE|DECIMAL\(.*\)")
_ZONED = "TIMESTAMP WITH TIME ZONE"


class Query(NamedTuple):
    """What is to be exported: rows of the published snapshot, and their columns with types."""

    sql: str
    names: tuple[str, ...]
    types: tuple[str, ...]
    rows: int


def query_of_table(session: Session, table: str) -> str:
    """All of a published table. Raises ConfigError where there is none of that name."""
    names = [
        name if schema == "main" else f"{schema}.{name}"
        for schema, name in session.rows(
            "SELECT schema_name, table_name FROM duckdb_tables() WHERE NOT internal ORDER BY ALL"
        )
    ]
    if table not in names:
        raise ConfigError(
            f"no table is named {table}; there are {', '.join(names)}",
            state="nothing was written",
            next_step="the same command with one of them, or with --sql",
        )
    return f"SELECT * FROM {table}"


def described(session: Session, sql: str) -> Query:
    """The query with its columns and the number of its rows. Raises ConfigError.

    It may use all memory that there is: it may ask anything.
    """
    allow_all_memory(session)
    statement = sql.strip().rstrip(";")
    with _said():
        columns = session.rows(f"DESCRIBE SELECT * FROM (\n{statement}\n)")
        ((rows,),) = session.rows(f"SELECT count(*) FROM (\n{statement}\n)")
    names, types = zip(*((name, kind) for name, kind, *_ in columns), strict=True)
    return Query(statement, names, types, rows)


def write_delimited(session: Session, query: Query, path: Path) -> None:
    """A CSV in UTF-8; times as 2026-11-20T12:00:00Z. Raises ConfigError."""
    values = [_text(f"c{n}", kind) for n, kind in enumerate(query.types)]
    split = (re.sub(SPLIT, MARKED, name) for name in query.names)
    names = tuple(f"'{name}" if name.startswith(LIVE) else name for name in split)
    _copy(session, query._replace(names=names), values, path, "FORMAT csv, HEADER")


def write_parquet(session: Session, query: Query, path: Path) -> None:
    """A Parquet file with the types of the database. Raises ConfigError."""
    values = [f"c{n}" for n in range(len(query.names))]
    _copy(session, query, values, path, "FORMAT parquet, COMPRESSION zstd")


@contextmanager
def plain_rows(session: Session, query: Query) -> Iterator[Iterator[Sequence[Any]]]:
    """Rows as a workbook can hold them: numbers, truth values, days, times without a zone, text."""
    values = [_plain(f"c{n}", kind) for n, kind in enumerate(query.types)]
    with _said(), session.batches(_select(query, values), BATCH_ROWS) as batches:
        yield (
            row
            for batch in batches
            for row in zip(*(column.to_pylist() for column in batch.columns), strict=True)
        )


def longest_texts(session: Session, query: Query) -> dict[str, int]:
    """How many characters the longest text of each column has."""
    values = [f"max(length(CAST(c{n} AS VARCHAR)))" for n in range(len(query.names))]
    with _said():
        (lengths,) = session.rows(_select(query, values))
    return {name: length or 0 for name, length in zip(query.names, lengths, strict=True)}


def is_zoned(kind: str) -> bool:
    """Whether a column holds moments in UTC."""
    return kind == _ZONED


def _copy(session: Session, query: Query, values: Sequence[str], path: Path, how: str) -> None:
    with _said():
        # Ours is the temporary file already.
        session.run(
            f"COPY ({_select(query, values)}) TO {quoted(str(path))} ({how}, USE_TMP_FILE false)"
        )


def _select(query: Query, values: Sequence[str]) -> str:
    """The values of each row, under the names of the query's columns."""
    names = ", ".join(f"c{n}" for n in range(len(query.names)))
    chosen = ", ".join(
        f"{value} AS {_identifier(name)}" for value, name in zip(values, query.names, strict=True)
    )
    return f"SELECT {chosen} FROM (\n{query.sql}\n) AS chosen({names})"


def _identifier(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _text(value: str, kind: str) -> str:
    if kind == _ZONED:
        return f"strftime({value} AT TIME ZONE 'UTC', '%Y-%m-%dT%H:%M:%S.%fZ')"
    if _NUMERIC.fullmatch(kind) or kind in {"BOOLEAN", "DATE"}:
        return value
    text = f"CAST({value} AS VARCHAR)"
    is_live = f"left({text}, 1) IN ({', '.join(map(quoted, LIVE))})"
    within = f"regexp_replace({text}, {quoted(SPLIT)}, {quoted(MARKED)}, 'g')"
    return (
        f"CASE WHEN {is_live} AND NOT regexp_full_match({text}, '{NUMBER}') "
        f"THEN chr(39) || {within} ELSE {within} END"
    )


def _plain(value: str, kind: str) -> str:
    if kind == _ZONED:
        return f"{value} AT TIME ZONE 'UTC'"
    is_plain = _NUMERIC.fullmatch(kind) or kind in {"BOOLEAN", "DATE", "TIMESTAMP"}
    return value if is_plain else f"CAST({value} AS VARCHAR)"


@contextmanager
def _said() -> Iterator[None]:
    """What the database says of a query is for whoever wrote it."""
    try:
        yield
    except duckdb.OutOfMemoryException:
        raise
    except duckdb.Error as error:
        raise ConfigError(
            f"the query cannot be run: {str(error).strip().partition(chr(10))[0]}",
            state="nothing was written",
            next_step="correct it (docs/data-dictionary.md has every table and column), "
            "then the same command again",
        ) from None
