"""Which snapshot first showed an enquiry, remembered with the snapshot itself.

A warehouse that is filled anew takes it over from the newest snapshot. Where that does not know,
nobody does, and the time is null: a rebuild must not look like a publication.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import duckdb

from lead_pipeline.tables import PUBLICATIONS
from lead_pipeline.warehouse.session import Session
from lead_pipeline.warehouse.tables import quoted

_KNOWS = (
    "SELECT count(*) FROM duckdb_tables() WHERE database_name = 'former' "
    "AND schema_name = 'ops' AND table_name = 'publications'"
)


def remember_publication(session: Session, version: int, now: datetime) -> None:
    """Say that this version is the first to show what no version before it did (`now` in UTC).

    What was said of this version or a later one is taken back: it did not come to be.
    """
    session.run(f"DELETE FROM {PUBLICATIONS.name} WHERE version >= ?", (version,))
    session.run(
        f"INSERT INTO {PUBLICATIONS.name} (lead_id, version, published_at) "
        "SELECT enquiries.lead_id, ?, ? FROM core.enquiries AS enquiries "
        f"ANTI JOIN {PUBLICATIONS.name} AS known ON known.lead_id = enquiries.lead_id",
        (version, now),
    )


def take_over_publications(session: Session, pointer: Path) -> None:
    """Fill a new warehouse's publications from the snapshot that `pointer` names.

    Without one, and with one of an older version of the program, when is not known.
    """
    with _former(session, pointer) as is_there:
        if not is_there:
            session.run(f"INSERT INTO {PUBLICATIONS.name} (lead_id) SELECT lead_id FROM core.leads")
        elif session.rows(_KNOWS) == [(1,)]:
            session.run(
                f"INSERT INTO {PUBLICATIONS.name} BY NAME "
                "SELECT lead_id, version, published_at FROM former.ops.publications"
            )
        else:
            session.run(
                f"INSERT INTO {PUBLICATIONS.name} (lead_id) SELECT lead_id FROM former.main.leads"
            )


@contextmanager
def _former(session: Session, pointer: Path) -> Iterator[bool]:
    """Attach the snapshot as `former`; False where there is none that can be read."""
    try:
        session.run(f"ATTACH {quoted(str(pointer.resolve(strict=True)))} AS former (READ_ONLY)")
    except (OSError, duckdb.IOException, duckdb.SerializationException):
        yield False
        return
    try:
        yield True
    finally:
        session.run("DETACH former")
