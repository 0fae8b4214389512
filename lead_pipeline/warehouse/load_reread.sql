-- The same record of the same body, read before: what it said then is what it says now, so that
-- reading it again with a better parser replaces the former reading wherever it is.
CREATE OR REPLACE TEMP TABLE reread AS
SELECT
    known.origin,
    known.record_id,
    known.content_hash AS kept_hash,
    known.requested_at,
    incoming.rowid AS incoming_row,
    incoming.content_hash,
    incoming.updated_at
FROM known_versions AS known
INNER JOIN {incoming} AS incoming
    ON incoming.{key} = known.record_id
    AND incoming.record_index = known.record_index
    AND incoming.delivery_sha256 = known.delivery_sha256
