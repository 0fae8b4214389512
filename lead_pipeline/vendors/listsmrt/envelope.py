"""How webhooks lie in a landed body: one line each, with when they came and what they were."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import BinaryIO, NamedTuple

import orjson

from lead_pipeline.vendors.contract import UnreadableDocument


class Event(NamedTuple):
    """One webhook: when it came (UTC) and the time it was signed with (epoch seconds).

    `sha256` is that of the bytes that were signed; the body is without secrets, so its own hash
    may be another.
    """

    received_at: datetime
    signed_at: str
    sha256: str
    body: bytes


def lines_of(events: Iterable[Event]) -> bytes:
    """JSON lines; the body is text where it is UTF-8, else hex digits."""
    return b"".join(
        orjson.dumps(_line(event), option=orjson.OPT_APPEND_NEWLINE) for event in events
    )


def events_in(body: BinaryIO) -> Iterator[Event]:
    """Every event, in order. Raises UnreadableDocument where a line is not one of ours."""
    for number, line in enumerate(body, 1):
        try:
            found = orjson.loads(line)
            content = found["body"].encode() if "body" in found else bytes.fromhex(found["hex"])
            moment = datetime.fromisoformat(found["received_at"])
            yield Event(moment, found["signed_at"], found["sha256"], content)
        except (orjson.JSONDecodeError, ValueError, KeyError, TypeError, AttributeError) as error:
            raise UnreadableDocument(f"line {number} holds no event") from error


def _line(event: Event) -> dict[str, object]:
    about = event._asdict()
    del about["body"]
    try:
        return {**about, "body": event.body.decode()}
    except UnicodeDecodeError:
        return {**about, "hex": event.body.hex()}
