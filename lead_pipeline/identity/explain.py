"""Why enquiries are one person, why others are not, and whom one might merge."""

from typing import Any

import pandas as pd

from lead_pipeline.identity.reference import install, sql
from lead_pipeline.identity.subjects import leads_meant
from lead_pipeline.warehouse import Session

MOST_NEAR = 10

LEADS = """
SELECT told.person_id, leads.lead_id, leads.source, leads.created_at, leads.full_name, leads.phone,
    leads.email, leads.city
FROM told INNER JOIN core.enquiries AS leads ON leads.lead_id = told.lead_id
ORDER BY leads.created_at, leads.lead_id
"""

LINKS = """
SELECT links.person_id, links.lead_id, links.linked_lead_id, links.rule, links.weight,
    links.reason, links.rules_version
FROM person_links AS links
WHERE links.lead_id IN (SELECT lead_id FROM told) AND links.linked_lead_id IS NOT NULL
ORDER BY links.weight DESC, links.lead_id, links.linked_lead_id, links.rule
"""

NEAR = """
SELECT near.person_id, mine.lead_id, others.lead_id AS other_lead_id,
    person_id(persons.person) AS other_person_id, leads.full_name AS other_name,
    max(near.weight) AS weight, arg_max(near.reason, near.weight) AS reason
FROM near
INNER JOIN core.identity_leads AS mine ON mine.number = near.number
INNER JOIN core.identity_leads AS others ON others.number = near.other
INNER JOIN core.identity_clusters AS persons ON persons.number = near.other
INNER JOIN core.enquiries AS leads ON leads.lead_id = others.lead_id
GROUP BY near.person_id, mine.lead_id, others.lead_id, persons.person, leads.full_name
ORDER BY weight DESC, other_lead_id
"""

EVENTS = """
SELECT DISTINCT overrides.event_id, overrides.kind, overrides.decided_at, overrides.made_by,
    overrides.reason, overrides.is_active, undoing.event_id AS undone_by
FROM core.overrides AS overrides
INNER JOIN core.override_leads AS named ON named.event_id = overrides.event_id
LEFT JOIN core.overrides AS undoing ON undoing.undoes = overrides.event_id
WHERE named.lead_id IN (SELECT lead_id FROM told)
ORDER BY overrides.event_id
"""

SUGGESTIONS = """
SELECT person_id(least(one.person, other.person)) AS person_id,
    person_id(greatest(one.person, other.person)) AS other_person_id,
    max(weights.weight) AS weight, arg_max(weights.reason, weights.weight) AS reason,
    count(*) AS links
FROM core.evidence AS evidence
INNER JOIN weights ON weights.rule = evidence.rule AND weights.names = evidence.names
INNER JOIN core.identity_clusters AS one ON one.number = evidence.low
INNER JOIN core.identity_clusters AS other
    ON other.number = evidence.high AND other.person <> one.person
INNER JOIN core.identity_leads AS one_lead ON one_lead.number = evidence.low
INNER JOIN core.identity_leads AS other_lead ON other_lead.number = evidence.high
WHERE NOT EXISTS (
    SELECT 1
    FROM core.override_leads AS here
    INNER JOIN core.override_leads AS there
        ON there.event_id = here.event_id AND there.side <> here.side
    INNER JOIN core.overrides AS overrides
        ON overrides.event_id = here.event_id AND overrides.is_active
    WHERE here.lead_id = one_lead.lead_id AND there.lead_id = other_lead.lead_id
)
GROUP BY least(one.person, other.person), greatest(one.person, other.person)
ORDER BY weight DESC, links DESC, person_id, other_person_id
LIMIT $limit
"""


def explain(session: Session, subject: str) -> list[dict[str, Any]]:
    """Whom a lead, a person, a phone or an e-mail belongs to and why, one dictionary a person.

    Raises ConfigError where nobody is meant. Needs the macros of `normalise.install`.
    """
    install(session)
    asked = pd.DataFrame({"lead_id": leads_meant(session, subject)}, dtype="string")
    with session.offered("asked", asked):
        session.run(sql("explain"))
    parts = {
        name: _records(session, statement)
        for name, statement in (("leads", LEADS), ("links", LINKS), ("near_misses", NEAR))
    }
    people = _records(
        session,
        "SELECT * FROM people WHERE person_id IN (SELECT person_id FROM told) ORDER BY person_id",
    )
    former = _records(
        session,
        "SELECT person_id, now_person_id, valid_from, valid_to FROM person_redirects "
        "WHERE now_person_id IN (SELECT person_id FROM told) ORDER BY valid_from, person_id",
    )
    events = _records(session, EVENTS)
    told = []
    for person in people:
        of_person = person["person_id"]
        mine = {
            name: [row for row in rows if row["person_id"] == of_person]
            for name, rows in parts.items()
        }
        mine["near_misses"] = mine["near_misses"][:MOST_NEAR]
        ended = [row for row in former if row["now_person_id"] == of_person]
        told.append({"person": person, **mine, "events": events, "former_ids": ended})
    return told


def suggestions(session: Session, limit: int) -> list[dict[str, Any]]:
    """Pairs of persons whose evidence is too light for a merge, or was refused; likely first."""
    install(session)
    return _records(session, SUGGESTIONS, {"limit": limit})


def _records(
    session: Session, statement: str, parameters: dict[str, object] | None = None
) -> list[dict[str, Any]]:
    frame = session.frame(statement, parameters or {})
    names = [str(name) for name in frame.columns]
    rows = session.rows(statement, parameters or {})
    return [dict(zip(names, row, strict=True)) for row in rows]
