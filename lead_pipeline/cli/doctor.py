"""`lead-pipeline doctor`: is each account set up, is the clock right, are the credentials good?"""

from contextlib import closing

import click

from lead_pipeline.cli.accounts import choose, load_accounts
from lead_pipeline.components.account import AccountComponent
from lead_pipeline.components.qontak import QontakAccount
from lead_pipeline.errors import PipelineError
from lead_pipeline.push import Mode, problems_of
from lead_pipeline.settings import read_settings
from lead_pipeline.vendors.contract import Client
from lead_pipeline.vendors.deadline import Countdown
from lead_pipeline.vendors.qontak import QontakClient

CLOCK_TOLERANCE_SECONDS = 60
CHECK_SECONDS = 60


@click.command()
@click.option("--account", "names", multiple=True, help="Only this account; repeatable.")
def doctor(names: tuple[str, ...]) -> None:
    """Check each account: variables set, clock right, credentials accepted.

    Prints the names of variables, never their values, and moves no vendor's cursor. Exit code 1:
    something needs attention.
    """
    read_settings()
    chosen = choose(load_accounts()[1], (), names)
    healthy = [_examine(component, component.account in names) for component in chosen]
    if not all(healthy):
        raise SystemExit(1)


def _examine(component: AccountComponent, is_named: bool) -> bool:
    """Print what is found of one account; whether it is well."""
    account = component.open_account()
    click.echo(f"{account.name} ({account.vendor.source}) at {component.base_url}")
    for name in component.secret_variables:
        click.echo(f"  {name}: {'not set' if name in account.missing else 'set'}")
    if account.client is None:
        click.echo("  off: nothing is set" if account.is_off else "  half set: not asked")
        return account.is_off and not is_named
    with closing(account.client) as client:
        is_well = _report(client)
        if isinstance(component, QontakAccount) and isinstance(client, QontakClient):
            return is_well and _report_push(component, client)
        return is_well


def _report_push(component: QontakAccount, client: QontakClient) -> bool:
    """Print whether what is to be pushed fits the CRM's fields."""
    try:
        settings = component.push_settings
        if settings is None or settings.mode is Mode.OFF:
            click.echo("  push: off")
            return True
        problems = problems_of(client, settings, Countdown(CHECK_SECONDS))
    except PipelineError as error:
        click.echo(f"  push: {error.what}\n  next: {error.next_step}")
        return False
    click.echo(f"  push: {settings.mode}" + ("" if problems else ", and every field fits"))
    for problem in problems:
        click.echo(f"    {problem}")
    return not problems


def _report(client: Client) -> bool:
    try:
        probe = client.probe()
    except PipelineError as error:
        click.echo(f"  credentials: {error.what}\n  next: {error.next_step}")
        return False
    offset = probe.clock_offset_seconds
    is_clock_right = offset is None or abs(offset) <= CLOCK_TOLERANCE_SECONDS
    if offset is None:
        click.echo("  clock: the vendor did not tell its time")
    else:
        click.echo(f"  clock: the vendor's is {offset:+.0f} s from ours")
    click.echo(f"  credentials: {probe.explanation}")
    return probe.accepted and is_clock_right
