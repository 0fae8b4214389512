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
from lead_pipeline.pipeline.mask import mask
from lead_pipeline.pipeline.mend import mended
from lead_pipeline.warehouse import Published, Session, publish

OPEN_FOR = timedelta(hours=24)
"""How long a failure that nobody repaired turns later verdicts red."""


@mended
def resolve_people(folder: DataFolder) -> identity.Resolution:
    """Decide who each lead belongs to."""
    with folder.warehouse.open() as session:
        return resolve_now(folder, session)


def resolve_now(folder: DataFolder, session: Session) -> identity.Resolution:
    """The same in a session that is open: from then on it knows all that the journal says."""
    normalise.install(session)
    return identity.resolve(session, folder.journal, folder.clock())


@mended
def build_reports(folder: DataFolder, accounts: Iterable[Account]) -> dict[str, int]:
    """Build coverage and marts; rows by mart."""
    with folder.warehouse.open() as session:
        marts.build_coverage(session, folder.clock(), horizons(session, folder, accounts))
        return marts.build_marts(session, folder.business)


@mended
def publish_snapshot(folder: DataFolder) -> Published | None:
    """Publish what changed, and its masked twin where that is wanted; None if nothing did."""
    with folder.warehouse.open() as session:
        published = publish(session, folder.path, folder.clock())
    if published and folder.settings.publish_masked:
        mask(folder)
    return published


def settle(folder: DataFolder, session: Session) -> identity.Resolution:
    """Who is who, and the reports, by all that the journal says now. Raises JournalError.

    Coverage is not told anew: nothing was asked. The caller publishes, with the session closed.
    """
    resolution = resolve_now(folder, session)
    marts.build_marts(session, folder.business)
    return resolution


class Failure(NamedTuple):
    """UTC days that some account is missing a part of, or a scan (no days), and why."""

    source: str
    account: str
    stream: str
    first_day: date | None
    last_day: date | None
    error: str
    message: str


@mended
def open_failures(folder: DataFolder, accounts: Sequence[str]) -> list[Failure]:
    """Requests and scans of these accounts that failed in 24 hours and were not repeated."""
    with folder.warehouse.open() as session:
        return failures_since(session, accounts, folder.clock() - OPEN_FOR)


def failures_since(session: Session, accounts: Sequence[str], since: datetime) -> list[Failure]:
    """Requests and scans of these accounts that failed after `since` and were not repeated."""
    about = {"accounts": list(accounts), "since": since}
    return [
        Failure(*row)
        for name in ("open_failures.sql", "open_scans.sql")
        for row in session.rows(
            (resources.files("lead_pipeline.pipeline") / name).read_text(), about
        )
    ]


def span_of(failures: Sequence[Failure]) -> tuple[date, date] | None:
    """The first and the last day that is missing; None where only scans are."""
    first = [failure.first_day for failure in failures if failure.first_day]
    last = [failure.last_day for failure in failures if failure.last_day]
    return (min(first), max(last)) if first and last else None


def command_again(failures: Sequence[Failure]) -> str:
    """The command that asks for all of it once more."""
    words = ["lead-pipeline run"]
    words += ["--scan"] * any(failure.first_day is None for failure in failures)
    words += [f"--account {name}" for name in sorted({failure.account for failure in failures})]
    if span := span_of(failures):
        words.append(f"--from {span[0]} --to {span[1]}")
    return " ".join(words)


def judge(folder: DataFolder, accounts: Sequence[str]) -> None:
    """The verdict. Raises RunIncomplete where some account is missing some day, or a scan."""
    failures = open_failures(folder, accounts)
    if not failures:
        return
    names = sorted({failure.account for failure in failures})
    reasons = "\n".join(_reason(failure) for failure in failures)
    raise RunIncomplete(
        f"{' and '.join(names)} could not be read in full:\n{reasons}",
        state="everything else was loaded and published",
        next_step=f"mend the cause, then {command_again(failures)}",
    )


def _reason(failure: Failure) -> str:
    message = failure.message.replace("\n", "\n    ")
    stream = f"{failure.stream}: " if failure.first_day is None else ""
    return f"  - {stream}{failure.error}: {message}"
