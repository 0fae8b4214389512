"""The rules of loading, written once more, in plain Python."""

import hashlib
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from lead_pipeline.records import ParsedLead
from lead_pipeline.warehouse.load import Counts
from lead_pipeline_tests.warehouse.deliveries import Delivery

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
NEVER = datetime(1, 1, 1, tzinfo=UTC)


class Version(NamedTuple):
    """What a delivery said of a lead; the greatest wins."""

    updated_at: datetime
    requested_at: datetime
    sha256: str
    record_index: int
    record: ParsedLead

    @property
    def content(self) -> ParsedLead:
        return self.record._replace(record_index=0)


def lead_id(delivery: Delivery, record: ParsedLead) -> str:
    parts = (delivery.source, delivery.account, record.key_version, record.natural_key)
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()[:32]


def content_hash(record: ParsedLead) -> str:
    """Over every field but the place in the body; absent is not the same as empty."""
    values = record._replace(record_index=0)[1:]
    return hashlib.md5("\x1f".join(map(_written, values)).encode()).hexdigest()


def _written(value: object) -> str:
    if isinstance(value, datetime):
        return str((value - EPOCH) // timedelta(microseconds=1))
    if isinstance(value, bool):
        return str(value).lower()
    return "\x1e" if value is None else str(value)


@dataclass
class Rules:
    """Every version that was ever loaded, by lead."""

    versions: dict[str, set[Version]] = field(default_factory=dict)

    def load(self, delivery: Delivery) -> Counts:
        received: dict[str, list[Version]] = {}
        for record in delivery.leads:
            version = Version(
                record.updated_at or NEVER,
                delivery.requested_at,
                str(delivery.receipt.sha256),
                record.record_index,
                record,
            )
            received.setdefault(lead_id(delivery, record), []).append(version)
        kinds = Counter(self._kind(lead, max(versions)) for lead, versions in received.items())
        repeated = sum(len(versions) - 1 for versions in received.values())
        for lead, versions in received.items():
            self.versions.setdefault(lead, set()).update(versions)
        return Counts(**kinds, repeated=repeated)

    def _kind(self, lead: str, version: Version) -> str:
        if lead not in self.versions:
            return "new"
        known = max(self.versions[lead])
        if version.content == known.content:
            return "unchanged"
        return "changed" if version > known else "stale"

    def leads(self) -> dict[str, tuple[Version, datetime, datetime]]:
        """The winner of each lead, and when the lead was first and last seen."""
        return {
            lead: (
                max(versions),
                min(version.requested_at for version in versions),
                max(version.requested_at for version in versions),
            )
            for lead, versions in self.versions.items()
        }

    def history(self) -> set[tuple[str, Version]]:
        """The highest version of every content that did not win."""
        return {
            (lead, max(version for version in versions if version.content == content))
            for lead, versions in self.versions.items()
            for content in {version.content for version in versions} - {max(versions).content}
        }
