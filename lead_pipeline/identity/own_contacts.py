"""Contacts that we created in a CRM ourselves: what we sent must never come back as an enquiry.

The journal is the authority. Since it is consulted whenever people are resolved, a contact that was
scanned before its creation was recorded is no enquiry any more from then on.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, NamedTuple

import pandas as pd

from lead_pipeline.journal import Journal
from lead_pipeline.warehouse import Session

OWN_CONTACT = "own contact"


class OwnContact(NamedTuple):
    """A contact of an account, by the CRM's id, and what it would be as an enquiry."""

    source: str
    account: str
    contact_id: str
    lead_id: str


def record_own_contacts(journal: Journal, now: datetime, contacts: Iterable[OwnContact]) -> None:
    """Say that we created these contacts (`now` in UTC). Raises JournalError."""
    journal.append(own_contact_entry(now, contact) for contact in contacts)


def own_contact_entry(now: datetime, contact: OwnContact) -> dict[str, object]:
    """The journal's entry that says so."""
    return {"kind": OWN_CONTACT, "at": now} | contact._asdict()


def take_over_own_contacts(session: Session, entries: Iterable[dict[str, Any]]) -> None:
    """Leave out of `core.enquiries` what these entries of the journal name."""
    found = [entry["lead_id"] for entry in entries if entry["kind"] == OWN_CONTACT]
    if not found:
        return
    with session.offered("own", pd.DataFrame({"lead_id": found}, dtype="string")):
        session.run(
            "INSERT INTO core.own_leads BY NAME SELECT DISTINCT lead_id FROM own "
            "WHERE lead_id NOT IN (SELECT lead_id FROM core.own_leads)"
        )
