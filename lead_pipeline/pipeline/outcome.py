"""After the accounts: who is who, the reports, the snapshot, and the verdict."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from importlib import resources
from typing import NamedTuple

from lead_pipeline import identity, marts, normalise
from lead_pipeline.errors import RunIncomplete
from lead_pipeline.pipeline.account import Account
from lead_pipeline.pipeline.folder import DataFolder
from lead_pipeline.pipeline.horizons import horizons
from lead_pipeline.pipeline.mend import mended
from lead_pipeline.warehouse import Published, Session, publish

OPEN_FOR = timedelta(hours=24)
"""How long a failure that nobody repaired turns later verdicts red."""


@mended
def resolve_people(folder: DataFolder) -> identity.Resolution:
    """Decide who each lead belongs to."""
    with folder.warehouse.open() as session:
        normalise.install(session)
        return identity.resolve(session, folder.journal, folder.clock())


@mended
def build_reports(folder: DataFolder, accounts: Iterable[Account]) -> dict[str, int]:
    """Build coverage and marts; rows by mart."""
    with folder.warehouse.open() as session:
        marts.build_coverage(session, folder.clock(), horizons(session, folder, accounts))
        return marts.build_marts(session)


@mended
def publish_snapshot(folder: DataFolder) -> Published | None:
    """Publish what changed; None if nothing did."""
    with folder.warehouse.open() as session:
        return publish(session, folder.path, folder.clock())


class Failure(NamedTuple):
    """UTC days that some account is missing a part of, and why."""

    source: str
    account: str
    first_day: date
    last_day: date
    error: str
    message: str


@mended
def open_failures(folder: DataFolder, accounts: Sequence[str]) -> list[Failure]:
    """Failed requests of these accounts in the last 24 hours that no later run has repeated."""
    with folder.warehouse.open() as session:
        return failures_since(session, accounts, folder.clock() - OPEN_FOR)


def failures_since(session: Session, accounts: Sequence[str], since: datetime) -> list[Failure]:
    """Failed requests of these accounts after `since` that no later run has repeated."""
    rows = session.rows(
        (resources.files("lead_pipeline.pipeline") / "open_failures.sql").read_text(),
        {"accounts": list(accounts), "since": since},
    )
    return [Failure(*row) for row in rows]


def judge(folder: DataFolder, accounts: Sequence[str]) -> None:
    """The verdict. Raises RunIncomplete where some account is missing some day."""
    failures = open_failures(folder, accounts)
    if not failures:
        return
    names = sorted({failure.account for failure in failures})
    first = min(failure.first_day for failure in failures)
    last = max(failure.last_day for failure in failures)
    reasons = "\n".join(_reason(failure) for failure in failures)
    options = " ".join(f"--account {name}" for name in names)
    raise RunIncomplete(
        f"{' and '.join(names)} could not be read in full:\n{reasons}",
        state="everything else was loaded and published",
        next_step=f"mend the cause, then lead-pipeline run {options} --from {first} --to {last}",
    )


def _reason(failure: Failure) -> str:
    message = failure.message.replace("\n", "\n    ")
    return f"  - {failure.error}: {message}"
