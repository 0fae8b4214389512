"""Creating, changing and finding single objects (README.md, Writing)."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import quote

from lead_pipeline.errors import UnreadableDelivery, VendorError, VendorRefused, VendorUnavailable
from lead_pipeline.vendors import json
from lead_pipeline.vendors.contract import Deadline, UnreadableDocument
from lead_pipeline.vendors.glance import Glance
from lead_pipeline.vendors.http import Answer
from lead_pipeline.vendors.qontak.access import Access, envelope_in
from lead_pipeline.vendors.qontak.envelope import identity
from lead_pipeline.vendors.qontak.outcome import (
    Acted,
    Outcome,
    RateLimited,
    Refused,
    Unavailable,
    Unknown,
)
from lead_pipeline.vendors.refusals import TOO_MANY_REQUESTS, Asking
from lead_pipeline.vendors.request import Pairs

PATHS = {"contact": "contacts", "company": "companies", "deal": "deals", "task": "tasks"}
ROW_STATUSES = frozenset({400, 409, 413, 422})
"""With these the vendor refuses what was sent; with other 4xx whoever sent it, or the address."""
MOST_WAITS = 3
Record = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Writer:
    """One account, to be written to. A create is never sent twice unless nothing came of it."""

    access: Access
    asking: Asking
    per_page: int
    sleep: Callable[[float], None]

    def create(self, kind: str, fields: Mapping[str, object], deadline: Deadline) -> Outcome:
        """POST one object. Raises VendorRefused where the account is refused, not the object."""
        return self._tell("POST", PATHS[kind], fields, deadline)

    def change(
        self, kind: str, identifier: str, fields: Mapping[str, object], deadline: Deadline
    ) -> Outcome:
        """PUT some fields of one object. Raises as `create`; an object that is gone is refused."""
        return self._tell("PUT", _path(kind, identifier), fields, deadline, identifier)

    def get(self, kind: str, identifier: str, deadline: Deadline) -> Record | None:
        """One object; None where it is gone. Raises VendorError."""
        try:
            answer = self.access.ask(_path(kind, identifier), (), self.asking, Glance(), deadline)
        except VendorRefused as refusal:
            if refusal.status == 404:
                return None
            raise
        records = self._records(answer)
        return next((one for one in records if identity(one) == identifier), None)

    def find(self, kind: str, query: Pairs, deadline: Deadline) -> Iterator[Record]:
        """What a list answers to a query, page after page: a filter may be loose, or ignored.

        Raises VendorError.
        """
        return self.listed(PATHS[kind], query, deadline)

    def listed(self, path: str, query: Pairs, deadline: Deadline) -> Iterator[Record]:
        """All records of a list, each once. Raises VendorError."""
        seen: set[str | None] = set()
        number = 0
        while True:
            number += 1
            page = (("page", str(number)), ("per_page", str(self.per_page)))
            answer = self.access.ask(path, (*page, *query), self.asking, Glance(), deadline)
            records = [one for one in self._records(answer) if identity(one) not in seen]
            yield from records
            seen.update(map(identity, records))
            if not records:
                return

    def template(self, kind: str, deadline: Deadline) -> list[Record]:
        """The field template of a kind of object. Raises VendorError."""
        path = f"{PATHS[kind]}/info"
        return self._records(self.access.ask(path, (), self.asking, Glance(), deadline))

    def _records(self, answer: Answer) -> list[Record]:
        envelope = envelope_in(answer, self.asking)
        if isinstance(envelope, VendorError):
            raise envelope
        return [record for record in envelope.records if isinstance(record, dict)]

    def _tell(
        self,
        method: str,
        path: str,
        fields: Mapping[str, object],
        deadline: Deadline,
        identifier: str | None = None,
    ) -> Outcome:
        """Send, and wait as asked where the vendor is too busy to have done anything."""
        asking = replace(self.asking, fields=tuple(fields))
        content = json.dumps(fields).encode()
        outcome = self._tell_once(method, path, content, asking, deadline, identifier)
        for _ in range(MOST_WAITS):
            if not isinstance(outcome, RateLimited) or outcome.seconds >= deadline.remaining():
                break
            self.sleep(outcome.seconds)
            outcome = self._tell_once(method, path, content, asking, deadline, identifier)
        return outcome

    def _tell_once(
        self,
        method: str,
        path: str,
        content: bytes,
        asking: Asking,
        deadline: Deadline,
        identifier: str | None,
    ) -> Outcome:
        try:
            answer = self.access.tell(method, path, content, asking, deadline)
        except VendorUnavailable as failure:
            return self._unanswered(failure)
        except UnreadableDelivery as failure:
            return Unknown(failure.what)
        except VendorRefused as refusal:
            is_gone = refusal.status == 404 and identifier is not None
            if refusal.status in ROW_STATUSES or is_gone:
                return Refused(refusal.status, refusal.fields)
            raise
        return _acted(answer, asking.fields, identifier)

    def _unanswered(self, failure: VendorUnavailable) -> Outcome:
        settings = self.access.http.settings
        if failure.status == TOO_MANY_REQUESTS:
            asked = max(failure.retry_after or settings.backoff, settings.shortest_retry_after)
            return RateLimited(min(asked, settings.longest_retry_after))
        if failure.may_have_acted:
            return Unknown(failure.what)
        return Unavailable(failure.what)


def _path(kind: str, identifier: str) -> str:
    return f"{PATHS[kind]}/{quote(identifier, safe='')}"


def _acted(answer: Answer, fields: tuple[str, ...], identifier: str | None) -> Outcome:
    """What a 2xx answer says. A change is answered with `meta` alone."""
    try:
        with answer.body.open() as content:
            document = json.load(content)
    except UnreadableDocument as error:
        return Unknown(f"it answered {answer.status}, but {error}")
    if not isinstance(document, dict):
        return Unknown(f"it answered {answer.status} with what is no envelope")
    status = _stated_status(document)
    if status is not None and status >= 500:
        return Unknown(f"its meta states the status {status}")
    complains = any(value for name, value in document.items() if "error" in name.lower())
    if complains or (status is not None and status >= 400):
        said = json.dumps(document).lower()
        return Refused(status or answer.status, tuple(f for f in fields if f.lower() in said))
    found = document.get("response")
    first = found[0] if isinstance(found, list) and found else found
    made = identifier or identity(first)
    return Acted(made) if made else Unknown(f"it answered {answer.status} without an id")


def _stated_status(document: Mapping[str, Any]) -> int | None:
    meta = document.get("meta")
    found = str(meta.get("status")) if isinstance(meta, dict) else ""
    return int(found) if found.isascii() and found.isdigit() else None
