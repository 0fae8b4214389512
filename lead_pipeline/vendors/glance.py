"""Bodies that are looked at and not kept, for probing credentials."""

import hashlib
import io
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import BinaryIO

HEAD_BYTES = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Glimpse:
    """The first `HEAD_BYTES` of a body, in memory."""

    sha256: str
    length: int
    head: bytes = field(repr=False)

    def open(self) -> BinaryIO:
        """Read the head."""
        return io.BytesIO(self.head)


class Glance:
    """A `contract.Bodies` that keeps nothing but the head of the body."""

    def store(self, chunks: Iterable[bytes]) -> Glimpse:
        """Read all chunks, remember the first."""
        digest, length, head = hashlib.sha256(), 0, bytearray()
        for chunk in chunks:
            digest.update(chunk)
            length += len(chunk)
            head += chunk[: HEAD_BYTES - len(head)]
        return Glimpse(digest.hexdigest(), length, bytes(head))
