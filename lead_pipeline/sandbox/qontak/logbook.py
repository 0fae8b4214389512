"""Who wrote what into the CRM, as a test wants to count it."""

from datetime import UTC, datetime, timedelta
from typing import Any, TypedDict

from lead_pipeline.sandbox.qontak.changes import By
from lead_pipeline.sandbox.qontak.look_up import digits
from lead_pipeline.sandbox.qontak.settings import QONTAK
from lead_pipeline.sandbox.qontak.store import STREAMS
from lead_pipeline.sandbox.qontak.written import Record

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class CreatedObject(TypedDict):
    """One that was entered; `at` in ISO 8601 UTC, `id` as text, `sent` as it came.

    `name`, and of a contact `phone` (its digits, Indonesia's 62 for a leading 0) and `email` (in
    small letters), say who or what it is.
    """

    id: str
    at: str
    by: str
    name: str
    phone: str | None
    email: str | None
    sent: Record


class ChangedObject(TypedDict):
    """One writing over an object: the fields `sent`, and of all that changed, before and after."""

    id: str
    at: str
    by: str
    sent: list[str]
    fields: dict[str, tuple[Any, Any]]


class DeletedObject(TypedDict):
    """One that is gone."""

    id: str
    at: str
    by: str


class StreamWrites(TypedDict):
    """One stream: `posts` and `puts` count signed requests, those that were refused included."""

    posts: int
    puts: int
    created: list[CreatedObject]
    changed: list[ChangedObject]
    deleted: list[DeletedObject]


CrmWrites = dict[str, dict[str, StreamWrites]]
"""Account to stream, all in the order of their coming."""


class Logbook:
    """Of one CRM, for as long as it runs."""

    def __init__(self) -> None:
        self._streams: dict[str, StreamWrites] = {
            stream: {"posts": 0, "puts": 0, "created": [], "changed": [], "deleted": []}
            for stream in STREAMS
        }

    def told(self) -> CrmWrites:
        """All of it."""
        return {QONTAK: self._streams}

    def asked(self, stream: str, method: str) -> None:
        """Count a signed request of a client."""
        if method == "POST":
            self._streams[stream]["posts"] += 1
        elif method == "PUT":
            self._streams[stream]["puts"] += 1

    def created(self, stream: str, record: Record, sent: Record, at: int, by: By) -> None:
        """Tell of a new object."""
        names = (record.get("first_name"), record.get("last_name"), record.get("name"))
        phone, email = record.get("telephone"), record.get("email")
        self._streams[stream]["created"].append(
            {
                "id": str(record["id"]),
                "at": _iso(at),
                "by": by,
                "name": " ".join(name for name in names if name),
                "phone": digits(phone) if phone else None,
                "email": email.strip().lower() if email else None,
                "sent": sent,
            }
        )

    def changed(
        self, stream: str, before: Record, after: Record, sent: Record, at: int, by: By
    ) -> None:
        """Tell of what was written over an object."""
        fields = {
            name: (before.get(name), value)
            for name, value in after.items()
            if before.get(name) != value and name != "updated_at"
        }
        self._streams[stream]["changed"].append(
            {
                "id": str(after["id"]),
                "at": _iso(at),
                "by": by,
                "sent": sorted(sent),
                "fields": fields,
            }
        )

    def deleted(self, stream: str, record: Record, at: int, by: By) -> None:
        """Tell of an object that is gone."""
        self._streams[stream]["deleted"].append({"id": str(record["id"]), "at": _iso(at), "by": by})


def _iso(at: int) -> str:
    return (_EPOCH + timedelta(milliseconds=at)).isoformat()
