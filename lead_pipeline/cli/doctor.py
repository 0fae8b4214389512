"""`lead-pipeline doctor`: is each account set up, is the clock right, are the credentials good?"""

from collections.abc import Sequence

import click
from rich.console import Console
from rich.table import Table

from lead_pipeline.cli.accounts import choose, load_accounts
from lead_pipeline.components.account import AccountComponent
from lead_pipeline.errors import PipelineError

CLOCK_TOLERANCE_SECONDS = 60


@click.command()
@click.option("--account", "names", multiple=True, help="Only this account; repeatable.")
def doctor(names: tuple[str, ...]) -> None:
    """Check each account: variables set, clock right, credentials accepted.

    Prints the names of variables, never their values, and moves no vendor's cursor. Exit code 1:
    something needs attention.
    """
    chosen = choose(load_accounts()[1], (), names)
    table = Table(title="Accounts", show_lines=True)
    for name in ("account", "source", "asks", "variables", "clock", "credentials"):
        table.add_column(name, overflow="fold")
    healthy = [_examine(component, table, component.account in names) for component in chosen]
    Console().print(table)
    if not all(healthy):
        raise SystemExit(1)


def _examine(component: AccountComponent, table: Table, is_named: bool) -> bool:
    """Add the account's row; whether it is well."""
    account = component.open_account()
    about = (account.name, account.vendor.source, component.base_url)
    if account.client is None:
        missing = _variables(component.secret_variables, account.missing)
        table.add_row(*about, missing, "not asked", "off" if account.is_off else "half set")
        return account.is_off and not is_named
    variables = _variables(component.secret_variables, ())
    try:
        probe = account.client.probe()
    except PipelineError as error:
        table.add_row(*about, variables, "unknown", f"{error.what}\nNext: {error.next_step}")
        return False
    offset = probe.clock_offset_seconds
    clock = "unknown" if offset is None else f"{offset:+.0f} s"
    table.add_row(*about, variables, clock, probe.explanation)
    return probe.accepted and (offset is None or abs(offset) <= CLOCK_TOLERANCE_SECONDS)


def _variables(names: Sequence[str], missing: Sequence[str]) -> str:
    return "\n".join(f"{name}: {'not set' if name in missing else 'set'}" for name in names)
