"""How much memory DuckDB may use: by what it holds, so that little stays little everywhere."""

from lead_pipeline.warehouse.session import Session

LEAST_MEMORY = 160
MEMORY_PER_MILLION_LEADS = 256
MOST_MEMORY = 2048
"""Megabytes that DuckDB may use; it fills what it is given as a cache, and spills beyond."""
MEMORY_PER_THREAD = 80
"""Megabytes: with less, many threads at once hold more than may be spilled."""


def allow_memory(session: Session, leads: int, most: int) -> None:
    """Let the session use what so many leads need, and `most` (megabytes) at most."""
    needed = max(LEAST_MEMORY, LEAST_MEMORY // 2 + leads * MEMORY_PER_MILLION_LEADS // 10**6)
    allowed = min(needed, most)
    ((cores,),) = session.rows("SELECT current_setting('threads')")
    session.run(
        f"SET memory_limit = '{allowed}MB';"
        f"SET threads = {max(1, min(cores, allowed // MEMORY_PER_THREAD))}"
    )
