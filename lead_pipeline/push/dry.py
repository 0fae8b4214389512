"""A dry run: everything is looked up, and what would be sent is written down instead."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from lead_pipeline.journal import Journal, Written
from lead_pipeline.vendors.contract import Deadline
from lead_pipeline.vendors.qontak import Writer
from lead_pipeline.vendors.qontak.outcome import Acted, Outcome

NEW = "0"
"""The id of what would be created."""


class Planned(NamedTuple):
    """What would be sent: create or complete what, with which fields; no values."""

    action: str
    kind: str
    fields: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DryWriter(Writer):
    """Reads, and keeps what it was to write in `planned`."""

    planned: list[Planned] = field(default_factory=list)

    def create(
        self,
        kind: str,
        fields: Mapping[str, object],
        deadline: Deadline,  # noqa: ARG002 - the writer's
    ) -> Outcome:
        """Say that it was done."""
        self.planned.append(Planned("create", kind, tuple(sorted(fields))))
        return Acted(NEW)

    def change(
        self,
        kind: str,
        identifier: str,
        fields: Mapping[str, object],
        deadline: Deadline,  # noqa: ARG002 - the writer's
    ) -> Outcome:
        """Say that it was done."""
        self.planned.append(Planned("complete", kind, tuple(sorted(fields))))
        return Acted(identifier)


class DryJournal(Journal):
    """Takes everything and keeps nothing."""

    def append(self, entries: Iterable[Mapping[str, object]]) -> Written:
        """Nothing is written."""
        list(entries)
        return Written(0, 0)
