-- The place of each version in `pool` among those of its record, of the same origin and of the same
-- content. The highest comes first, by (updated_at, requested_at, body, place in the body).
-- Sorting is what costs, and most records have one version only: those are not sorted.
CREATE OR REPLACE TEMP TABLE ranking AS
WITH placed AS (
    SELECT
        pool.*,
        row_number() OVER (
            PARTITION BY record_id
            ORDER BY
                updated_at DESC,
                requested_at DESC,
                delivery_sha256 DESC,
                record_index DESC,
                origin = 'incoming' DESC,
                origin = 'current' DESC
        ) AS place,
        -- What a delivery says last of a record is its own affair, whatever is known of its body.
        row_number() OVER (
            PARTITION BY record_id, origin
            ORDER BY updated_at DESC, said_at DESC, delivery_sha256 DESC, record_index DESC
        ) = 1 AS leads_its_origin
    FROM pool
    WHERE record_id IN (SELECT record_id FROM pool GROUP BY record_id HAVING count(*) > 1)
),
records AS (
    SELECT
        record_id,
        min(first_seen_at) AS first_seen_at,
        max(last_seen_at) AS last_seen_at,
        any_value(content_hash) FILTER (WHERE place = 1) AS winning_content
    FROM placed
    GROUP BY record_id
),
contents AS (
    SELECT record_id, content_hash, min(place) AS first_place
    FROM placed
    GROUP BY record_id, content_hash
)
SELECT
    placed.origin,
    placed.incoming_row,
    placed.record_id,
    placed.content_hash,
    placed.kept_hash,
    placed.requested_at,
    placed.delivery_sha256,
    placed.place,
    placed.leads_its_origin,
    placed.place = contents.first_place AS leads_its_content,
    records.winning_content,
    records.first_seen_at,
    records.last_seen_at
FROM placed
INNER JOIN records ON records.record_id = placed.record_id
INNER JOIN contents
    ON contents.record_id = placed.record_id AND contents.content_hash = placed.content_hash
UNION ALL
SELECT
    origin,
    incoming_row,
    record_id,
    content_hash,
    kept_hash,
    requested_at,
    delivery_sha256,
    1 AS place,
    true AS leads_its_origin,
    true AS leads_its_content,
    content_hash AS winning_content,
    first_seen_at,
    last_seen_at
FROM pool
WHERE record_id IN (SELECT record_id FROM pool GROUP BY record_id HAVING count(*) = 1)
