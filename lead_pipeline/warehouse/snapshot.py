"""Open the published snapshot, read-only, as analysts do."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from lead_pipeline.errors import WarehouseUnusable
from lead_pipeline.tables import PUBLISHED_VERSIONS
from lead_pipeline.warehouse.memory import MORE_MEMORY, allow_memory
from lead_pipeline.warehouse.publish import POINTER
from lead_pipeline.warehouse.session import MOST_MEMORY, Session
from lead_pipeline.warehouse.tables import quoted


def newest_snapshot(data_folder: Path) -> Path:
    """Where it is. Raises WarehouseUnusable where there is none."""
    pointer = data_folder / POINTER
    if not pointer.exists():
        raise nothing_published(data_folder)
    # The pointer's target, since one process must never open two files under one path.
    return pointer.resolve()


@contextmanager
def open_snapshot(data_folder: Path, most_memory: int | None = None) -> Iterator[Session]:
    """A read-only session on the newest snapshot, with at most so many megabytes if that is said.

    Raises WarehouseUnusable where there is none, where it cannot be opened or read, and where the
    block asks for tables or columns that it does not have: another version wrote it.
    """
    pointer = data_folder / POINTER
    snapshot = newest_snapshot(data_folder)
    try:
        connection = duckdb.connect(str(snapshot), read_only=True)
    except duckdb.Error as error:
        raise WarehouseUnusable(
            f"the snapshot {snapshot} cannot be opened ({type(error).__name__})",
            state="nothing was changed; the warehouse has all of it",
            next_step=f"rm {pointer}, then lead-pipeline run --days 7 publishes it anew",
        ) from error
    try:
        session = Session(connection, most_memory or MOST_MEMORY)
        session.run("SET TimeZone = 'UTC'")
        if most_memory is not None:
            session.run(f"SET temp_directory = {quoted(str(data_folder / 'spill'))}")
            ((leads,),) = session.rows(f"SELECT leads FROM {PUBLISHED_VERSIONS.name}")
            allow_memory(session, leads)
        yield session
    except (duckdb.BinderException, duckdb.CatalogException) as error:
        raise other_tables(snapshot) from error
    except duckdb.OutOfMemoryException as error:
        raise WarehouseUnusable(
            f"the snapshot {snapshot} could not be read in {most_memory or 'the'} megabytes",
            state="nothing was changed",
            next_step=f"{MORE_MEMORY}, then the same command again",
        ) from error
    except duckdb.Error as error:
        raise WarehouseUnusable(
            f"the snapshot {snapshot} could not be read ({type(error).__name__})",
            state="nothing was changed; the warehouse has all of it",
            next_step=f"the same command again; if that fails too, rm {pointer}, then "
            "lead-pipeline run --days 7 publishes it anew",
        ) from error
    finally:
        connection.close()


def nothing_published(data_folder: Path) -> WarehouseUnusable:
    """There is no snapshot yet."""
    return WarehouseUnusable(
        f"nothing has been published in {data_folder} yet",
        state="nothing was changed",
        next_step="lead-pipeline run --days 7",
    )


def other_tables(snapshot: Path) -> WarehouseUnusable:
    """The snapshot was written by another version."""
    return WarehouseUnusable(
        f"the snapshot {snapshot} has other tables than this version asks for",
        state="nothing was changed; the warehouse has all of it",
        next_step="lead-pipeline run --days 7, or lead-pipeline rebuild, publishes it anew",
    )
