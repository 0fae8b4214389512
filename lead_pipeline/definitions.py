"""Dagster's door: everything under `defs/`, run in one process."""

from pathlib import Path

import dagster as dg


def load_definitions() -> dg.Definitions:
    """The accounts, the stages after them, their checks and schedules."""
    return dg.Definitions.merge(
        dg.load_from_defs_folder(path_within_project=Path(__file__).parent),
        dg.Definitions(executor=dg.in_process_executor),
    )


@dg.definitions
def definitions() -> dg.Definitions:
    """What Dagster loads."""
    return load_definitions()
