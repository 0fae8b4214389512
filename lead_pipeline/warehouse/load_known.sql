-- Every version that is known of the records in {incoming}.
CREATE OR REPLACE TEMP TABLE known_versions AS
SELECT
    'current' AS origin,
    {key} AS record_id,
    content_hash,
    updated_at,
    requested_at,
    delivery_sha256,
    record_index,
    first_seen_at,
    last_seen_at
FROM {current}
WHERE {key} IN (SELECT {key} FROM {incoming})
UNION ALL
SELECT
    'history' AS origin,
    {key} AS record_id,
    content_hash,
    updated_at,
    requested_at,
    delivery_sha256,
    record_index,
    first_seen_at,
    last_seen_at
FROM {history}
WHERE {key} IN (SELECT {key} FROM {incoming})
