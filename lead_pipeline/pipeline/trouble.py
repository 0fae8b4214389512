"""What a run showed: which parts failed, which work, which accounts miss days."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from lead_pipeline.errors import WarehouseUnusable
from lead_pipeline.pipeline.folder import DataFolder
from lead_pipeline.pipeline.outcome import (
    OPEN_FOR,
    Failure,
    command_again,
    failures_since,
    span_of,
)
from lead_pipeline.warehouse import open_snapshot

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Trouble:
    """Something that failed. `key` names the thing, `what` says how, without personal data."""

    key: str
    what: str
    next_step: str


@dataclass(frozen=True, slots=True)
class RunReport:
    """A run that ended at `ended_at` (UTC): parts that failed, and keys of parts that worked.

    `judged`: the accounts that its verdict was about; none where it did not get that far.
    """

    ended_at: datetime
    troubles: tuple[Trouble, ...] = ()
    sound: frozenset[str] = frozenset()
    judged: tuple[str, ...] = ()


def account_key(account: str) -> str:
    """The key of an account that misses days."""
    return f"account {account}"


def missing_days(folder: DataFolder, accounts: Sequence[str]) -> dict[str, Trouble | None]:
    """What is amiss with each of these accounts now, by key, as published.

    Empty where nothing can be known.
    """
    try:
        failures = _failures(folder, accounts, folder.clock() - OPEN_FOR) if accounts else []
    except WarehouseUnusable as error:
        logger.warning("which days are missing cannot be known: %s", error)
        return {}
    return {
        account_key(account): _trouble(
            account, [failure for failure in failures if failure.account == account]
        )
        for account in accounts
    }


def still_missing(folder: DataFolder, account: str, since: datetime) -> str:
    """What nobody has asked for again although it failed up to 24 hours before `since`, or later.

    Such days no longer turn a verdict red. Empty where there are none.
    """
    failures = _failures(folder, [account], since - OPEN_FOR)
    if not failures:
        return ""
    return f"but not read again: {_missing(failures)}; Next: {command_again(failures)}"


def _failures(folder: DataFolder, accounts: Sequence[str], since: datetime) -> list[Failure]:
    """From the snapshot, which no loader holds."""
    with open_snapshot(folder.path) as session:
        return failures_since(session, accounts, since)


def _trouble(account: str, failures: Sequence[Failure]) -> Trouble | None:
    if not failures:
        return None
    reason = failures[0].message.splitlines()[0]
    more = f" (and {len(failures) - 1} more failed requests)" if len(failures) > 1 else ""
    return Trouble(
        account_key(account),
        f"{_missing(failures)} not read in full: {failures[0].error}: {reason}{more}",
        f"mend the cause, then {command_again(failures)}",
    )


def _missing(failures: Sequence[Failure]) -> str:
    """E.g. `2026-11-14 to 2026-11-20, the scan of contacts`."""
    span = span_of(failures)
    days = [f"{span[0]} to {span[1]}"] if span else []
    scans = sorted({failure.stream for failure in failures if failure.first_day is None})
    return ", ".join([*days, *(f"the scan of {stream}" for stream in scans)])
