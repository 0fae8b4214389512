-- Why enquiries belong to one person.
CREATE OR REPLACE VIEW person_links AS
SELECT
    later.lead_id,
    'P' || lpad(persons.person::VARCHAR, 9, '0') AS person_id,
    rules.rule_name AS rule,
    earlier.lead_id AS linked_lead_id,
    rules.weight,
    rules.reason,
    evidence.version AS rules_version
FROM core.evidence AS evidence
INNER JOIN core.evidence_rules AS rules
    ON rules.rule = evidence.rule AND rules.names = evidence.names AND rules.is_merging
INNER JOIN core.identity_clusters AS persons ON persons.number = evidence.high
INNER JOIN core.identity_clusters AS others
    ON others.number = evidence.low AND others.cluster = persons.cluster
INNER JOIN core.identity_leads AS later ON later.number = evidence.high
INNER JOIN core.identity_leads AS earlier ON earlier.number = evidence.low
UNION ALL
SELECT
    leads.lead_id,
    'P' || lpad(persons.person::VARCHAR, 9, '0') AS person_id,
    'only enquiry' AS rule,
    NULL AS linked_lead_id,
    NULL AS weight,
    NULL AS reason,
    NULL AS rules_version
FROM core.identity_clusters AS persons
INNER JOIN core.identity_leads AS leads ON leads.number = persons.number
WHERE persons.person IN (
    SELECT person FROM core.identity_clusters GROUP BY person HAVING count(*) = 1
);

-- Who every enquiry belonged to at any time.
CREATE OR REPLACE VIEW person_history AS
SELECT lead_id, person_id, assigned_at AS valid_from, NULL::TIMESTAMPTZ AS valid_to, event_id
FROM core.assignments
UNION ALL
SELECT lead_id, person_id, assigned_at AS valid_from, ended_at AS valid_to, event_id
FROM core.past_assignments;

-- Ids that ended: a time at which nobody had them. Whom to look for is who has most of their
-- leads now, or had when the id came alive again.
CREATE OR REPLACE VIEW person_redirects AS
WITH former AS (
    SELECT DISTINCT person_id FROM core.past_assignments
), spans AS (
    SELECT history.person_id, history.valid_from, history.valid_to
    FROM person_history AS history
    INNER JOIN former ON former.person_id = history.person_id
), ends AS (
    SELECT
        spans.person_id,
        spans.valid_to AS ended_at,
        min(later.valid_from) AS revived_at
    FROM (SELECT DISTINCT person_id, valid_to FROM spans WHERE valid_to IS NOT NULL) AS spans
    LEFT JOIN spans AS later
        ON later.person_id = spans.person_id AND later.valid_from > spans.valid_to
    WHERE NOT EXISTS (
        SELECT 1
        FROM spans AS alive
        WHERE alive.person_id = spans.person_id
            AND alive.valid_from <= spans.valid_to
            AND (alive.valid_to > spans.valid_to OR alive.valid_to IS NULL)
    )
    GROUP BY spans.person_id, spans.valid_to
), heirs AS (
    SELECT ends.person_id, ends.ended_at, now.person_id AS heir, count(*) AS leads
    FROM ends
    INNER JOIN core.past_assignments AS past
        ON past.person_id = ends.person_id AND past.ended_at = ends.ended_at
    INNER JOIN person_history AS now
        ON now.lead_id = past.lead_id
        AND CASE
            WHEN ends.revived_at IS NULL THEN now.valid_to IS NULL
            ELSE now.valid_from = past.ended_at
        END
    GROUP BY ends.person_id, ends.ended_at, now.person_id
), ranked AS (
    SELECT
        person_id,
        ended_at,
        heir,
        row_number() OVER (PARTITION BY person_id, ended_at ORDER BY leads DESC, heir) AS place
    FROM heirs
)
SELECT
    ends.person_id,
    ranked.heir AS now_person_id,
    ends.ended_at AS valid_from,
    ends.revived_at AS valid_to
FROM ends
LEFT JOIN ranked
    ON ranked.person_id = ends.person_id AND ranked.ended_at = ends.ended_at AND ranked.place = 1;

-- What ever changed about who is who.
CREATE OR REPLACE VIEW person_events AS
SELECT
    past.ended_at AS happened_at,
    CASE WHEN next.person_id IS NULL THEN 'left' ELSE 'moved' END AS kind,
    next.event_id,
    past.person_id AS from_person_id,
    next.person_id AS to_person_id,
    count(*) AS leads,
    NULL AS made_by,
    NULL AS reason
FROM core.past_assignments AS past
LEFT JOIN person_history AS next
    ON next.lead_id = past.lead_id AND next.valid_from = past.ended_at
GROUP BY past.ended_at, next.event_id, past.person_id, next.person_id
UNION ALL
SELECT
    decided_at AS happened_at,
    kind,
    event_id,
    NULL AS from_person_id,
    NULL AS to_person_id,
    (SELECT count(*) FROM core.override_leads AS named WHERE named.event_id = overrides.event_id) AS leads,
    made_by,
    reason
FROM core.overrides AS overrides;
