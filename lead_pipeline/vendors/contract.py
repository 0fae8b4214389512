"""What a pulled vendor is.

A *vendor* (one constant per package: `HOUSING`, `AIMBASE`) knows how to read what it sent, without
credentials, so that an archive can be replayed when an account is long gone. A *client* is one
account of it: it can ask. Neither knows where bytes are kept: `Bodies` is handed in.

Streams are *windowed* (asked for a time window) or *scanned* (read whole, resumed where the last
attempt stopped, and ended with a verdict). Parsing is a pure walk over one landed body, plus the
side documents that it names (a field template), to records, unreadable records and the names of
fields that nobody knew.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import BinaryIO, NamedTuple, Protocol

from lead_pipeline.records import ParsedLead, ParsedObject, Subject, Window


class StreamKind(StrEnum):
    """How a stream is asked for.

    What is `SIDE` comes with the scan of another, never by itself; what is `PUSHED` is never asked
    for: the vendor sends it.
    """

    WINDOWED = "windowed"
    SCANNED = "scanned"
    SIDE = "side"
    PUSHED = "pushed"


@dataclass(frozen=True, slots=True)
class Stream:
    """One kind of thing that an account offers.

    `record_kinds` names the record types that parsing it yields; `side_documents` the streams
    whose newest body parsing needs (a field template).
    """

    name: str
    kind: StreamKind
    record_kinds: tuple[str, ...]
    side_documents: tuple[str, ...] = ()


class Body(Protocol):
    """A response's bytes, safe on disk and addressed by their SHA-256."""

    @property
    def sha256(self) -> str:
        """Lower-case hex."""
        ...

    @property
    def length(self) -> int:
        """In bytes, as received (after content decoding)."""
        ...

    def open(self) -> BinaryIO:
        """The bytes, from their start; the caller closes."""
        ...


class Bodies(Protocol):
    """Where bytes go while they arrive.

    An error raised by `chunks` leaves nothing behind and passes on as it is.
    """

    def store(self, chunks: Iterable[bytes]) -> Body:
        """Keep all chunks as one body."""
        ...


@dataclass(frozen=True, slots=True)
class Delivery:
    """One 2xx response, its bytes already kept.

    `window` is what was asked for (UTC, half open); it is None of a scan, and of an answer of which
    nobody can say what it covers. `covers` is false where the answer is known to be cut off, so
    that it must not count as having read its window.
    `url` has neither signature nor secret. `resume` is the point from which a scan goes on after
    this delivery. `attempts` counts the requests it took, failures included.
    """

    stream: str
    window: Window | None
    covers: bool
    requested_at: datetime
    received_at: datetime
    status: int
    url: str
    body: Body
    attempts: int
    resume: str | None = None


@dataclass(frozen=True, slots=True)
class ScanVerdict:
    """How a scan ended: complete, or cut short and why."""

    stream: str
    complete: bool
    reason: str


class Unreadable(NamedTuple):
    """One record that cannot be read; the others of its delivery go on.

    `place` finds it again in the body (`record 17, field lead_date`), `reason` says why without
    quoting personal data, `content` is its bytes for the quarantine. `source_lead_id` is the
    enquiry's own id, where that can be read: by it a later one is known to be the same.
    """

    record_index: int
    place: str
    reason: str
    content: bytes
    source_lead_id: str | None = None


class NewField(NamedTuple):
    """A field that nobody has named yet: kept in `attributes`, reported once per delivery."""

    path: str


ParsedItem = ParsedLead | ParsedObject | Unreadable | NewField
Reading = Mapping[str, str]
"""The settings that parsing needs (default country, vendor zone), kept in every receipt."""
Parse = Callable[[str, BinaryIO, Reading, Mapping[str, BinaryIO]], Iterator[ParsedItem]]
"""(stream name, body, reading, side documents by stream) -> items, in document order.

Raises `UnreadableDocument` where the document as a whole cannot be read, possibly after
having yielded records: nothing of it counts then.
"""


class UnreadableDocument(Exception):  # noqa: N818 - named after what happened, as the error tree
    """The document as a whole cannot be read. The message holds no personal data."""


@dataclass(frozen=True, slots=True)
class Vendor:
    """A vendor without credentials: what it offers and how it is read."""

    source: str
    streams: tuple[Stream, ...]
    parse: Parse = field(repr=False)

    def require(self, stream: str, kind: StreamKind = StreamKind.WINDOWED) -> Stream:
        """The stream of that name and kind. Raises ValueError where there is none."""
        for offered in self.streams:
            if (offered.name, offered.kind) == (stream, kind):
                return offered
        raise ValueError(f"{self.source} has no {kind} stream {stream!r}")


@dataclass(frozen=True, slots=True)
class Probe:
    """What `doctor` learned of one account without moving any cursor.

    `clock_offset_seconds`: vendor minus us, None where its answer carried no Date.
    """

    accepted: bool
    explanation: str
    clock_offset_seconds: float | None


class Deadline(Protocol):
    """The one time limit of a window, retries and waits included."""

    def remaining(self) -> float:
        """Seconds left; zero or less when it has passed."""
        ...


class Client(Protocol):
    """One account of a vendor, with its credentials."""

    @property
    def vendor(self) -> Vendor:
        """What it offers and how it is read."""
        ...

    @property
    def account(self) -> str:
        """Its name, unique among all accounts."""
        ...

    @property
    def base_url(self) -> str:
        """Where it asks, without a trailing slash."""
        ...

    @property
    def reading(self) -> Reading:
        """What its receipts keep for parsing."""
        ...

    def plan(self, stream: str, window: Window, now: datetime) -> tuple[Window, ...]:
        """The request windows, in order, that together read `window` as far as the vendor can.

        None ends after `now` (unless its vendor day has begun), none lies past the horizon.
        """
        ...

    def fetch(
        self, stream: str, piece: Window, bodies: Bodies, deadline: Deadline
    ) -> Iterator[Delivery]:
        """Read one window of the plan. Raises VendorError; what was yielded before stays valid."""
        ...

    @property
    def moves_cursor(self) -> bool:
        """Whether asking for what is new changes what the vendor answers next.

        Such an account is asked by `fetch_new`, once a run; `recover` makes lost answers good.
        """
        ...

    def fetch_new(
        self, stream: str, since: datetime | None, bodies: Bodies, deadline: Deadline
    ) -> Iterator[Delivery]:
        """Ask for what is new in one attempt, whatever becomes of it.

        All that came before `since` is known to have landed (None: nothing is), so the delivery's
        window starts there. Where it is None, or a VendorError is raised, `recover` is due. What
        cannot be read is yielded, without a window, before its error is raised. Raises ValueError
        unless `moves_cursor`.
        """
        ...

    def recover(self, stream: str, bodies: Bodies, deadline: Deadline) -> Iterator[Delivery]:
        """Ask for all that the vendor still gives, which moves no cursor. Raises as `fetch_new`."""
        ...

    def scan(
        self, stream: str, resume: str | None, bodies: Bodies, deadline: Deadline
    ) -> Iterator[Delivery | ScanVerdict]:
        """Read a scanned stream from `resume` (None: from its start); the verdict comes last."""
        ...

    def refetchable_until(self, day: date) -> datetime | None:
        """The moment (UTC) after which a part of this UTC day cannot be asked for; None: never."""
        ...

    def probe(self) -> Probe:
        """Ask for as little as possible, to learn whether the credentials are accepted."""
        ...

    def subject(self, window: Window | None = None) -> Subject:
        """What errors about this account name."""
        ...

    def close(self) -> None:
        """Close the open connection."""
        ...
