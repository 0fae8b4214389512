"""`lead-pipeline run`: the Dagster job, in this process, with a table at its end."""

import logging
import os
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

import click
import dagster as dg
from rich.console import Console
from rich.table import Table
from rich.text import Text
from sqlalchemy.exc import OperationalError

from lead_pipeline.cli.accounts import choose, load_accounts, require_on
from lead_pipeline.cli.home import prepare_dagster_home
from lead_pipeline.cli.loads import ACCOUNT, FROM, SOURCE, TO, day_range
from lead_pipeline.components.account import AccountComponent
from lead_pipeline.components.partitions import FIRST_DAY
from lead_pipeline.defs.alerts import tell_of_run
from lead_pipeline.defs.marts import MART_KEYS
from lead_pipeline.defs.schedules import JOB_NAME, RANGE_END, RANGE_START
from lead_pipeline.errors import RunHistoryError
from lead_pipeline.landing import claim_environment
from lead_pipeline.pipeline.folder import open_folder
from lead_pipeline.records import Window, day_window
from lead_pipeline.settings import Settings, read_settings
from lead_pipeline.tables import LEDGER_COUNTS

LAST_STAGES = (
    "listings",
    "leads",
    "person_links",
    "people",
    *MART_KEYS,
    "published",
    "report",
    "verdict",
)


@click.command()
@FROM
@TO
@click.option("--days", type=click.IntRange(1, 366), help="Today and the UTC days before it.")
@SOURCE
@ACCOUNT
@click.option("--scan", is_flag=True, help="Read the CRM whole too, to see changes and losses.")
@click.option(
    "--accept-environment", is_flag=True, help="Let another environment's data into this folder."
)
def run(
    first: datetime | None,
    last: datetime | None,
    days: int | None,
    sources: tuple[str, ...],
    names: tuple[str, ...],
    scan: bool,
    accept_environment: bool,
) -> None:
    """Read leads of some UTC days from every account, then people, reports and snapshot.

    Either --from (and --to) or --days; --scan alone asks for today. What is already there is not
    doubled: run it as often as you like. Exit code 1 means that some account could not be read in
    full, or that the books do not balance.
    """
    if accept_environment:
        os.environ["LEAD_PIPELINE_ACCEPT_ENVIRONMENT"] = "true"
    settings = read_settings()
    window = _window(settings, first, last, 1 if scan and not (first or days) else days)
    definitions, accounts = load_accounts()
    chosen = choose(accounts, sources, names)
    require_on(chosen, names)
    _claim_folder(chosen, settings)
    if not run_job(definitions, chosen, window, settings, scan=scan):
        raise SystemExit(1)


def _claim_folder(chosen: Sequence[AccountComponent], settings: Settings) -> None:
    """Refuse another environment's data before anything is asked."""
    for component in chosen:
        account = component.open_account()
        if not account.is_off:
            claim_environment(
                settings.data_dir, account.environment, accept=settings.accept_environment
            )


def _window(
    settings: Settings, first: datetime | None, last: datetime | None, days: int | None
) -> Window:
    today = settings.moment.date()
    if days is not None and first is None:
        if last is not None:
            raise click.UsageError("--to goes with --from")
        return day_window(today - timedelta(days=days - 1), today)
    if first is None or days is not None:
        raise click.UsageError(
            "give either --from (and --to) or --days, such as --days 7 or "
            f"--from {today - timedelta(days=6)} --to {today}"
        )
    start, end = day_range(first, last, today)
    if str(start) < FIRST_DAY:
        raise click.UsageError(
            f"--from {start} is before {FIRST_DAY}, the first day there is; "
            f"type --from {FIRST_DAY} or later"
        )
    return day_window(start, end)


def run_job(
    definitions: dg.Definitions,
    chosen: Sequence[AccountComponent],
    window: Window,
    settings: Settings,
    *,
    scan: bool = False,
) -> bool:
    """Run the job for these accounts and days, and show what came of it; whether it is green.

    Raises RunHistoryError.
    """
    console = Console(stderr=True)
    home = prepare_dagster_home(settings.data_dir)
    started = time.monotonic()
    with _history_errors(home), dg.DagsterInstance.get() as instance, _progress():
        result = _job(definitions, scan=scan).execute_in_process(
            instance=instance,
            asset_selection=_selection(chosen, scan=scan),
            tags={RANGE_START: str(window.days()[0]), RANGE_END: str(window.days()[-1])},
            run_config={"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}},
            raise_on_error=False,
        )
        tell_of_run(instance, result.run_id, chosen)
    seconds = time.monotonic() - started
    Console().print(_summary(settings, result, seconds))
    for message in (*_failures(result), *_failed_checks(result)):
        console.print(Text(message, style="bold red"), soft_wrap=True)
    return result.success and not _books_are_wrong(result)


@contextmanager
def _history_errors(home: Path) -> Iterator[None]:
    try:
        yield
    except OperationalError as error:
        raise RunHistoryError(
            f"Dagster could not write its history of this run under {home}: {error.orig}",
            state="the run stopped there; what had landed or been loaded before is whole",
            next_step="free the disk or repair the folder's rights, then the same command again",
        ) from error


def _job(definitions: dg.Definitions, *, scan: bool) -> dg.JobDefinition:
    """The job of the schedules; that of scans has none of the days, so both need one of all."""
    if scan:
        return definitions.resolve_implicit_global_asset_job_def()
    return definitions.resolve_job_def(JOB_NAME)


def _selection(chosen: Sequence[AccountComponent], *, scan: bool) -> list[dg.AssetKey]:
    accounts = [
        dg.AssetKey([component.account, stage])
        for component in chosen
        for stage in ("raw", "leads")
    ]
    accounts += [key for component in chosen for key in component.scan_keys if scan]
    accounts += [key for component in chosen for key in component.outlet_keys]
    return [*accounts, *(dg.AssetKey.from_user_string(stage) for stage in LAST_STAGES)]


@contextmanager
def _progress() -> Iterator[None]:
    """Show what the pipeline says about its progress while the block runs."""
    logger = logging.getLogger("lead_pipeline")
    handler = logging.StreamHandler()
    handler.setFormatter(logging.Formatter("%(asctime)s  %(message)s", datefmt="%H:%M:%S"))
    logger.addHandler(handler)
    logger.setLevel(logging.INFO)
    try:
        yield
    finally:
        logger.removeHandler(handler)


def _failed_checks(result: dg.ExecuteInProcessResult) -> Iterator[str]:
    """What the checks complain of; the verdict speaks for the accounts."""
    for check in result.get_asset_check_evaluations():
        if not check.passed and check.check_name != "answered":
            asset = check.asset_key.to_user_string()
            yield f"{check.severity.value}: {asset}, {check.check_name}: {check.description}"


def _books_are_wrong(result: dg.ExecuteInProcessResult) -> bool:
    """Whether a check of all the leads failed: then nothing may be trusted."""
    return any(
        not check.passed and check.asset_key == dg.AssetKey("leads")
        for check in result.get_asset_check_evaluations()
    )


def _failures(result: dg.ExecuteInProcessResult) -> Iterator[str]:
    """What went wrong, in the words of our errors where it is one of ours."""
    for event in result.all_events:
        if event.is_step_failure:
            error = event.step_failure_data.error
            cause = error.cause if error and error.cause else error
            yield (
                (cause.message if cause else "unknown")
                .strip()
                .removeprefix("lead_pipeline.errors.")
            )


def _summary(settings: Settings, result: dg.ExecuteInProcessResult, seconds: float) -> Table:
    """What each account's deliveries of this run were made of, and how long it took."""
    counts = ", ".join(f"sum({name})" for name in ("received", *LEDGER_COUNTS))
    with open_folder(settings).warehouse.open() as session:
        rows = session.rows(
            f"SELECT account, {counts}, count(*) FILTER (WHERE outcome <> 'loaded') "
            "FROM ops.deliveries WHERE run_id = ? GROUP BY account ORDER BY account",
            (result.run_id,),
        )
    table = Table(title=f"This run took {seconds:.1f} seconds")
    table.add_column("")
    for account, *_ in rows:
        table.add_column(account, justify="right")
    names = ("received", *LEDGER_COUNTS, "failed requests")
    for name, *numbers in zip(names, *(row[1:] for row in rows), strict=True):
        table.add_row(name, *(f"{number or 0:,}" for number in numbers))
    table.add_row("seconds", *(f"{_account_seconds(result, row[0]):.1f}" for row in rows))
    return table


def _account_seconds(result: dg.ExecuteInProcessResult, account: str) -> float:
    """How long the account's own steps took."""
    return sum(
        event.step_success_data.duration_ms / 1000
        for event in result.all_events
        if event.is_step_success and (event.step_key or "").startswith(f"{account}__")
    )
