-- Every version that is known of the leads in `normalised`.
CREATE OR REPLACE TEMP TABLE known_versions AS
SELECT
    'current' AS origin,
    lead_id,
    content_hash,
    updated_at,
    requested_at,
    delivery_sha256,
    record_index,
    first_seen_at,
    last_seen_at
FROM core.leads
WHERE lead_id IN (SELECT lead_id FROM normalised)
UNION ALL
SELECT
    'history' AS origin,
    lead_id,
    content_hash,
    updated_at,
    requested_at,
    delivery_sha256,
    record_index,
    first_seen_at,
    last_seen_at
FROM core.lead_history
WHERE lead_id IN (SELECT lead_id FROM normalised)
