"""`lead-pipeline push`: people with a new enquiry into the CRM, or what would go there."""

from collections import Counter
from collections.abc import Iterable, Sequence

import click
from rich.console import Console
from rich.table import Table

from lead_pipeline.cli.accounts import choose, load_accounts
from lead_pipeline.components.qontak import QontakAccount
from lead_pipeline.errors import ConfigError
from lead_pipeline.pipeline.folder import DataFolder, open_folder
from lead_pipeline.push import Merge, Mode, PushOutcome, PushSettings, merges_of
from lead_pipeline.push import push as push_account
from lead_pipeline.push.dry import Planned
from lead_pipeline.settings import read_settings

ROWS = "SELECT kind, state, reason, count(*) FROM ops.pushes WHERE account = ? GROUP BY ALL"


@click.command()
@click.option("--account", "names", multiple=True, help="Only this account; repeatable.")
@click.option("--dry-run", is_flag=True, help="Look everything up, show what would be sent.")
@click.option("--report", is_flag=True, help="Push nothing; show how it stands and what to merge.")
def push(names: tuple[str, ...], dry_run: bool, report: bool) -> None:
    """Bring people with a new enquiry into the CRM, each once, with a deal per enquiry.

    What was loaded before is pushed; run reads what is new. Off unless the push block of the
    account's defs.yaml turns it on. Exit code 1: it stopped early, and the rest waits.
    """
    folder = open_folder(read_settings())
    if report:
        for component in _of_the_crm(names):
            _report(folder, component.account)
        return
    chosen = _pushing(names)
    failures = [
        _push(folder, component, settings, dry_run=dry_run) for component, settings in chosen
    ]
    if any(failures):
        raise SystemExit(1)


def _of_the_crm(names: Sequence[str]) -> list[QontakAccount]:
    """The accounts of the CRM, on or off."""
    chosen = choose(load_accounts()[1], (), names)
    return [component for component in chosen if isinstance(component, QontakAccount)]


def _pushing(names: Sequence[str]) -> list[tuple[QontakAccount, PushSettings]]:
    """The accounts whose push is not off. Raises ConfigError where there is none."""
    found = [
        (component, settings)
        for component in _of_the_crm(names)
        if (settings := component.push_settings) is not None and settings.mode is not Mode.OFF
    ]
    if not found:
        raise ConfigError(
            f"the push of {' and '.join(names) or 'every account'} is off",
            state="nothing was asked and nothing was written",
            next_step="set QONTAK_PUSH_MODE to dry-run, then to on (docs/how-to/push.md)",
        )
    return found


def _push(
    folder: DataFolder, component: QontakAccount, settings: PushSettings, *, dry_run: bool
) -> str | None:
    """Push to one account and show it; why it stopped early."""
    if dry_run:
        settings = settings.model_copy(update={"mode": Mode.DRY_RUN})
    outcome = push_account(folder, component.open_account(), settings)
    _show(component.account, settings.mode, outcome)
    return outcome.failure


def _show(account: str, mode: Mode, outcome: PushOutcome) -> None:
    console = Console()
    is_dry = mode is Mode.DRY_RUN
    console.print(f"{account}: {outcome.people} people with a new enquiry")
    if is_dry:
        console.print(_planned(outcome.planned))
    else:
        rows = [(kind, state, "", count) for (kind, state), count in outcome.rows.items()]
        console.print(_table(rows))
    _print_merges(console, outcome.merges)
    if outcome.failure:
        console.print(f"It stopped early: {outcome.failure}", style="bold red", soft_wrap=True)


def _report(folder: DataFolder, account: str) -> None:
    """How the outbox stands, with reasons, and what a human should do."""
    console = Console()
    with folder.warehouse.open() as session:
        console.print(_table(session.rows(ROWS, (account,))))
        _print_merges(console, merges_of(session, account))


def _planned(planned: Iterable[Planned]) -> Table:
    table = Table(title="Would be sent", box=None, padding=(0, 2, 0, 0))
    for name in ("", "what", "fields"):
        table.add_column(name)
    table.add_column("times", justify="right")
    for one, times in sorted(Counter(planned).items()):
        table.add_row(one.action, one.kind, ", ".join(one.fields), f"{times:,}")
    return table


def _table(rows: Iterable[tuple[str, str, str | None, int]]) -> Table:
    table = Table(title="The outbox", box=None, padding=(0, 2, 0, 0))
    for name in ("what", "state", "reason"):
        table.add_column(name)
    table.add_column("rows", justify="right")
    named = ((str(kind), str(state), reason or "", count) for kind, state, reason, count in rows)
    for kind, state, reason, count in sorted(named):
        table.add_row(kind, state, reason, f"{count:,}")
    return table


def _print_merges(console: Console, merges: Iterable[Merge]) -> None:
    for one in merges:
        people, contacts = " and ".join(one.people), " and ".join(one.contacts)
        if one.what == "merge":
            console.print(f"Merge in the CRM: contacts {contacts} are one person, {people}")
        else:
            console.print(f"Split in the CRM: contact {contacts} has deals of {people}")
