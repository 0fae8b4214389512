"""The one daily partition set (UTC), and the window that a run asks for."""

from datetime import UTC

import dagster as dg

from lead_pipeline.records import Window

FIRST_DAY = "2025-01-01"

DAILY = dg.DailyPartitionsDefinition(start_date=FIRST_DAY, timezone="UTC", end_offset=1)
"""Today is among them, though it has not ended."""


def requested_window(context: dg.AssetExecutionContext) -> Window:
    """The window of all the UTC days of this run; what lies ahead is the vendors' to leave out."""
    span = context.partition_time_window
    return Window(span.start.astimezone(UTC), span.end.astimezone(UTC))
