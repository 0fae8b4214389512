"""What commands share: whose days, who decides, how far a load has come, what came of it."""

import getpass
from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime

import click
from rich.console import Console
from rich.progress import track
from rich.table import Table

from lead_pipeline.components.account import AccountComponent
from lead_pipeline.errors import PipelineError
from lead_pipeline.pipeline.delivery import Follow
from lead_pipeline.pipeline.folder import DataFolder
from lead_pipeline.pipeline.outcome import build_reports, publish_snapshot, resolve_people
from lead_pipeline.pipeline.report import REPORT, write_report
from lead_pipeline.tables import LEDGER_COUNTS
from lead_pipeline.warehouse import Published
from lead_pipeline.warehouse.load import LedgerLine


class _Day(click.DateTime):
    """A day of the calendar."""

    name = "day"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> datetime:
        try:
            return super().convert(value, param, ctx)
        except click.BadParameter:
            self.fail(f"{value!r} is no day; type year-month-day, like 2026-11-14", param, ctx)

    def get_metavar(self, param: click.Parameter, ctx: click.Context) -> str:  # noqa: ARG002
        return "YYYY-MM-DD"


DAY = _Day(formats=["%Y-%m-%d"])

FROM = click.option("--from", "first", type=DAY, help="First UTC day, e.g. 2026-11-14.")
TO = click.option("--to", "last", type=DAY, help="Last UTC day, included; default: --from.")
SOURCE = click.option(
    "--source", "sources", multiple=True, help="Only accounts of this source; repeatable."
)
ACCOUNT = click.option("--account", "names", multiple=True, help="Only this account; repeatable.")
REASON = click.option("--reason", required=True, help="Why; kept with the decision.")
BY = click.option(
    "--by", default=getpass.getuser, show_default="your login", help="Who decides; kept with it."
)


def day_range(first: datetime, last: datetime | None, today: date) -> tuple[date, date]:
    """First and last UTC day of --from and --to, none after `today`. Raises click.UsageError."""
    start = first.date()
    end = start if last is None else last.date()
    if end < start:
        raise click.UsageError(
            f"--to {end} is before --from {start}; type --from {end} --to {start}"
        )
    if start > today:
        raise click.UsageError(
            f"--from {start} has not begun: today is {today} UTC; type --from {today} or earlier"
        )
    if end > today:
        raise click.UsageError(
            f"--to {end} has not begun: today is {today} UTC; type --from {start} --to {today}"
        )
    return start, end


def progress(what: str) -> Follow:
    """A bar on the terminal's error stream that follows receipts while they are loaded."""
    return lambda receipts: track(receipts, description=what, console=Console(stderr=True))


def publish_again(folder: DataFolder, components: Sequence[AccountComponent]) -> Published | None:
    """People, reports and snapshot after something was loaded."""
    resolve_people(folder)
    build_reports(folder, [component.open_account() for component in components])
    published = publish_snapshot(folder)
    draw_again(folder, published)
    return published


def draw_again(folder: DataFolder, published: Published | None) -> None:
    """The report page of what was published; what goes wrong is a warning."""
    if published is None and (folder.path / REPORT).exists():
        return
    try:
        write_report(folder)
    except PipelineError as error:
        click.echo(f"Warning: {error}", err=True)


def summarise(lines: Sequence[LedgerLine], folder: DataFolder, published: Published | None) -> bool:
    """Print what the deliveries were made of, and which snapshot has it; whether all was read."""
    counts: Counter[str] = Counter()
    for line in lines:
        counts.update(line.counts._asdict())
        counts["received"] += line.received
        counts["quarantined"] += line.quarantined
    outcomes = Counter(line.outcome for line in lines)
    table = Table(box=None, padding=(0, 2, 0, 0))
    table.add_column("")
    table.add_column("", justify="right")
    table.add_row("deliveries loaded", f"{outcomes['loaded']:,}")
    for name in ("received", *LEDGER_COUNTS):
        table.add_row(name, f"{counts[name]:,}")
    table.add_row("unreadable documents", f"{outcomes['unreadable']:,}")
    table.add_row("failed requests", f"{outcomes['failed']:,}")
    Console().print(table)
    where = f"{folder.path}/leads.duckdb"
    click.echo(
        f"Published as snapshot {published.version}: {where}, {published.leads:,} leads"
        if published
        else f"Nothing changed; {where} is as it was"
    )
    for line in lines:
        if line.outcome == "unreadable":
            click.echo(f"unreadable: {line.message}", err=True)
    return not outcomes["unreadable"]
