"""`lead-pipeline replay`: load kept answers again, without asking any vendor."""

from datetime import datetime

import click

from lead_pipeline.cli.accounts import choose, load_accounts
from lead_pipeline.cli.loads import DAY, progress, publish_again, summarise, window_of
from lead_pipeline.pipeline.folder import open_folder
from lead_pipeline.pipeline.replay import replay as replay_window
from lead_pipeline.settings import read_settings


@click.command()
@click.option("--from", "first", type=DAY, help="First UTC day, e.g. 2026-11-14.")
@click.option("--to", "last", type=DAY, help="Last UTC day, included; default: --from.")
@click.option(
    "--source", "sources", multiple=True, help="Only accounts of this source; repeatable."
)
@click.option("--account", "names", multiple=True, help="Only this account; repeatable.")
def replay(
    first: datetime | None, last: datetime | None, sources: tuple[str, ...], names: tuple[str, ...]
) -> None:
    """Load again what has landed of some UTC days, then people, reports and snapshot.

    Asks no vendor, so any day that was ever fetched can be replayed, by accounts that are off
    too. Nothing is doubled; a better parser's reading replaces the former one. To interrupt is
    safe. Exit code 1: some kept answer could not be read.
    """
    window = window_of(first, last)
    components = load_accounts()[1]
    chosen = choose(components, sources, names)
    folder = open_folder(read_settings())
    accounts = [(component.vendor, component.account) for component in chosen]
    lines = replay_window(folder, accounts, window, progress("Loading again"))
    summarise(lines, folder, publish_again(folder, components))
    if any(line.outcome == "unreadable" for line in lines):
        raise SystemExit(1)
