-- Which leads are clustered anew: all of every component that a link came to or went from, that a
-- new or changed lead is in, or that a hand has touched.
CREATE OR REPLACE TEMP TABLE nodes AS
WITH seeds AS (
    SELECT low AS number FROM altered WHERE is_merging
    UNION
    SELECT high FROM altered WHERE is_merging
    UNION
    SELECT number FROM arriving
    UNION
    SELECT leads.number
    FROM core.overrides AS overrides
    INNER JOIN core.override_leads AS named ON named.event_id = overrides.event_id
    INNER JOIN core.identity_leads AS leads ON leads.lead_id = named.lead_id
    WHERE overrides.is_pending
), touched AS (
    SELECT DISTINCT component FROM core.identity_clusters
    WHERE number IN (SELECT number FROM seeds)
    UNION
    SELECT component FROM bereft
)
SELECT number, person
FROM core.identity_clusters
WHERE component IN (SELECT component FROM touched)
    AND number NOT IN (SELECT number FROM gone)
UNION ALL
SELECT number, NULL::BIGINT AS person FROM arriving WHERE is_new;
