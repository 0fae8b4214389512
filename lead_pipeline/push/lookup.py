"""Looking for an object in the CRM itself, before it is created or after that may have happened."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import timedelta
from itertools import islice
from typing import Any

from lead_pipeline.outbox import Kind, Row, key_of
from lead_pipeline.push.items import Item
from lead_pipeline.push.mapping import is_empty
from lead_pipeline.push.people import Person
from lead_pipeline.push.recognise import Sought, is_sought, plain
from lead_pipeline.vendors.contract import Deadline
from lead_pipeline.vendors.qontak import Writer
from lead_pipeline.vendors.qontak.values import moment

Record = dict[str, Any]
MOST_READ = 300
"""So many records of an answer are looked through before anything was sent: a vendor that knows no
such filter answers with all it has."""
MOST_ASKED = 3
"""By so many phones and e-mails of a person, the newest, it is asked."""
CLOCKS_APART = timedelta(minutes=10)


class LookUp:
    """Finds objects of one account. Every method raises VendorError."""

    def __init__(self, writer: Writer, region: str, deadline: Deadline) -> None:
        self._writer, self._region, self._deadline = writer, region, deadline

    def contact(
        self, person: Person, row: Row | None, is_anothers: Callable[[str], bool]
    ) -> Record | None:
        """The oldest contact that is this person and not known to be somebody else's.

        Once a contact was sent (`row`), it is looked for by what was sent then, too, through all
        that the CRM answers; and what was made since is ours, whatever it is called.
        """
        sent = row.keys if row else ()
        phones, emails = _asked(person.phones, sent), _asked(person.emails, sent)
        name = person.known["full_name"]
        sought = Sought(name, frozenset(person.phones), frozenset(person.emails), self._region)
        queries = [("email", one) for one in emails] + [("phone", one) for one in phones]
        found = {
            str(record["id"]): record
            for query in queries
            for record in self._found(Kind.CONTACT, query, None if row else MOST_READ)
            if is_sought(record, sought._replace(name=None) if row else sought)
        }
        left = [record for key, record in found.items() if not is_anothers(key)]
        ours = [record for record in left if row and is_ours(record, row)]
        return min(
            ours or [record for record in left if is_sought(record, sought)],
            key=_age,
            default=None,
        )

    def company(self, item: Item) -> Record | None:
        """The oldest company of that name."""
        name = str(item.fields["name"])
        found = self._found(Kind.COMPANY, ("name", name), None)
        same = [one for one in found if plain(str(one.get("name"))) == plain(name)]
        return min(same, key=_age, default=None)

    def deal(self, item: Item, contact_id: str, row: Row | None) -> Record | None:
        """The deal with our reference, by its name or else among its contact's.

        Once it was sent (`row`), among those of the contact that it was sent for, too.
        """
        of = dict.fromkeys(filter(None, (contact_id, row and row.contact_id)))
        queries = [("name", str(item.fields["name"])), *(("contact_ids", one) for one in of)]
        found = (one for query in queries for one in self._found(Kind.DEAL, query, None))
        return next((one for one in found if _refers(one, item)), None)

    def task(self, item: Item) -> Record | None:
        """The task with our reference: the CRM can only be asked for all of them."""
        found = self._writer.find(Kind.TASK, (), self._deadline)
        return next((one for one in found if _refers(one, item)), None)

    def _found(self, kind: str, query: tuple[str, str], most: int | None) -> Iterable[Record]:
        return islice(self._writer.find(kind, (query,), self._deadline), most)


def _asked(values: Sequence[str], sent: Iterable[str]) -> tuple[str, ...]:
    """The newest, and whatever was sent."""
    newest = values[-MOST_ASKED:]
    return tuple(one for one in values if one in newest or key_of(one) in sent)


def is_ours(record: Mapping[str, Any], row: Row) -> bool:
    """Whether what was found after it was sent is what we sent, not what somebody else made."""
    created = moment(str(record.get("created_at") or ""))
    return created is None or row.sent_at is None or created >= row.decided_at - CLOCKS_APART


def _refers(record: Mapping[str, Any], item: Item) -> bool:
    name = record.get("name")
    return not is_empty(name) and f"[{item.reference}]" in str(name)


def _age(record: Mapping[str, Any]) -> tuple[str, int, str]:
    identifier = str(record["id"])
    return str(record.get("created_at") or ""), len(identifier), identifier
