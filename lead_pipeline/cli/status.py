"""`lead-pipeline status`: which account has which day, and until when it can be fetched again."""

from datetime import datetime, timedelta
from typing import Any

import click
from rich.console import Console
from rich.table import Table

from lead_pipeline.cli.accounts import load_accounts
from lead_pipeline.marts import read_coverage
from lead_pipeline.pipeline.folder import open_folder
from lead_pipeline.pipeline.horizons import horizons
from lead_pipeline.settings import read_settings
from lead_pipeline.warehouse import open_snapshot

STYLES = {"complete": "green", "partial": "yellow", "missing": "red", "lost": "dim red"}

LAST_SCANS = """
SELECT
    account,
    stream,
    max(ended_at) FILTER (WHERE complete) AS last_whole,
    arg_max(
        CASE
            WHEN ended_at IS NULL THEN 'goes on with the next run --scan'
            WHEN complete THEN ''
            ELSE 'not whole: ' || reason
        END,
        began_at
    ) AS remark
FROM ops.scans
GROUP BY account, stream
ORDER BY account, stream
"""

IMPORTS = """
SELECT leads.source, leads.account, count(*), min(leads.created_at), max(leads.created_at)
FROM leads
WHERE leads.account IN (SELECT account FROM ops.deliveries WHERE stream = 'history')
GROUP BY leads.source, leads.account
ORDER BY leads.source, leads.account
"""


@click.command()
@click.option(
    "--days",
    type=click.IntRange(min=1),
    default=14,
    show_default=True,
    help="How many UTC days to look at.",
)
def status(days: int) -> None:
    """Show which account has which day, and until when it can be fetched again.

    Exit code 0: every day up to yesterday is complete, or past its vendor's horizon; 1: some day
    is partial or missing and can still be fetched, or nothing has been published yet.
    """
    settings = read_settings()
    folder = open_folder(settings)
    now = folder.clock()
    accounts = [component.open_account() for component in load_accounts()[1]]
    with open_snapshot(folder.path) as session:
        rows = read_coverage(session, now, horizons(session, folder, accounts))
        scans = session.rows(LAST_SCANS)
        imports = session.rows(IMPORTS)
        ((version, published_at),) = session.rows("SELECT version, published_at FROM ops.published")
    since = now.date() - timedelta(days=days - 1)
    shown = [row for row in rows if row[2] >= since]
    console = Console()
    if shown or not imports:
        console.print(_table(shown, now))
    if scans:
        console.print(_scan_table(scans))
    for source, account, leads, first, last in imports:
        span = f"{first:%Y-%m-%d} to {last:%Y-%m-%d}"
        console.print(f"Imported: {account} ({source}), {leads:,} leads of {span}", soft_wrap=True)
    off = [
        f"{account.name} (set {', '.join(account.missing)})"
        for account in accounts
        if account.is_off
    ]
    if off:
        console.print(f"Off: {'; '.join(off)}")
    published = f"Snapshot {version}, published {published_at:%Y-%m-%d %H:%M} UTC"
    console.print(f"{published}: {folder.path}/leads.duckdb", soft_wrap=True)
    waiting = [row for row in shown if _state(row, now) in {"partial", "missing"}]
    if before_today := [row for row in waiting if row[2] < now.date()]:
        options = " ".join(f"--account {name}" for name in sorted({row[1] for row in before_today}))
        console.print(
            f"{len(before_today)} account days can still be completed. "
            f"Next: lead-pipeline run {options} "
            f"--from {min(row[2] for row in before_today)} "
            f"--to {max(row[2] for row in before_today)}",
            soft_wrap=True,
        )
        raise SystemExit(1)


def _state(row: tuple[Any, ...], now: datetime) -> str:
    """The day's status, or `lost` where it is incomplete and past its horizon."""
    state, until = str(row[3]), row[7]
    return "lost" if state != "complete" and until is not None and until <= now else state


def _table(rows: list[tuple[Any, ...]], now: datetime) -> Table:
    table = Table(title=f"Coverage by UTC day at {_minute(now)}", box=None, padding=(0, 2, 0, 0))
    for name in ("account", "day", "status"):
        table.add_column(name, no_wrap=True)
    table.add_column("leads", justify="right", no_wrap=True)
    for name in ("loaded", "fetch until"):
        table.add_column(name, no_wrap=True)
    # What may be broken in two, so that a narrow window shows all of the others.
    table.add_column("last error" if any(row[8] for row in rows) else "", overflow="fold")
    for row in rows:
        _, account, day, _, leads, loaded_at, _, until, error = row
        state = _state(row, now)
        table.add_row(
            account,
            f"{day:%a %Y-%m-%d}",
            f"[{STYLES[state]}]{state}[/]" + (" (today)" if day == now.date() else ""),
            f"{leads:,}",
            _minute(loaded_at) if loaded_at else "never",
            _minute(until) if until else "any time",
            error or "",
        )
    return table


def _scan_table(rows: list[tuple[Any, ...]]) -> Table:
    table = Table(title="Scans of the CRM", box=None, padding=(0, 2, 0, 0))
    for name in ("account", "stream", "last whole scan"):
        table.add_column(name, no_wrap=True)
    table.add_column("")
    for account, stream, last_whole, remark in rows:
        table.add_row(account, stream, _minute(last_whole) if last_whole else "never", remark)
    return table


def _minute(moment: datetime) -> str:
    return f"{moment:%m-%d %H:%M}"
