"""`lead-pipeline status`: which account has which day, and until when it can be fetched again."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import click
from rich.console import Console
from rich.table import Table

from lead_pipeline.cli.accounts import load_accounts
from lead_pipeline.marts import CoveredDay, read_coverage
from lead_pipeline.pipeline.account import Account
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
        covered = read_coverage(session, now, horizons(session, folder, accounts))
        scans = session.rows(LAST_SCANS)
        imports = session.rows(IMPORTS)
        ((version, published_at),) = session.rows("SELECT version, published_at FROM ops.published")
    since = now.date() - timedelta(days=days - 1)
    shown = [row for row in covered if row.day >= since]
    console = Console()
    if shown or not imports:
        console.print(_table(shown, now))
    if scans:
        console.print(_scan_table(scans))
    for line in (*map(_imported, imports), *_off(accounts)):
        console.print(line, soft_wrap=True)
    published = f"Snapshot {version}, published {published_at:%Y-%m-%d %H:%M} UTC"
    console.print(f"{published}: {folder.path}/leads.duckdb", soft_wrap=True)
    waiting = [row for row in shown if row.state(now) in {"partial", "missing"}]
    if before_today := [row for row in waiting if row.day < now.date()]:
        console.print(_next(before_today), soft_wrap=True)
        raise SystemExit(1)


def _imported(row: tuple[Any, ...]) -> str:
    source, account, leads, first, last = row
    return f"Imported: {account} ({source}), {leads:,} leads of {first:%Y-%m-%d} to {last:%Y-%m-%d}"


def _off(accounts: Sequence[Account]) -> list[str]:
    off = [f"{one.name} (set {', '.join(one.missing)})" for one in accounts if one.is_off]
    return [f"Off: {'; '.join(off)}"] if off else []


def _next(rows: Sequence[CoveredDay]) -> str:
    """What completes these days."""
    options = " ".join(f"--account {name}" for name in sorted({row.account for row in rows}))
    days = [row.day for row in rows]
    return (
        f"{len(rows)} account days can still be completed. "
        f"Next: lead-pipeline run {options} --from {min(days)} --to {max(days)}"
    )


def _table(rows: Sequence[CoveredDay], now: datetime) -> Table:
    table = Table(title=f"Coverage by UTC day at {_minute(now)}", box=None, padding=(0, 2, 0, 0))
    for name in ("account", "day", "status"):
        table.add_column(name, no_wrap=True)
    table.add_column("leads", justify="right", no_wrap=True)
    for name in ("loaded", "fetch until"):
        table.add_column(name, no_wrap=True)
    # What may be broken in two, so that a narrow window shows all of the others.
    table.add_column("last error" if any(row.last_error for row in rows) else "", overflow="fold")
    for row in rows:
        state = row.state(now)
        table.add_row(
            row.account,
            f"{row.day:%a %Y-%m-%d}",
            f"[{STYLES[state]}]{state}[/]" + (" (today)" if row.day == now.date() else ""),
            f"{row.leads:,}",
            _minute(row.last_loaded_at) if row.last_loaded_at else "never",
            _minute(row.refetchable_until) if row.refetchable_until else "any time",
            row.last_error or "",
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
