"""Which accounts there are, and which of them a command is about."""

from collections.abc import Sequence

import click
import dagster as dg

from lead_pipeline.components.account import AccountComponent
from lead_pipeline.definitions import load_definitions
from lead_pipeline.errors import ConfigError
from lead_pipeline.pipeline.sources import PUSHED
from lead_pipeline.vendors.contract import Vendor


def load_accounts() -> tuple[dg.Definitions, list[AccountComponent]]:
    """Dagster's definitions and the accounts in them, by name."""
    definitions = load_definitions()
    tree = definitions.component_tree
    if tree is None:
        raise ConfigError(
            "the accounts under lead_pipeline/defs could not be read",
            state="nothing was done",
            next_step="dg check defs",
        )
    accounts = tree.get_all_components(of_type=AccountComponent)
    return definitions, sorted(accounts, key=lambda component: component.account)


def choose(
    accounts: Sequence[AccountComponent], sources: Sequence[str], names: Sequence[str]
) -> list[AccountComponent]:
    """The accounts of these sources and names; all where neither is given.

    Raises click.UsageError where a name or a source is unknown.
    """
    known = {component.account for component in accounts}
    known_sources = {component.vendor.source for component in accounts}
    for unknown in sorted({*names} - known):
        raise click.UsageError(
            f"no account is named {unknown}; there are {', '.join(sorted(known))}"
        )
    for unknown in sorted({*sources} - known_sources):
        raise click.UsageError(
            f"no source is named {unknown}; there are {', '.join(sorted(known_sources))}"
        )
    return [
        component
        for component in accounts
        if (not names or component.account in names)
        and (not sources or component.vendor.source in sources)
    ]


def kept_accounts(
    accounts: Sequence[AccountComponent],
    sources: Sequence[str],
    names: Sequence[str],
    imported: Sequence[tuple[Vendor, str]],
) -> list[tuple[Vendor, str]]:
    """Those of which something may be kept, the ones that nobody asks (`PUSHED`, `imported`) too.

    Raises as `choose`.
    """
    unasked = [*PUSHED, *imported]
    pushed = [
        (vendor, name)
        for vendor, name in unasked
        if (not names or name in names) and (not sources or vendor.source in sources)
    ]
    asked = {component.vendor.source for component in accounts}
    others = [name for name in names if name not in {pushing for _, pushing in unasked}]
    other_sources = [
        one
        for one in sources
        if one in asked or one not in {vendor.source for vendor, _ in unasked}
    ]
    if (names and not others) or (sources and not other_sources):
        return pushed
    chosen = choose(accounts, other_sources, others)
    return [*((component.vendor, component.account) for component in chosen), *pushed]


def require_on(chosen: Sequence[AccountComponent], names: Sequence[str]) -> None:
    """Raise ConfigError where an account named on purpose is off, or no account is on at all."""
    opened = [component.open_account() for component in chosen]
    for account in opened:
        if account.name in names:
            account.require_client()
    if all(account.is_off for account in opened):
        variables = ", ".join(name for account in opened for name in account.missing)
        raise ConfigError(
            f"no account is on: {variables} are not set",
            state="nothing was asked and nothing was written",
            next_step="cp .env.example .env and fill it in, or make demo to try it on a sandbox",
        )
