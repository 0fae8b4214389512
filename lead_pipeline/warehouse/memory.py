"""How much memory DuckDB may use: by what it holds, so that little stays little everywhere."""

from lead_pipeline.warehouse.session import Session

LEAST_MEMORY = 160
MEMORY_PER_MILLION_LEADS = 256
MEMORY_PER_THREAD = 80
"""Megabytes: with less, many threads at once hold more than may be spilled."""


def allow_memory(session: Session, leads: int) -> None:
    """Let the session use what so many leads need: not less than before, and what it may at most.

    Raises duckdb.Error.
    """
    needed = max(LEAST_MEMORY, LEAST_MEMORY // 2 + leads * MEMORY_PER_MILLION_LEADS // 10**6)
    allowed = min(needed, session.most_memory)
    if allowed <= session.memory:
        return
    session.memory = allowed
    threads = max(1, min(session.cores, allowed // MEMORY_PER_THREAD))
    session.run(f"SET memory_limit = '{allowed}MB'; SET threads = {threads}")


def allow_memory_to_load(session: Session, arriving: int) -> None:
    """The same for the leads that the warehouse holds, and as many records as arrive."""
    ((leads,),) = session.rows("SELECT count(*) FROM core.leads")
    allow_memory(session, leads + arriving)
