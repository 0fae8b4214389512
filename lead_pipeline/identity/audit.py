"""Whether what was decided is what a rebuild would decide, and likely. Changes nothing."""

from typing import NamedTuple

from lead_pipeline.identity.clusters import cluster
from lead_pipeline.identity.evidence import find_evidence, read_changes
from lead_pipeline.identity.reference import install, limit, sql
from lead_pipeline.identity.resolve import LEADS
from lead_pipeline.warehouse import Session

SAMPLE = """
CREATE OR REPLACE TEMP TABLE sampled AS
SELECT component FROM core.identity_clusters
GROUP BY component
ORDER BY md5(component::VARCHAR || $seed) LIMIT $components;
"""

TO_READ = """
CREATE OR REPLACE TEMP TABLE to_read AS
SELECT leads.lead_id
FROM core.identity_clusters AS clusters
INNER JOIN core.identity_leads AS leads ON leads.number = clusters.number
WHERE clusters.component IN (SELECT component FROM sampled)
"""

DIRTY = """
CREATE OR REPLACE TEMP TABLE stored_keys AS
SELECT key, rule, member, kind, number, phone, mailbox FROM core.identity_keys
WHERE number IN (SELECT number FROM arriving);
CREATE OR REPLACE TEMP TABLE dirty AS
SELECT key FROM arriving_keys
UNION
SELECT key FROM phone_halves('arriving_keys')
UNION
SELECT key FROM stored_keys
UNION
SELECT key FROM phone_halves('stored_keys');
CREATE OR REPLACE TEMP TABLE nodes AS SELECT number, NULL::BIGINT AS person FROM arriving;
"""

DIFFERENT = """
SELECT
    (
        SELECT count(*) FROM (
            (FROM arriving_keys EXCEPT FROM stored_keys)
            UNION ALL
            (FROM stored_keys EXCEPT FROM arriving_keys)
        ) AS keys
    ),
    (SELECT count(*) FROM added) + (SELECT count(*) FROM removed),
    (
        SELECT count(*) FROM clusters
        INNER JOIN core.identity_clusters AS stored ON stored.number = clusters.number
        WHERE (stored.component, stored.cluster) <> (clusters.component, clusters.cluster)
    )
"""

CROWDED_PEOPLE = """
SELECT person_id(clusters.person), count(DISTINCT leads.name) AS names
FROM core.identity_clusters AS clusters
INNER JOIN core.identity_leads AS leads ON leads.number = clusters.number
WHERE leads.kind = 2
GROUP BY clusters.person
HAVING count(DISTINCT leads.name) > $limit
ORDER BY names DESC, clusters.person
"""

CROWDED_KEYS = """
SELECT min(leads.lead_id), count(*) AS leads
FROM core.identity_keys AS keys
INNER JOIN core.identity_leads AS leads ON leads.number = keys.number
WHERE keys.rule IN (1, 2)
GROUP BY keys.key
HAVING count(*) > $limit
ORDER BY leads DESC, 1
"""

CHURN = """
SELECT
    count(*) FILTER (WHERE past.ended_at = latest.resolved_at),
    (SELECT count(*) FROM core.assignments)
FROM core.past_assignments AS past
CROSS JOIN (
    SELECT greatest(
        (SELECT max(assigned_at) FROM core.assignments),
        (SELECT max(ended_at) FROM core.past_assignments)
    ) AS resolved_at
) AS latest
"""


class Differences(NamedTuple):
    """Of a sample: keys, links and leads that are not what a rebuild would make them."""

    keys: int
    links: int
    leads: int


def compare_with_rebuild(session: Session, components: int, seed: str) -> Differences:
    """Decide a sample of components anew, from the leads themselves, and take it back.

    Needs the macros of `normalise.install`. Everything loaded must have been resolved.
    """
    session.run("BEGIN TRANSACTION")
    try:
        install(session)
        session.run(LEADS)
        session.run(SAMPLE, {"seed": seed, "components": components})
        session.run(TO_READ)
        read_changes(session, is_anew=True)
        session.run(DIRTY)
        find_evidence(session, everything=False)
        session.run(sql("compare"))
        session.run("INSERT INTO core.evidence BY NAME SELECT *, '' AS version FROM added")
        session.run(sql("node_leads"))
        cluster(session, everything=False)
        return Differences(*session.rows(DIFFERENT)[0])
    finally:
        session.run("ROLLBACK")


def crowded_people(session: Session) -> list[tuple[str, int]]:
    """Persons with more names in full than the alarm level, and how many."""
    install(session)
    return session.rows(CROWDED_PEOPLE, {"limit": limit("alarm_person_names")})


def crowded_keys(session: Session) -> list[tuple[str, int]]:
    """A lead of each phone or e-mail with more leads than the alarm level, and how many."""
    return session.rows(CROWDED_KEYS, {"limit": limit("alarm_key_leads")})


def churn(session: Session) -> tuple[int, int]:
    """Old leads that the last resolution moved to another person, and all leads."""
    ((moved, leads),) = session.rows(CHURN)
    return int(moved), int(leads)
