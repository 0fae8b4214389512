"""Rows of the published snapshot into a file that other programs open."""

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from lead_pipeline.errors import ConfigError
from lead_pipeline.landing.durable import keep, temporary_file
from lead_pipeline.pipeline.spreadsheet import (
    MOST_CHARACTERS,
    MOST_COLUMNS,
    MOST_ROWS,
    write_workbook,
)
from lead_pipeline.warehouse import Session
from lead_pipeline.warehouse.export import (
    Query,
    described,
    is_zoned,
    longest_texts,
    plain_rows,
    query_of_table,
    write_delimited,
    write_parquet,
)

Write = Callable[[Session, Query, Path], None]


class Exported(NamedTuple):
    """What was written."""

    path: Path
    rows: int
    columns: int


def export(
    session: Session, path: Path, *, table: str | None, sql: str | None, replace: bool
) -> Exported:
    """Write a table or a query (one of the two) of the snapshot that is open.

    The suffix says the kind: .csv, .parquet or .xlsx. The file is there in whole or not at all,
    readable by its owner and group. Raises ConfigError, before anything is written where it can.
    """
    write = _writer(path)
    if path.exists() and not replace:
        raise _refused(f"{path} is there already", "another name, or --replace")
    query = described(session, sql or query_of_table(session, str(table)))
    if write is _write_workbook:
        _require_room(session, query)
    try:
        with temporary_file(path.parent) as (file, part):
            write(session, query, part)
            keep(file, part, path)
    except OSError as error:
        raise _refused(
            f"{path} cannot be written: {error.strerror}", "free the disk or repair its rights"
        ) from error
    return Exported(path, query.rows, len(query.names))


def _writer(path: Path) -> Write:
    writers: dict[str, Write] = {
        ".csv": write_delimited,
        ".parquet": write_parquet,
        ".xlsx": _write_workbook,
    }
    if path.suffix not in writers:
        known = ", ".join(writers)
        raise _refused(f"{path.name} has none of the suffixes {known}", "a name with one of them")
    return writers[path.suffix]


def _require_room(session: Session, query: Query) -> None:
    """Refuse what a sheet cannot hold: Excel would leave it out in silence."""
    other = "a .csv or .parquet file, or less of it by --sql"
    if query.rows >= MOST_ROWS:
        what = f"{query.rows:,} rows and a header are more than a sheet's {MOST_ROWS:,}"
        raise _refused(what, other)
    if len(query.names) > MOST_COLUMNS:
        raise _refused(f"{len(query.names):,} columns are more than a sheet has", other)
    for name, length in longest_texts(session, query).items():
        if length > MOST_CHARACTERS:
            what = f"the column {name} has a text of {length:,} characters; a cell"
            raise _refused(f"{what} of Excel holds {MOST_CHARACTERS:,}", other)


def _write_workbook(session: Session, query: Query, path: Path) -> None:
    header = [
        f"{name} (UTC)" if is_zoned(kind) else name
        for name, kind in zip(query.names, query.types, strict=True)
    ]
    with plain_rows(session, query) as rows:
        write_workbook(path, header, rows)


def _refused(what: str, instead: str) -> ConfigError:
    return ConfigError(
        what, state="nothing was written", next_step=f"lead-pipeline export again, with {instead}"
    )
