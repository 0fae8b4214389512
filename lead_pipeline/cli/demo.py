"""`lead-pipeline demo`: seven days from the sandbox, in a data folder of its own."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import click
from rich.console import Console
from rich.table import Table

from lead_pipeline.cli.accounts import choose, load_accounts
from lead_pipeline.cli.run import run_job
from lead_pipeline.records import day_window
from lead_pipeline.sandbox import SandboxSettings, running_sandbox
from lead_pipeline.settings import Settings, read_settings
from lead_pipeline.warehouse import Session, open_snapshot

DEMO_FOLDER = Path("data/demo")
DEMO_DAYS = 7


@contextmanager
def demo_environment() -> Iterator[None]:
    """Point this process and its children at a running sandbox and at the demo's folder."""
    with running_sandbox(SandboxSettings()) as running:
        os.environ.pop("DAGSTER_HOME", None)
        os.environ.update(running.environment())
        os.environ["LEAD_PIPELINE_DATA_DIR"] = str(DEMO_FOLDER)
        os.environ["QONTAK_PUSH_MODE"] = "on"
        yield


@click.command()
def demo() -> None:
    """Read seven days of made-up leads from a sandbox on this machine, and show them.

    Everything goes into data/demo: leads.duckdb, the raw responses, Dagster's history.
    """
    with demo_environment():
        settings = read_settings()
        definitions, accounts = load_accounts()
        today = settings.moment.date()
        window = day_window(today - timedelta(days=DEMO_DAYS - 1), today)
        if not run_job(definitions, choose(accounts, (), ()), window, settings, scan=True):
            raise SystemExit(1)
        _show(settings)


SHOWN = {
    "created UTC": "strftime(created_at AT TIME ZONE 'UTC', '%a %d %H:%M')",
    "source": "source",
    "full_name": "left(coalesce(full_name, ''), 14)",
    "phone": "coalesce(phone, phone_status)",
    "interest_name": "left(coalesce(interest_name, ''), 14)",
    "person_id": "person_id",
}


FUNNEL = """
SELECT
    source,
    count(*)::VARCHAR,
    count(DISTINCT person_id)::VARCHAR,
    (count(DISTINCT person_id) FILTER (WHERE contact_id IS NOT NULL))::VARCHAR,
    sum(first_touch_deals)::VARCHAR,
    sum(first_touch_won)::VARCHAR
FROM marts.enquiry_outcomes
GROUP BY source
ORDER BY source
"""
"""What marts.lead_funnel sums; people and contacts are counted once per source."""


PUSHED = """
SELECT count(*) FILTER (WHERE kind = 'contact'), count(*) FILTER (WHERE kind = 'deal')
FROM ops.pushes
WHERE state = 'done'
"""


def _funnel(session: Session) -> Table:
    """From enquiry to deal won, by source and first touch."""
    table = Table(title="from enquiry to deal, by first touch", padding=(0, 0))
    table.add_column("source")
    for name in ("enquiries", "people", "contacts", "deals", "won"):
        table.add_column(name, justify="right")
    for row in session.rows(FUNNEL):
        table.add_row(*row)
    return table


def _show(settings: Settings) -> None:
    """The newest leads of all sources, and where to go from here."""
    console = Console()
    with open_snapshot(settings.data_dir) as session:
        ((leads, people),) = session.rows("SELECT leads, people FROM ops.published")
        rows = session.rows(
            f"SELECT {', '.join(SHOWN.values())} FROM leads "
            "ORDER BY created_at DESC, lead_id LIMIT 8"
        )
        funnel = _funnel(session)
        ((contacts, deals),) = session.rows(PUSHED)
    table = Table(title="leads: the newest of all sources (made-up people)", padding=(0, 0))
    for name in SHOWN:
        table.add_column(name, overflow="ellipsis", no_wrap=True)
    for row in rows:
        table.add_row(*row)
    console.print(table)
    console.print(funnel)
    file = settings.data_dir / "leads.duckdb"
    console.print(
        f"{contacts:,} of these people and {deals:,} of their enquiries were pushed into the "
        f"sandbox's CRM (ops.pushes)\n{leads:,} enquiries from {people:,} people are in {file}\n\n"
        'Ask it something:      .venv/bin/python -c "import duckdb; '
        f"duckdb.connect('{file}', read_only=True).sql('FROM marts.daily_leads').show()\"\n"
        f"Look at it:            {settings.data_dir / 'report.html'}\n"
        "See how it was made:   make dev-demo\n"
        "Connect your accounts: README.md",
        highlight=False,
        soft_wrap=True,
    )
