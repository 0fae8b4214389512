"""Who is told of a failed run: the command line tells of its own, two sensors of all."""

from collections.abc import Sequence
from datetime import UTC, datetime

import dagster as dg

from lead_pipeline.components.account import AccountComponent, accounts_of
from lead_pipeline.defs.listings import LISTINGS_JOB_NAME
from lead_pipeline.defs.run_report import EVENTS, LAST_STEP, report_of
from lead_pipeline.defs.schedules import JOB_NAME, SCAN_JOB_NAME
from lead_pipeline.pipeline.folder import open_folder
from lead_pipeline.pipeline.incidents import report_run
from lead_pipeline.settings import read_settings

SECONDS_BETWEEN_LOOKS = 15


@dg.definitions
def alerts(context: dg.ComponentLoadContext) -> dg.Definitions:
    """The two sensors, which start by themselves."""
    accounts = tuple(accounts_of(context))
    # Dagster takes a run that the command line started for one of no code location.
    return dg.Definitions(sensors=[_failures(accounts), _recoveries(accounts)])


def _failures(accounts: Sequence[AccountComponent]) -> dg.SensorDefinition:
    @dg.run_failure_sensor(
        monitor_all_code_locations=True,
        minimum_interval_seconds=SECONDS_BETWEEN_LOOKS,
        default_status=dg.DefaultSensorStatus.RUNNING,
        description="Tells the log, and LEAD_PIPELINE_ALERT_WEBHOOK_URL if it is set, what failed: "
        "once for each incident, however many runs meet it.",
    )
    def tell_of_failures(context: dg.RunFailureSensorContext) -> None:
        tell_of_run(context.instance, context.dagster_run.run_id, accounts)

    return tell_of_failures


def _recoveries(accounts: Sequence[AccountComponent]) -> dg.SensorDefinition:
    @dg.run_status_sensor(
        run_status=dg.DagsterRunStatus.SUCCESS,
        monitor_all_code_locations=True,
        minimum_interval_seconds=SECONDS_BETWEEN_LOOKS,
        default_status=dg.DefaultSensorStatus.RUNNING,
        description="Tells, once, that what had failed works again, and for how long it did not; "
        "and what the webhook did not take before.",
    )
    def tell_of_recoveries(context: dg.RunStatusSensorContext) -> None:
        tell_of_run(context.instance, context.dagster_run.run_id, accounts)

    return tell_of_recoveries


def tell_of_run(
    instance: dg.DagsterInstance, run_id: str, accounts: Sequence[AccountComponent]
) -> None:
    """Tell what is new in a run that has ended; who calls it second has nothing to tell.

    `accounts`: at least those that the run asked.
    """
    record = instance.get_run_record_by_id(run_id)
    if record is None or not _is_ours(record.dagster_run, accounts):
        return
    settings = read_settings()
    ended_at = settings.moment
    if record.end_time and not settings.now:
        ended_at = datetime.fromtimestamp(record.end_time, UTC)
    entries = instance.all_logs(run_id, of_type=EVENTS)
    events = [entry.dagster_event for entry in entries if entry.dagster_event]
    report = report_of(record.dagster_run, events, accounts, ended_at)
    report_run(open_folder(settings), report)


def _is_ours(run: dg.DagsterRun, accounts: Sequence[AccountComponent]) -> bool:
    """An instance may be shared with other projects."""
    ours = {dg.AssetKey(LAST_STEP), *(dg.AssetKey([c.account, "raw"]) for c in accounts)}
    jobs = {JOB_NAME, SCAN_JOB_NAME, LISTINGS_JOB_NAME}
    return run.job_name in jobs or bool(ours & (run.asset_selection or set()))
