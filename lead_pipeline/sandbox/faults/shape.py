"""What faults need to know of a vendor: its words, and where a document holds its records."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from lead_pipeline.sandbox.faults.fault import FaultKind


@dataclass(frozen=True)
class Document:
    """A document taken apart: records in its order, and what stands around them."""

    head: bytes
    records: tuple[bytes, ...]
    separator: bytes
    tail: bytes

    def written(self) -> bytes:
        """Put together again."""
        return self.head + self.separator.join(self.records) + self.tail


Change = Callable[[bytes, int], bytes]
"""A record and some random bits to the record spoiled."""


@dataclass(frozen=True)
class Shape:
    """One vendor. `error` comes with status 200, `expired` with 401, `unprocessable` with 422.

    `repaged` makes of a document what a fault of pages makes of it, None if it cannot be hit; it is
    None itself for a vendor without pages.
    """

    media_type: str
    error: bytes
    expired_media_type: str
    expired: bytes
    read: Callable[[bytes], Document]
    changes: Mapping[FaultKind, Change]
    repaged: Callable[[bytes, FaultKind, int], bytes | None] | None = None
    unprocessable: bytes | None = None
