"""When it runs by itself: nightly over the trailing days; if wanted, today every 15 minutes."""

from datetime import UTC, datetime, timedelta

import dagster as dg

from lead_pipeline.components.partitions import DAILY
from lead_pipeline.settings import read_settings

RANGE_START = "dagster/asset_partition_range_start"
RANGE_END = "dagster/asset_partition_range_end"

JOB_NAME = "all_leads"


def job_and_schedules() -> dg.Definitions:
    """The one job and its two schedules; both are off until somebody turns them on."""
    job = dg.define_asset_job(
        JOB_NAME,
        selection=dg.AssetSelection.all(),
        partitions_def=DAILY,
        description="Every account, then people, reports, snapshot and verdict, in one run. "
        "To start it here: *Materialize all…*, choose the days (*Last 7 days*, then *All*), "
        "*Launch backfill*. What is already there is not doubled.",
    )

    @dg.schedule(
        name="nightly",
        job=job,
        cron_schedule="30 1 * * *",
        execution_timezone="UTC",
        description="The trailing LEAD_PIPELINE_LOOKBACK_DAYS and today: vendors deliver late.",
    )
    def nightly(context: dg.ScheduleEvaluationContext) -> dg.RunRequest:
        return _trailing(context.scheduled_execution_time, read_settings().lookback_days)

    @dg.schedule(
        name="today_every_15_minutes",
        job=job,
        cron_schedule="*/15 * * * *",
        execution_timezone="UTC",
        description="Today alone, so that sales see an enquiry within minutes.",
    )
    def today(context: dg.ScheduleEvaluationContext) -> dg.RunRequest:
        return _trailing(context.scheduled_execution_time, 0)

    return dg.Definitions(jobs=[job], schedules=[nightly, today])


def _trailing(moment: datetime, days: int) -> dg.RunRequest:
    last = moment.astimezone(UTC).date()
    return dg.RunRequest(
        run_key=f"{moment.isoformat()}",
        tags={RANGE_START: str(last - timedelta(days=days)), RANGE_END: str(last)},
    )
