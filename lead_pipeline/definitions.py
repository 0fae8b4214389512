"""Dagster's door: everything under `defs/`, run in one process."""

import atexit
import gc
from pathlib import Path

import dagster as dg


def load_definitions() -> dg.Definitions:
    """The accounts, the stages after them, their checks and schedules."""
    definitions = dg.Definitions.merge(
        dg.load_from_defs_folder(path_within_project=Path(__file__).parent),
        dg.Definitions(executor=dg.in_process_executor),
    )
    # Dagster and what it loaded stay as long as the process: looking through them for garbage
    # again and again would cost a load one second in twenty. At the end they are garbage too.
    if not gc.get_freeze_count():
        gc.freeze()
        atexit.register(gc.unfreeze)
    return definitions


@dg.definitions
def definitions() -> dg.Definitions:
    """What Dagster loads."""
    return load_definitions()
