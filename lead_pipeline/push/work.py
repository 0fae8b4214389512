"""Person by person: find, create or complete, and write down every step before it is taken."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from lead_pipeline.errors import UnreadableDelivery, VendorRefused, VendorUnavailable
from lead_pipeline.outbox import Action, Next, Row, State, key_of, next_step
from lead_pipeline.outbox.rows import may_send_again
from lead_pipeline.push.circuit import Circuit
from lead_pipeline.push.items import Item, Items
from lead_pipeline.push.lookup import LookUp, is_ours
from lead_pipeline.push.mapping import still_empty, without
from lead_pipeline.push.outbox import Outbox
from lead_pipeline.push.people import Chosen, Enquiry, Person
from lead_pipeline.push.recognise import plain
from lead_pipeline.push.settings import PushSettings
from lead_pipeline.vendors.qontak import Writer
from lead_pipeline.vendors.qontak.outcome import Acted, Outcome, Refused, Unknown

Find = Callable[[Row | None], dict[str, Any] | None]
GONE = "its contact was deleted in the CRM"


@dataclass(frozen=True, slots=True)
class Work:
    """One run's work on one account."""

    writer: Writer
    look_up: LookUp
    outbox: Outbox
    items: Items
    settings: PushSettings
    chosen: Chosen
    circuit: Circuit

    def do(self, person: Person) -> None:
        """All that is to be there for a person. Raises GivenUpError, VendorRefused."""
        self.circuit.check()
        try:
            self._do(person)
        except (VendorUnavailable, UnreadableDelivery) as failure:
            self.circuit.failed(failure.what)
        except VendorRefused as refusal:
            # Of one person; what refuses everybody opens the circuit.
            if refusal.status == 401:
                raise
            self.circuit.failed(refusal.what)

    def _do(self, person: Person) -> None:
        company_id = self._company(person)
        contact_id = self._contact(person, company_id)
        for enquiry in person.enquiries:
            deal = self.items.deal(person, enquiry)
            if contact_id is None:
                self._wait(deal)
                continue
            if contact_id in self.chosen.gone:
                self.outbox.hold(deal, GONE)
                continue
            deal_id = self._deal(deal, contact_id, company_id)
            if deal_id is not None:
                self._task(person, enquiry, contact_id, deal_id)

    def _wait(self, deal: Item) -> None:
        """Without its contact a deal is not sent; one that is held says so."""
        if deal.hold is not None and self._state(deal) not in {State.SENT, State.DONE}:
            self.outbox.hold(deal, deal.hold)

    def _company(self, person: Person) -> str | None:
        item = self.items.company(person)
        if item is None:
            return None
        scanned = self.chosen.companies.get(plain(str(item.fields["name"])))
        if scanned is not None and self._state(item) not in {State.SENT, State.DONE}:
            self.outbox.done(item, scanned, Action.ADOPT)
        return self._bring(item, {}, lambda _: self.look_up.company(item), is_looked_for=True)

    def _contact(self, person: Person, company_id: str | None) -> str | None:
        """The id of the person's contact, created or completed; None: not now."""
        row = self.outbox.contact_of(person.person_id, self.chosen.gone)
        links = {} if company_id is None else {"crm_company_id": _number(company_id)}
        if row is not None and row.state == State.DONE and row.object_id in self.chosen.gone:
            return self._after_deletion(person, row, links)
        push_id = row.push_id if row else self.outbox.new_contact_id(person.person_id)
        item = self.items.contact(person, push_id)
        if row is not None and row.state == State.DONE:
            return self._complete_again(item, row, links)
        if row is not None and row.state == State.SENT and row.action == Action.COMPLETE:
            return self._complete_sent(item, row, links)
        if item.hold is None and self._state(item) != State.SENT:
            there = self._scanned(person, item, links)
            if there is not None:
                return there
        known = {key_of(value) for value in (*person.phones, *person.emails)}
        return self._bring(
            item,
            links,
            lambda sent: self.look_up.contact(
                person, sent, lambda one: self._is_anothers(one, person)
            ),
            is_looked_for=True,
            may_create=row is None or row.state != State.SENT or {*row.keys} <= known,
        )

    def _is_anothers(self, contact_id: str, person: Person) -> bool:
        """Whether a contact is somebody else's, by what we pushed or by the last scan."""
        by_scan = self.chosen.anothers.get(contact_id, person.person_id)
        is_pushed = self.outbox.is_anothers(contact_id, person.person_id)
        return is_pushed or by_scan != person.person_id

    def _scanned(self, person: Person, item: Item, links: Mapping[str, object]) -> str | None:
        """The first contact of the last scan that is this person's and still there."""
        for contact_id in person.contacts:
            if contact_id in self.chosen.gone or self._is_anothers(contact_id, person):
                continue
            record = self.writer.get(item.kind, contact_id, self.circuit.deadline)
            if record is not None:
                return self._complete(item, contact_id, links, record)
        return None

    def _after_deletion(self, person: Person, row: Row, links: Mapping[str, object]) -> str | None:
        """Somebody deleted the contact, or merged it into another that the scan has seen."""
        item = self.items.contact(person, self.outbox.new_contact_id(person.person_id))
        there = None if item.hold else self._scanned(person, item, links)
        return there or row.object_id

    def _complete_sent(self, item: Item, row: Row, links: Mapping[str, object]) -> str | None:
        """Whether a contact got what it lacked is not known."""
        if item.hold is not None:
            self.outbox.hold(item, item.hold)
            return None
        contact_id = str(row.object_id)
        record = self.writer.get(item.kind, contact_id, self.circuit.deadline)
        if record is None:
            self.outbox.unsent(item, "the contact that it was to complete is gone")
            return None
        return self._complete(item, contact_id, links, record)

    def _deal(self, item: Item, contact_id: str, company_id: str | None) -> str | None:
        links: dict[str, object] = {"crm_lead_ids": [_number(contact_id)]}
        if company_id is not None:
            links["crm_company_id"] = _number(company_id)
        return self._bring(
            item,
            links,
            lambda sent: self.look_up.deal(item, contact_id, sent),
            contact_id=contact_id,
        )

    def _task(self, person: Person, enquiry: Enquiry, contact_id: str, deal_id: str) -> None:
        item = self.items.task(person, enquiry)
        if item is None or self.settings.task is None:
            return
        due = self.outbox.now() + timedelta(minutes=self.settings.task.due_minutes)
        links: dict[str, object] = {
            "crm_person_id": _number(contact_id),
            "crm_deal_id": _number(deal_id),
            "due_date": _written(due),
        }
        self._bring(item, links, lambda _: self.look_up.task(item), contact_id=contact_id)

    def _bring(
        self,
        item: Item,
        links: Mapping[str, object],
        find: Find,
        *,
        is_looked_for: bool = False,
        may_create: bool = True,
        contact_id: str | None = None,
    ) -> str | None:
        """The id of an object, which is created unless it is there; None: not now.

        What was never sent is looked for only where somebody else may have made it. What was sent
        and can not be looked for any more as it was sent is not created again: `may_create`.
        """
        row = self.outbox.rows.get(item.push_id)
        if row is not None and row.state == State.DONE:
            return row.object_id
        step = next_step(row, item.content)
        if step == Next.NOTHING:
            return None
        sent = row if step == Next.LOOK_UP else None
        if item.hold is not None and sent is None:
            self.outbox.hold(item, item.hold)
            return None
        found = find(sent) if sent is not None or is_looked_for else None
        if found is not None:
            return self._there(item, found, sent, links)
        if sent is not None:
            if not may_create or not may_send_again(sent, self.outbox.now(), self._settle):
                return None
            if item.hold is not None:
                self.outbox.unsent(item, "looked for, and not there")
                self.outbox.hold(item, item.hold)
                return None
        return self._create(item, links, find, contact_id)

    @property
    def _settle(self) -> timedelta:
        return timedelta(minutes=self.settings.settle_minutes)

    def _there(
        self, item: Item, found: Mapping[str, Any], sent: Row | None, links: Mapping[str, object]
    ) -> str:
        """What is there already: ours, where that was not known yet, or somebody else's."""
        object_id = str(found["id"])
        self.circuit.well()
        if sent is not None and (item.kind in {"deal", "task"} or is_ours(found, sent)):
            self.outbox.done(item, object_id, Action.CREATE)
        elif item.kind == "contact" and item.hold is None:
            return self._complete(item, object_id, links, found) or object_id
        else:
            self.outbox.done(item, object_id, Action.ADOPT)
        return object_id

    def _create(
        self, item: Item, links: Mapping[str, object], find: Find, contact_id: str | None
    ) -> str | None:
        of = {} if contact_id is None else {"contact_id": contact_id}
        self.outbox.sending(item, Action.CREATE, **of)
        try:
            outcome = self.writer.create(item.kind, {**item.fields, **links}, self.circuit.deadline)
        except VendorRefused as refusal:
            self.outbox.unsent(item, f"the account was refused with {refusal.status}")
            raise
        if isinstance(outcome, Acted):
            self.circuit.well()
            self.outbox.done(item, outcome.identifier, Action.CREATE)
            return outcome.identifier
        if isinstance(outcome, Refused):
            self.circuit.well()
            self.outbox.refused(item, _refusal(outcome))
            return None
        if isinstance(outcome, Unknown):
            return self._after_unknown(item, outcome, find, links)
        self.outbox.unsent(item, outcome.why)
        self.circuit.failed(outcome.why)
        return None

    def _after_unknown(
        self, item: Item, outcome: Unknown, find: Find, links: Mapping[str, object]
    ) -> str | None:
        """It may be there: look at once. What is not may still be on its way."""
        row = self.outbox.rows[item.push_id]
        found = find(row)
        if found is not None:
            return self._there(item, found, row, links)
        self.circuit.failed(outcome.why)
        return None

    def _complete_again(self, item: Item, row: Row, links: Mapping[str, object]) -> str | None:
        """A contact that is in the CRM, once more where what we know of the person changed."""
        if row.object_id is None or item.hold or row.object_id in self.chosen.gone:
            return row.object_id
        record = None
        if row.content != item.content:
            record = self.writer.get(item.kind, row.object_id, self.circuit.deadline)
        if record is not None:
            outcome = self._fill(item, row.object_id, links, record)
            if not isinstance(outcome, Acted | Refused | None):
                self.circuit.failed("a contact could not be completed")
                return row.object_id
        self.outbox.completed(item)
        return row.object_id

    def _complete(
        self,
        item: Item,
        contact_id: str,
        links: Mapping[str, object],
        record: Mapping[str, Any],
    ) -> str | None:
        """Take a contact that is there for the person's, and fill what nobody has filled."""
        outcome = self._fill(item, contact_id, links, record, note=True)
        if outcome is None:
            self.outbox.done(item, contact_id, Action.ADOPT)
        elif isinstance(outcome, Acted):
            self.outbox.done(item, contact_id, Action.COMPLETE)
        elif isinstance(outcome, Refused):
            self.outbox.done(item, contact_id, Action.ADOPT, reason=_refusal(outcome))
        else:
            self.circuit.failed(outcome.why)
            return None
        self.circuit.well()
        return contact_id

    def _fill(
        self,
        item: Item,
        contact_id: str,
        links: Mapping[str, object],
        record: Mapping[str, Any],
        *,
        note: bool = False,
    ) -> Outcome | None:
        """Send what the contact, as it is now, has nothing for; None where it lacks nothing."""
        left = still_empty(without({**item.fields, **links}, self.items.kept), record)
        if not left:
            return None
        if note:
            self.outbox.sending(item, Action.COMPLETE, object_id=contact_id)
        return self.writer.change(item.kind, contact_id, left, self.circuit.deadline)

    def _state(self, item: Item) -> str | None:
        row = self.outbox.rows.get(item.push_id)
        return row.state if row else None


def _refusal(outcome: Refused) -> str:
    fields = f": {', '.join(outcome.fields)}" if outcome.fields else ""
    return f"the CRM refused it with {outcome.status}{fields}"


def _number(identifier: str) -> int | str:
    """An id as the CRM sends it."""
    return int(identifier) if identifier.isascii() and identifier.isdigit() else identifier


def _written(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%S+00:00")
