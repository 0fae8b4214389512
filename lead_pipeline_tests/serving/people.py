"""A published snapshot with the people that a test wants."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from lead_pipeline.pipeline.folder import DataFolder
from lead_pipeline.pipeline.outcome import publish_snapshot

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)

PEOPLE_OF_LEADS = """
DELETE FROM people;
INSERT INTO people BY NAME
SELECT
    person_id,
    arg_max(full_name, created_at) AS full_name,
    arg_max(email, created_at) AS email,
    arg_max(phone, created_at) AS phone,
    min(created_at) AS first_enquiry_at,
    max(created_at) AS last_enquiry_at,
    count(*) AS enquiries
FROM leads
WHERE person_id IS NOT NULL
GROUP BY person_id
"""


def publish_people(folder: DataFolder, leads: Sequence[dict[str, Any]]) -> None:
    """Add enquiries, each with its person_id, and publish. The first is the newest."""
    with folder.warehouse.open() as session:
        ((before,),) = session.rows("SELECT count(*) FROM core.leads")
        for number, lead in enumerate(leads, before):
            row = {
                "lead_id": f"L{number:06}",
                "source": "housing",
                "account": "housing",
                "created_at": NOW - timedelta(days=number),
                **lead,
            }
            person_id = row.pop("person_id")
            names, marks = ", ".join(row), ", ".join("?" for _ in row)
            session.run(f"INSERT INTO core.leads ({names}) VALUES ({marks})", list(row.values()))
            session.run(
                "INSERT INTO core.assignments (lead_id, person_id) VALUES (?, ?)",
                (row["lead_id"], person_id),
            )
        session.run(PEOPLE_OF_LEADS)
        session.run("INSERT INTO ops.deliveries (load_id) SELECT nextval('core.load_ids')")
    assert publish_snapshot(folder)
