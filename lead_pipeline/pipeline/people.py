"""Ask who is who, and decide it by hand."""

from collections.abc import Callable
from typing import Any, NamedTuple, TypeVar

from lead_pipeline import identity, normalise
from lead_pipeline.identity import audit, overrides
from lead_pipeline.identity.explain import explain, suggestions
from lead_pipeline.identity.overrides import Signature
from lead_pipeline.journal import Journal
from lead_pipeline.pipeline.folder import DataFolder
from lead_pipeline.pipeline.mend import mended
from lead_pipeline.pipeline.outcome import publish_snapshot, settle
from lead_pipeline.warehouse import Published, Session

Answer = TypeVar("Answer")


class Decided(NamedTuple):
    """What a decision led to: its event, leads that moved, and the snapshot that shows it."""

    event: str
    resolution: identity.Resolution
    published: Published | None


@mended
def explain_person(folder: DataFolder, subject: str) -> list[dict[str, Any]]:
    """Whom a lead, a person, a phone or an e-mail belongs to, and why. Raises ConfigError."""
    with folder.warehouse.open() as session:
        normalise.install(session)
        return explain(session, subject)


@mended
def suggest(folder: DataFolder, limit: int) -> list[dict[str, Any]]:
    """Persons that somebody might merge."""
    with folder.warehouse.open() as session:
        normalise.install(session)
        return suggestions(session, limit)


def merge_people(folder: DataFolder, one: str, other: str, by: str, reason: str) -> Decided:
    """Make one person of two. Raises ConfigError, and then changes nothing."""
    return _decide(
        folder,
        lambda session, journal: overrides.merge(
            session, journal, one, other, Signature(by, folder.clock(), reason)
        ),
    )


def split_person(
    folder: DataFolder, person: str, leads: list[str], by: str, reason: str
) -> Decided:
    """Make some leads of a person another one. Raises ConfigError, and then changes nothing."""
    return _decide(
        folder,
        lambda session, journal: overrides.split(
            session, journal, person, leads, Signature(by, folder.clock(), reason)
        ),
    )


def undo_decision(folder: DataFolder, event: str, by: str, reason: str) -> Decided:
    """Take a merge or split back. Raises ConfigError, and then changes nothing."""
    return _decide(
        folder,
        lambda session, journal: overrides.undo(
            session, journal, event, Signature(by, folder.clock(), reason)
        ),
    )


def _decide(folder: DataFolder, write: Callable[[Session, Journal], str]) -> Decided:
    """What is written into the journal is acted upon, and shown, in the same breath."""
    with folder.warehouse.open() as session:
        normalise.install(session)
        event = write(session, folder.journal)
        resolution = settle(folder, session)
    return Decided(event, resolution, publish_snapshot(folder))


class Audit:
    """What `identity.audit` finds in a data folder; each question opens the warehouse anew."""

    def __init__(self, folder: DataFolder) -> None:
        self._folder = folder

    def sampled(self, components: int, seed: str) -> audit.Differences:
        """What differs from a rebuild in a sample of components."""
        return self._ask(lambda session: audit.compare_with_rebuild(session, components, seed))

    def crowded_keys(self) -> list[tuple[str, int]]:
        """A lead of each phone or e-mail above the alarm level, and its leads."""
        return self._ask(audit.crowded_keys)

    def crowded_people(self) -> list[tuple[str, int]]:
        """Persons with more names in full than the alarm level, and how many."""
        return self._ask(audit.crowded_people)

    def churn(self) -> tuple[int, int]:
        """Old leads that the last resolution moved, and all leads."""
        return self._ask(audit.churn)

    def _ask(self, question: Callable[[Session], Answer]) -> Answer:
        with self._folder.warehouse.open() as session:
            normalise.install(session)
            return question(session)
