"""The rows while a push is at work: each entry is on disk before what it speaks of goes out."""

from collections import defaultdict
from collections.abc import Container, Iterable, Mapping
from datetime import datetime
from typing import Any

from lead_pipeline.clock import Clock
from lead_pipeline.identity import OwnContact
from lead_pipeline.identity.own_contacts import own_contact_entry
from lead_pipeline.journal import Journal
from lead_pipeline.outbox import PUSH, Action, Kind, Row, State, Step, after, push_id_of
from lead_pipeline.push.items import Item
from lead_pipeline.records import lead_id_of
from lead_pipeline.vendors.qontak import KEY_VERSION


class Outbox:
    """The rows of one account; nobody else writes them meanwhile."""

    def __init__(
        self,
        journal: Journal,
        clock: Clock,
        account: tuple[str, str],
        rows: Iterable[Row],
        owners: Mapping[str, str],
    ) -> None:
        self._journal, self._clock = journal, clock
        self._source, self._account = account
        self._contacts: defaultdict[str, set[str]] = defaultdict(set)
        self._owner_of: dict[str, str] = {}
        self.rows: dict[str, Row] = {}
        self.written = 0
        for row in rows:
            self._keep(row, owners.get(row.push_id))

    def now(self) -> datetime:
        """The present, UTC."""
        return self._clock()

    def contact_of(self, person_id: str, gone: Container[str] = ()) -> Row | None:
        """The person's contact: first one of which that is not known, then that which is there.

        Of several the one that is in the CRM longest; one that is `gone` from there comes last.
        """
        mine = (self.rows[push_id] for push_id in self._contacts.get(person_id, ()))
        return min(mine, key=lambda row: (row.object_id in gone, *_rank(row)), default=None)

    def new_contact_id(self, person_id: str) -> str:
        """The id of a further row for a person who has none now."""
        number = 0
        while True:
            push_id = push_id_of(self._account, Kind.CONTACT, person_id, *["again"] * number)
            if push_id not in self.rows:
                return push_id
            number += 1

    def is_anothers(self, contact_id: str, person_id: str) -> bool:
        """Whether a contact of the CRM is known to be somebody else's."""
        return self._owner_of.get(contact_id, person_id) != person_id

    def decide(self, items: Iterable[Item]) -> None:
        """Write down all that is to be sent, before anything is."""
        self._note([self._entry(item, Step.DECIDED, content=item.content) for item in items])

    def hold(self, item: Item, reason: str) -> None:
        """Note, once, why an object is not sent."""
        row = self.rows.get(item.push_id)
        if row is None or (row.state, row.reason) != (State.HELD, reason):
            self._note([self._entry(item, Step.HELD, reason=reason)])

    def sending(self, item: Item, action: str, **more: object) -> None:
        """Note what is about to go out."""
        self._note(
            [
                self._entry(
                    item, Step.SENT, action=action, content=item.content, keys=item.keys, **more
                )
            ]
        )

    def unsent(self, item: Item, reason: str) -> None:
        """Note that nothing came of it."""
        self._note([self._entry(item, Step.UNSENT, reason=reason)])

    def refused(self, item: Item, reason: str) -> None:
        """Note that the CRM does not want it."""
        self._note([self._entry(item, Step.REFUSED, reason=reason, content=item.content)])

    def done(self, item: Item, object_id: str, action: str, **more: object) -> None:
        """Note that it is there; a contact that we created is no enquiry from now on."""
        entry = self._entry(
            item, Step.DONE, object_id=object_id, action=action, content=item.content, **more
        )
        own = item.kind == Kind.CONTACT and action == Action.CREATE
        self._note([*([self._own(object_id)] if own else []), entry])

    def completed(self, item: Item) -> None:
        """Note that what was done before has what it is to have now."""
        row = self.rows[item.push_id]
        if (row.content, row.lead_ids) != (item.content, item.lead_ids):
            self._note([self._entry(item, Step.COMPLETED, content=item.content)])

    def _own(self, contact_id: str) -> dict[str, object]:
        lead_id = lead_id_of(self._source, self._account, KEY_VERSION, contact_id)
        contact = OwnContact(self._source, self._account, contact_id, lead_id)
        return own_contact_entry(self._clock(), contact)

    def _entry(self, item: Item, step: str, **more: object) -> dict[str, Any]:
        about = {"kind": PUSH, "step": step, "at": self._clock(), "push_id": item.push_id}
        if item.push_id not in self.rows:
            about |= {"account": self._account, "object": item.kind, "lead_id": item.lead_id}
        whose = {"person_id": item.person_id, "lead_ids": item.lead_ids}
        return about | (whose if item.kind == Kind.CONTACT else whose | {"lead_ids": ()}) | more

    def _note(self, entries: list[dict[str, Any]]) -> None:
        if not entries:
            return
        self._journal.append(entries)
        self.written += len(entries)
        for entry in entries:
            if entry["kind"] == PUSH:
                row = after(self.rows.get(entry["push_id"]), entry)
                self._keep(row, row.person_id)

    def _keep(self, row: Row, owner: str | None) -> None:
        self.rows[row.push_id] = row
        if row.kind == Kind.CONTACT and owner is not None:
            self._contacts[owner].add(row.push_id)
            if row.object_id is not None:
                self._owner_of[row.object_id] = owner


def _rank(row: Row) -> tuple[bool, bool, Any, str]:
    """Sent before done before the rest, the oldest first."""
    return (
        row.state != State.SENT,
        row.state != State.DONE,
        row.done_at or row.decided_at,
        row.push_id,
    )
