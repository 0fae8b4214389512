"""What the card shows of a person, as of the published snapshot."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from lead_pipeline.warehouse import Session

MOST_ENQUIRIES = 50
MOST_OTHERS = 10


class Enquiry(NamedTuple):
    """One enquiry of the person."""

    lead_id: str
    created_at: datetime
    source: str
    interest_kind: str | None
    interest_id: str | None
    interest_name: str | None
    interest_locality: str | None
    request_type: str | None
    comments: str | None
    full_name: str | None
    phone: str | None
    phone_2: str | None
    email: str | None
    marketing_consent: bool | None


class Contact(NamedTuple):
    """The person in the CRM."""

    account: str
    contact_id: str
    status: str | None


class Deal(NamedTuple):
    """A deal of the person's."""

    name: str | None
    status: str | None
    stage: str | None
    amount: Any
    currency: str | None


class Task(NamedTuple):
    """Something that is to be done for the person."""

    name: str | None
    due_at: datetime | None
    user: str | None


@dataclass(frozen=True, slots=True)
class Card:
    """One person. Lists are in the order of showing, the newest first."""

    person_id: str
    name: str | None
    since: datetime | None
    enquiry_count: int
    enquiries: Sequence[Enquiry]
    copies: dict[str, str]
    contacts: Sequence[Contact]
    deals: Sequence[Deal]
    tasks: Sequence[Task]

    @property
    def last(self) -> Enquiry | None:
        """The newest enquiry."""
        return self.enquiries[0] if self.enquiries else None

    @property
    def phones(self) -> list[str]:
        """E.164, the newest first."""
        found = [phone for one in self.enquiries for phone in (one.phone, one.phone_2) if phone]
        return list(dict.fromkeys(found))

    @property
    def emails(self) -> list[str]:
        """The newest first."""
        return list(dict.fromkeys(one.email for one in self.enquiries if one.email))

    @property
    def consent(self) -> bool | None:
        """What the person last said of being written to; None: was never asked."""
        said = (one.marketing_consent for one in self.enquiries)
        return next((consent for consent in said if consent is not None), None)


_PERSON = """
SELECT person_id, full_name, first_enquiry_at, enquiries FROM people WHERE person_id = ?
"""

_ENQUIRIES = f"""
SELECT {", ".join(Enquiry._fields)}
FROM leads
WHERE person_id = $id
ORDER BY created_at DESC, lead_id
LIMIT {MOST_ENQUIRIES}
"""

_COPIES = """
SELECT property_id, result FROM listings
WHERE list_contains($properties, property_id) AND result IS NOT NULL
"""

_CONTACTS = """
SELECT account, contact_id, status FROM crm_contacts
WHERE list_contains($leads, lead_id) AND vanished_at IS NULL
ORDER BY account, contact_id
"""

_LINKED = f"""
FROM crm_links AS links
INNER JOIN {{table}} AS linked
    ON linked.account = links.account
    AND linked.{{kind}}_id = links.to_id
    AND linked.vanished_at IS NULL
WHERE links.from_kind = 'contact' AND links.to_kind = '{{kind}}'
    AND list_contains($contacts, links.account || '/' || links.from_id)
    AND {{condition}}
ORDER BY {{order}}
LIMIT {MOST_OTHERS}
"""

_DEALS = (
    "SELECT linked.name, linked.status, linked.stage_name, linked.amount, linked.currency"
    + _LINKED.format(
        table="crm_deals",
        kind="deal",
        condition="true",
        order="linked.updated_at DESC NULLS LAST",
    )
)
_TASKS = "SELECT linked.name, linked.due_at, linked.user_name" + _LINKED.format(
    table="crm_tasks",
    kind="task",
    condition="coalesce(NOT list_contains($done::VARCHAR[], linked.status_id), true)",
    order="linked.due_at DESC NULLS LAST",
)


def read_card(session: Session, person_id: str, done: Sequence[str] = ()) -> Card | None:
    """The card of a person, or of whom the person is now part of; None for nobody.

    Tasks with a status of `done` are left out: the CRM does not say which mean that.
    """
    found = session.rows(_PERSON, (person_id,))
    if not found and (now := _heir(session, person_id)):
        found = session.rows(_PERSON, (now,))
    if not found:
        return None
    ((current, name, since, count),) = found
    enquiries = [Enquiry(*row) for row in session.rows(_ENQUIRIES, {"id": current})]
    properties = [one.interest_id for one in enquiries if one.interest_kind == "property"]
    leads = {"leads": [one.lead_id for one in enquiries]}
    contacts = [Contact(*row) for row in session.rows(_CONTACTS, leads)]
    linked = {"contacts": [f"{one.account}/{one.contact_id}" for one in contacts]}
    open_ones = linked | {"done": list(done)}
    return Card(
        current,
        name,
        since,
        count,
        enquiries,
        dict(session.rows(_COPIES, {"properties": properties})) if properties else {},
        contacts,
        [Deal(*row) for row in session.rows(_DEALS, linked)] if contacts else [],
        [Task(*row) for row in session.rows(_TASKS, open_ones)] if contacts else [],
    )


def _heir(session: Session, person_id: str) -> str | None:
    """Who an id that ended stands for now, where the snapshot has `person_redirects`."""
    known = session.rows(
        "SELECT count(*) FROM duckdb_tables() "
        "WHERE table_name = 'person_redirects' AND schema_name = 'main'"
    )
    if not known[0][0]:
        return None
    heirs = session.rows(
        "SELECT now_person_id FROM person_redirects WHERE person_id = ? AND valid_to IS NULL",
        (person_id,),
    )
    return heirs[0][0] if heirs else None
