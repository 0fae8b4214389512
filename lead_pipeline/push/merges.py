"""What a human should look at in the CRM: the outbox knows which contact is whose."""

from collections import defaultdict
from typing import NamedTuple

from lead_pipeline.outbox import Kind, State, read_rows
from lead_pipeline.push.people import owners_of
from lead_pipeline.warehouse import Session


class Merge(NamedTuple):
    """Contacts to merge (one person has several) or to split (several persons share one)."""

    what: str
    people: tuple[str, ...]
    contacts: tuple[str, ...]


def merges_of(session: Session, account: str) -> list[Merge]:
    """By what the outbox and who is who say now."""
    rows = [
        row
        for row in read_rows(
            session,
            f"account = '{account}' AND kind = '{Kind.CONTACT}' AND state = '{State.DONE}'",
        )
        if row.object_id
    ]
    owners = owners_of(session, rows)
    contacts: dict[str, list[str]] = defaultdict(list)
    for row in rows:
        if row.push_id in owners and row.object_id is not None:
            contacts[owners[row.push_id]].append(row.object_id)
    found = [
        Merge("merge", (person,), tuple(sorted({*ids})))
        for person, ids in sorted(contacts.items())
        if len({*ids}) > 1
    ]
    return [*found, *_splits(session, account)]


# Deals that we opened for one contact, of enquiries that are several persons' now.
SPLIT = """
SELECT opened.contact_id, list(DISTINCT assignments.person_id ORDER BY assignments.person_id)
FROM (
    SELECT push_id, content->>'$.contact_id' AS contact_id FROM core.outbox
) AS opened
INNER JOIN ops.pushes AS pushes ON pushes.push_id = opened.push_id
INNER JOIN core.assignments AS assignments ON assignments.lead_id = pushes.lead_id
WHERE pushes.account = ? AND pushes.kind = 'deal' AND pushes.state = 'done'
    AND opened.contact_id IS NOT NULL
GROUP BY opened.contact_id
HAVING count(DISTINCT assignments.person_id) > 1
ORDER BY opened.contact_id
"""


def _splits(session: Session, account: str) -> list[Merge]:
    return [
        Merge("split", tuple(people), (contact,))
        for contact, people in session.rows(SPLIT, (account,))
    ]
