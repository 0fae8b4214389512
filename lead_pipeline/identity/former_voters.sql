-- Who comes back speaks for whom it was; whom an undone decision had moved, likewise; unless that
-- is somebody else by now.
CREATE OR REPLACE TEMP TABLE alternatives AS
SELECT leads.number, person_number(past.person_id) AS person, true AS is_undone
FROM core.past_assignments AS past
INNER JOIN core.identity_leads AS leads ON leads.lead_id = past.lead_id
INNER JOIN core.assignments AS now
    ON now.lead_id = past.lead_id AND now.assigned_at = past.ended_at
INNER JOIN core.overrides AS overrides ON overrides.event_id = now.event_id
WHERE overrides.is_pending
    AND NOT overrides.is_active
    AND overrides.event_id NOT IN (SELECT event_id FROM heeded)
UNION ALL
SELECT arriving.number, max_by(person_number(past.person_id), past.ended_at) AS person, false
FROM arriving
INNER JOIN core.past_assignments AS past ON past.lead_id = arriving.lead_id
GROUP BY arriving.number;

CREATE OR REPLACE TEMP TABLE spoken_for AS
SELECT known.number, coalesce(undone.person, known.person, former.person) AS person
FROM known_persons AS known
LEFT JOIN alternatives AS undone ON undone.number = known.number AND undone.is_undone
LEFT JOIN alternatives AS former ON former.number = known.number AND NOT former.is_undone;

CREATE OR REPLACE TEMP VIEW voters AS
SELECT number, person
FROM spoken_for
WHERE person NOT IN (
    SELECT clusters.person
    FROM core.identity_clusters AS clusters
    WHERE clusters.person IN (SELECT person FROM alternatives)
        AND clusters.number NOT IN (SELECT number FROM nodes)
);
