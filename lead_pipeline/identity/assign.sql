-- The rest of `orphans` are new, in order of founders: `resolved` is who everybody is.
CREATE OR REPLACE TEMP TABLE minted AS
SELECT
    cluster,
    (SELECT minted_people FROM core.progress) + row_number() OVER (ORDER BY cluster) AS person
FROM orphans
WHERE cluster NOT IN (SELECT cluster FROM won);

CREATE OR REPLACE TEMP TABLE resolved AS
SELECT
    clusters.number,
    clusters.component,
    clusters.cluster,
    coalesce(won.person, minted.person) AS person
FROM clusters
LEFT JOIN won ON won.cluster = clusters.cluster
LEFT JOIN minted ON minted.cluster = clusters.cluster;

-- Who moves, and by whose hand.
CREATE OR REPLACE TEMP TABLE moved AS
SELECT
    resolved.number,
    leads.lead_id,
    resolved.person,
    known.person AS was,
    hands.event_id
FROM resolved
INNER JOIN known_persons AS known ON known.number = resolved.number
INNER JOIN node_leads AS leads ON leads.number = resolved.number
LEFT JOIN (
    SELECT resolved.component, max(coalesce(undoing.event_id, overrides.event_id)) AS event_id
    FROM core.overrides AS overrides
    INNER JOIN core.override_leads AS named ON named.event_id = overrides.event_id
    INNER JOIN core.identity_leads AS leads ON leads.lead_id = named.lead_id
    INNER JOIN resolved ON resolved.number = leads.number
    LEFT JOIN core.overrides AS undoing ON undoing.undoes = overrides.event_id
    WHERE overrides.is_pending
    GROUP BY resolved.component
) AS hands ON hands.component = resolved.component
WHERE known.person IS DISTINCT FROM resolved.person;
