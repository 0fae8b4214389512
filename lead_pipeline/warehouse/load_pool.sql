-- What the delivery in {incoming} says of each record, and every version of these that is
-- known, by what decides between them.
CREATE OR REPLACE TEMP TABLE pool AS
SELECT
    'incoming' AS origin,
    incoming.rowid AS incoming_row,
    incoming.{key} AS record_id,
    incoming.content_hash,
    incoming.content_hash AS kept_hash,
    coalesce(incoming.updated_at, '-infinity'::TIMESTAMPTZ) AS updated_at,
    greatest(incoming.requested_at, again.requested_at) AS requested_at,
    incoming.requested_at AS said_at,
    incoming.delivery_sha256,
    incoming.record_index,
    incoming.requested_at AS first_seen_at,
    incoming.requested_at AS last_seen_at
FROM {incoming} AS incoming
LEFT JOIN (
    SELECT incoming_row, max(requested_at) AS requested_at FROM reread GROUP BY incoming_row
) AS again ON again.incoming_row = incoming.rowid
UNION ALL
SELECT
    known.origin,
    NULL AS incoming_row,
    known.record_id,
    coalesce(reread.content_hash, known.content_hash) AS content_hash,
    known.content_hash AS kept_hash,
    coalesce(
        CASE WHEN reread.record_id IS NULL THEN known.updated_at ELSE reread.updated_at END,
        '-infinity'::TIMESTAMPTZ
    ) AS updated_at,
    known.requested_at,
    known.requested_at AS said_at,
    known.delivery_sha256,
    known.record_index,
    known.first_seen_at,
    known.last_seen_at
FROM known_versions AS known
LEFT JOIN (
    -- One body may be there twice, in a pack whose vendor gave a page again.
    SELECT DISTINCT ON (record_id, origin, kept_hash) *
    FROM reread
    ORDER BY incoming_row DESC
) AS reread
    ON reread.record_id = known.record_id
    AND reread.origin = known.origin
    AND reread.kept_hash = known.content_hash
