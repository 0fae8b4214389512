-- What the delivery in `normalised` says of each lead, and every version of these leads that is
-- known, by what decides between them.
CREATE OR REPLACE TEMP TABLE pool AS
SELECT
    'incoming' AS origin,
    rowid AS incoming_row,
    lead_id,
    content_hash,
    coalesce(updated_at, '-infinity'::TIMESTAMPTZ) AS updated_at,
    $requested_at::TIMESTAMPTZ AS requested_at,
    $sha256::VARCHAR AS delivery_sha256,
    record_index,
    $requested_at::TIMESTAMPTZ AS first_seen_at,
    $requested_at::TIMESTAMPTZ AS last_seen_at
FROM normalised
UNION ALL
SELECT
    'current' AS origin,
    NULL AS incoming_row,
    lead_id,
    content_hash,
    coalesce(updated_at, '-infinity'::TIMESTAMPTZ) AS updated_at,
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
    NULL AS incoming_row,
    lead_id,
    content_hash,
    coalesce(updated_at, '-infinity'::TIMESTAMPTZ) AS updated_at,
    requested_at,
    delivery_sha256,
    record_index,
    first_seen_at,
    last_seen_at
FROM core.lead_history
WHERE lead_id IN (SELECT lead_id FROM normalised)
