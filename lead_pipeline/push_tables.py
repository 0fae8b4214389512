"""What was sent into a CRM, as the journal's outbox has it, column by column."""

from lead_pipeline.records import Column
from lead_pipeline.tables import Table

PUSHES = Table(
    "ops.pushes",
    "The outbox: one row per contact, company, deal or task that a CRM was to get from us",
    (
        Column("push_id", "VARCHAR", "Stable id of the row: account, kind, and person or enquiry"),
        Column("account", "VARCHAR", "The CRM account it went to"),
        Column("kind", "VARCHAR", "contact, company, deal or task"),
        Column("person_id", "VARCHAR", "The person: people.person_id, as of when it was decided"),
        Column("lead_id", "VARCHAR", "The enquiry of a deal or task; null for the others"),
        Column("object_id", "VARCHAR", "The CRM's id of it, once known"),
        Column("action", "VARCHAR", "create, complete (what was there got more) or adopt (as is)"),
        Column(
            "state",
            "VARCHAR",
            "waiting, sent (outcome not known yet), done, refused (until its data change) or held",
        ),
        Column("reason", "VARCHAR", "Why it stands as it does, without personal data"),
        Column("attempts", "INTEGER", "How often it was sent"),
        Column("decided_at", "TIMESTAMPTZ", "When it was written down, UTC"),
        Column("sent_at", "TIMESTAMPTZ", "When it was last sent, UTC"),
        Column("done_at", "TIMESTAMPTZ", "When the CRM was first known to have it, UTC"),
    ),
)
