"""How much memory DuckDB may use: by what it holds, so that little stays little everywhere."""

import duckdb

from lead_pipeline.warehouse.session import MOST_MEMORY, Session

LEAST_MEMORY = 160
MEMORY_PER_MILLION_LEADS = 256
MEMORY_PER_THREAD = 80
"""Megabytes: with less, many threads at once hold more than may be spilled."""
HELD = """
SELECT
    (SELECT count(*) FROM core.leads)
    + (SELECT count(*) FROM core.lead_history)
    + (SELECT count(*) FROM core.objects)
    + (SELECT count(*) FROM core.object_history)
    + 4 * (SELECT count(*) FROM ops.quarantine)
"""
"""Records that the warehouse holds; one in quarantine, with all its bytes, is as much as four."""

MORE_MEMORY = "set LEAD_PIPELINE_MOST_MEMORY_MEGABYTES higher"


def allow_memory(session: Session, leads: int) -> None:
    """Let the session use what so many leads need: not less than before, and what it may at most.

    Raises duckdb.Error.
    """
    needed = max(LEAST_MEMORY, LEAST_MEMORY // 2 + leads * MEMORY_PER_MILLION_LEADS // 10**6)
    # Who sets more than the default gets more of it: so it is a way out, however few the leads.
    generosity = max(1, session.most_memory / MOST_MEMORY)
    _allow(session, min(int(needed * generosity), session.most_memory))


def _allow(session: Session, allowed: int) -> None:
    if allowed <= session.memory:
        return
    session.memory = allowed
    threads = max(1, min(session.cores, allowed // MEMORY_PER_THREAD))
    session.run(f"SET memory_limit = '{allowed}MB'; SET threads = {threads}")


def allow_memory_to_load(session: Session, arriving: int) -> None:
    """The same for the records that the warehouse holds, and as many as arrive."""
    ((held,),) = session.rows(HELD)
    allow_memory(session, held + arriving)


def allow_all_memory(session: Session) -> None:
    """Let the session use all that it may: what it is asked has nothing to do with how many.

    Raises duckdb.Error.
    """
    _allow(session, session.most_memory)


def way_out(error: Exception) -> str:
    """What to do where something could not be written: for want of memory, or by the disk."""
    if isinstance(error, duckdb.OutOfMemoryException):
        return MORE_MEMORY
    return "free the disk or repair the folder's rights"
