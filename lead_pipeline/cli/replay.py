"""`lead-pipeline replay`: load kept answers again, without asking any vendor."""

from datetime import datetime

import click

from lead_pipeline.cli.accounts import kept_accounts, load_accounts
from lead_pipeline.cli.loads import (
    ACCOUNT,
    FROM,
    SOURCE,
    TO,
    day_range,
    progress,
    publish_again,
    summarise,
)
from lead_pipeline.errors import ConfigError
from lead_pipeline.pipeline.folder import open_folder
from lead_pipeline.pipeline.history import imported_accounts
from lead_pipeline.pipeline.replay import replay as replay_window
from lead_pipeline.records import day_window
from lead_pipeline.settings import read_settings


@click.command()
@FROM
@TO
@SOURCE
@ACCOUNT
def replay(
    first: datetime | None, last: datetime | None, sources: tuple[str, ...], names: tuple[str, ...]
) -> None:
    """Load again what has landed of some UTC days, then people, reports and snapshot.

    Asks no vendor, so any day that was ever fetched can be replayed, by accounts that are off
    too. Nothing is doubled; a better parser's reading replaces the former one. To interrupt is
    safe. Exit code 1: some kept answer could not be read.
    """
    if first is None:
        raise click.UsageError("give --from (and --to), such as --from 2026-11-14 --to 2026-11-20")
    settings = read_settings()
    window = day_window(*day_range(first, last, settings.moment.date()))
    components = load_accounts()[1]
    folder = open_folder(settings)
    accounts = kept_accounts(components, sources, names, imported_accounts(folder))
    lines = replay_window(folder, accounts, window, progress("Loading again"))
    if not lines:
        raise ConfigError(
            f"nothing is kept in {folder.path} of these days and accounts",
            state="nothing was changed",
            next_step="lead-pipeline run with the same days asks the vendors",
        )
    if not summarise(lines, folder, publish_again(folder, components)):
        raise SystemExit(1)
