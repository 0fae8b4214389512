"""Who is the same person: evidence lead by lead, clusters, ids that stay, the golden record.

Rules are data (`rules/`), every link is a row of evidence, and only what a new, changed or erased
lead touches is looked at again. A person's id is minted once, into the journal, and stays with the
leads it was given to: when people merge, the oldest id stays; when they split, the part with most
of its leads keeps it. What somebody decides by hand outdoes the evidence.
"""

from lead_pipeline.identity.own_contacts import OwnContact, record_own_contacts
from lead_pipeline.identity.resolve import Resolution, resolve

__all__ = ["OwnContact", "Resolution", "record_own_contacts", "resolve"]
