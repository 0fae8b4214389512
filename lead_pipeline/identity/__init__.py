"""Who is the same person: for now, whoever shares a phone or an e-mail.

A person's id is minted once, into the journal, and stays with the leads it was given to: when
people merge, the oldest id stays; when they split, the part with most of its leads keeps it.
"""

from lead_pipeline.identity.own_contacts import OwnContact, record_own_contacts
from lead_pipeline.identity.resolve import Resolution, resolve

__all__ = ["OwnContact", "Resolution", "record_own_contacts", "resolve"]
