"""Publish an immutable, versioned, read-only snapshot and move the pointer to it.

    snapshots/leads-000012.duckdb     what analysts open, mode 0440; the last few are kept
    snapshots/leads-000012.*.arrow    what the gateway searches (search_index.py)
    leads.duckdb                      a symbolic link to the newest

The file format is that of DuckDB 1.0, so that every later version and tool reads it. Everything
in the schemas main, ops and marts is published, with its comments.
"""

import os
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import NamedTuple

import duckdb

from lead_pipeline.disk import flush_folder
from lead_pipeline.errors import LandingError
from lead_pipeline.tables import PUBLISHED_VERSIONS
from lead_pipeline.warehouse.memory import way_out
from lead_pipeline.warehouse.publications import remember_publication
from lead_pipeline.warehouse.search_index import index_files, is_indexed, write_search_index
from lead_pipeline.warehouse.session import Session
from lead_pipeline.warehouse.tables import quoted

POINTER = "leads.duckdb"
KEPT_SNAPSHOTS = 5
STORAGE_VERSION = "v1.0.0"
_SNAPSHOT = re.compile(r"leads-(?P<version>\d{6,})\.duckdb")
_OURS = (
    "schema_name IN ('main', 'ops', 'marts') AND NOT internal "
    "AND database_name = current_database()"
)


@dataclass(frozen=True, slots=True)
class Published:
    """A snapshot that is now the current one."""

    version: int
    path: Path
    leads: int
    people: int


def publish(session: Session, data_folder: Path, now: datetime) -> Published | None:
    """Write the next snapshot, if anything was loaded or decided since the last; else None.

    Raises LandingError where the disk refuses; the pointer then still names the snapshot before.
    """
    load_id = session.rows("SELECT coalesce(max(load_id), 0) FROM ops.deliveries")[0][0]
    ((version, published_load_id, is_decided),) = session.rows(
        "SELECT version, published_load_id, journal_bytes <= published_journal_bytes "
        "FROM core.progress"
    )
    pointer = data_folder / POINTER
    is_there = pointer.exists() and is_indexed(pointer.resolve())
    if load_id == published_load_id and is_decided and is_there:
        return None
    folder = data_folder / "snapshots"
    version = max(version, _newest_version(folder)) + 1
    published = _describe(session, folder / f"leads-{version:06}.duckdb", version, now)
    remember_publication(session, version, now)
    try:
        folder.mkdir(mode=0o750, parents=True, exist_ok=True)
        write_search_index(session, published.path)
        _write(session, published.path)
        point_to(pointer, published.path)
        _prune(folder)
    except (OSError, duckdb.OperationalError) as error:
        raise LandingError(
            f"the snapshot {published.path} could not be written ({type(error).__name__})",
            state=f"everything is loaded; {pointer} still shows the snapshot before",
            next_step=f"{way_out(error)}, then lead-pipeline run again",
        ) from error
    session.run(
        "UPDATE core.progress SET version = ?, published_load_id = ?, "
        "published_journal_bytes = journal_bytes",
        (version, load_id),
    )
    return published


def _describe(session: Session, path: Path, version: int, now: datetime) -> Published:
    """Fill ops.published."""
    ((leads, people),) = session.rows(
        "SELECT (SELECT count(*) FROM core.enquiries), (SELECT count(*) FROM people)"
    )
    session.run(f"DELETE FROM {PUBLISHED_VERSIONS.name}")
    session.run(
        f"INSERT INTO {PUBLISHED_VERSIONS.name} (version, published_at, leads, people) "
        "VALUES (?, ?, ?, ?)",
        (version, now, leads, people),
    )
    return Published(version, path, leads, people)


def _write(session: Session, path: Path) -> None:
    """Copy every published table into a new file, complete before it has its name.

    In one transaction, so that each table is compressed once, and the disk is waited for once.
    """
    part = path.with_name(f".part-{path.name}")
    part.unlink(missing_ok=True)
    session.run(f"ATTACH {quoted(str(part))} AS snapshot (STORAGE_VERSION '{STORAGE_VERSION}')")
    try:
        with session.transaction():
            session.run("".join(_copies(session)))
    finally:
        session.run("DETACH snapshot")
    put_in_place(part, path)


def put_in_place(part: Path, path: Path) -> None:
    """Give a file that is whole its name, read-only and on disk. Raises OSError."""
    part.chmod(0o440)
    descriptor = os.open(part, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
    part.rename(path)
    flush_folder(path.parent)


def published_tables(session: Session) -> list[tuple[str, str]]:
    """(schema, table or view) of everything that analysts get."""
    return session.rows(
        "SELECT DISTINCT schema_name, table_name FROM duckdb_columns() "
        f"WHERE {_OURS} AND table_name <> 'migrations' ORDER BY ALL"
    )


def _copies(session: Session) -> Iterator[str]:
    """The statements that make, fill and describe every table of the snapshot."""
    said = session.rows(
        f"SELECT schema_name, table_name, comment FROM duckdb_tables() WHERE {_OURS} UNION ALL "
        f"SELECT schema_name, view_name, comment FROM duckdb_views() WHERE {_OURS}"
    )
    meanings = {(schema, table): comment or "" for schema, table, comment in said}
    columns = session.rows(
        "SELECT schema_name, table_name, column_name, data_type, comment FROM duckdb_columns() "
        f"WHERE {_OURS} ORDER BY schema_name, table_name, column_index"
    )
    described = {
        table: [_Described(*row[2:]) for row in found]
        for table, found in groupby(columns, key=itemgetter(0, 1))
    }
    for schema, table in published_tables(session):
        yield _copy(schema, table, meanings[schema, table], described[schema, table])


class _Described(NamedTuple):
    """A column, its type, and what it means."""

    name: str
    type: str
    comment: str | None


def _copy(schema: str, table: str, meaning: str, columns: Sequence[_Described]) -> str:
    target = f"snapshot.{schema}.{table}"
    names = ", ".join(f'"{column.name}"' for column in columns)
    types = ", ".join(f'"{column.name}" {column.type}' for column in columns)
    comments = "".join(
        f'COMMENT ON COLUMN {target}."{column.name}" IS {quoted(column.comment or "")};'
        for column in columns
    )
    return (
        f"CREATE SCHEMA IF NOT EXISTS snapshot.{schema};"
        f"CREATE TABLE {target} ({types});"
        f"INSERT INTO {target} ({names}) SELECT {names} FROM {schema}.{table};"
        f"COMMENT ON TABLE {target} IS {quoted(meaning)};{comments}"
    )


def point_to(pointer: Path, snapshot: Path) -> None:
    """Move the pointer in one step; who has the old file open keeps reading it."""
    link = pointer.with_name(f".part-{pointer.name}")
    link.unlink(missing_ok=True)
    link.symlink_to(snapshot.relative_to(pointer.parent))
    link.rename(pointer)
    flush_folder(pointer.parent)


def _snapshots(folder: Path) -> dict[int, Path]:
    """By version; what others put into the folder is not ours."""
    found = ((_SNAPSHOT.fullmatch(path.name), path) for path in folder.glob("leads-*.duckdb"))
    return {int(name["version"]): path for name, path in found if name}


def _newest_version(folder: Path) -> int:
    return max(_snapshots(folder), default=0)


def _prune(folder: Path) -> None:
    for _, path in sorted(_snapshots(folder).items())[:-KEPT_SNAPSHOTS]:
        for file in (path, *index_files(path)):
            file.unlink(missing_ok=True)
