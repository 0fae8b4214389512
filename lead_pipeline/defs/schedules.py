"""When it runs by itself: nightly over the trailing days; if wanted, today every 15 minutes."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import dagster as dg

from lead_pipeline.components.account import AccountComponent
from lead_pipeline.components.partitions import DAILY
from lead_pipeline.settings import read_settings

RANGE_START = "dagster/asset_partition_range_start"
RANGE_END = "dagster/asset_partition_range_end"

JOB_NAME = "all_leads"
SCAN_JOB_NAME = "crm_scan"


def jobs_and_schedules(accounts: Sequence[AccountComponent]) -> dg.Definitions:
    """The jobs and their schedules; all are off until somebody turns them on."""
    scans = [key for component in accounts for key in component.scan_keys]
    leads = _job_of_leads(scans)
    return dg.Definitions.merge(leads, _job_of_scans(scans)) if scans else leads


def _job_of_leads(scans: Sequence[dg.AssetKey]) -> dg.Definitions:
    job = dg.define_asset_job(
        JOB_NAME,
        selection=dg.AssetSelection.all() - dg.AssetSelection.assets(*scans),
        partitions_def=DAILY,
        description="Every account, then people, reports, snapshot and verdict, in one run. "
        "To start it here: *Materialize all…*, change *Last 90 days* to *Last 7 days*, *All*, "
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


def _job_of_scans(scans: Sequence[dg.AssetKey]) -> dg.Definitions:
    selection = dg.AssetSelection.assets(*scans)
    job = dg.define_asset_job(
        SCAN_JOB_NAME,
        selection=selection | selection.downstream(),
        description="Reads the CRM whole, to see what changed and what is gone; then people, "
        "reports, snapshot and verdict. What had stopped goes on where it was.",
    )

    @dg.schedule(
        name="nightly_scan",
        job=job,
        cron_schedule="0 3 * * *",
        execution_timezone="UTC",
        description="Every contact, company, deal and task: a CRM does not say what changed.",
    )
    def nightly_scan(context: dg.ScheduleEvaluationContext) -> dg.RunRequest:
        return dg.RunRequest(run_key=context.scheduled_execution_time.isoformat())

    return dg.Definitions(jobs=[job], schedules=[nightly_scan])


def _trailing(moment: datetime, days: int) -> dg.RunRequest:
    last = moment.astimezone(UTC).date()
    return dg.RunRequest(
        run_key=f"{moment.isoformat()}",
        tags={RANGE_START: str(last - timedelta(days=days)), RANGE_END: str(last)},
    )
