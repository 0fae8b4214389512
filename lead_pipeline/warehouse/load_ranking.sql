-- The place of each version in `pool` among those of its lead, of the same origin and of the same
-- content. The highest comes first, by (updated_at, requested_at, body, place in the body).
-- Sorting is what costs, and most leads have one version only: those are not sorted.
CREATE OR REPLACE TEMP TABLE ranking AS
WITH placed AS (
    SELECT
        pool.*,
        row_number() OVER (
            PARTITION BY lead_id
            ORDER BY
                updated_at DESC,
                requested_at DESC,
                delivery_sha256 DESC,
                record_index DESC,
                origin = 'incoming' DESC,
                origin = 'current' DESC
        ) AS place
    FROM pool
    WHERE lead_id IN (SELECT lead_id FROM pool GROUP BY lead_id HAVING count(*) > 1)
),
leads AS (
    SELECT
        lead_id,
        min(first_seen_at) AS first_seen_at,
        max(last_seen_at) AS last_seen_at,
        any_value(content_hash) FILTER (WHERE place = 1) AS winning_content
    FROM placed
    GROUP BY lead_id
),
origins AS (
    SELECT lead_id, origin, min(place) AS first_place FROM placed GROUP BY lead_id, origin
),
contents AS (
    SELECT lead_id, content_hash, min(place) AS first_place
    FROM placed
    GROUP BY lead_id, content_hash
)
SELECT
    placed.origin,
    placed.incoming_row,
    placed.lead_id,
    placed.content_hash,
    placed.kept_hash,
    placed.requested_at,
    placed.delivery_sha256,
    placed.place,
    placed.place = origins.first_place AS leads_its_origin,
    placed.place = contents.first_place AS leads_its_content,
    leads.winning_content,
    leads.first_seen_at,
    leads.last_seen_at
FROM placed
INNER JOIN leads ON leads.lead_id = placed.lead_id
INNER JOIN origins ON origins.lead_id = placed.lead_id AND origins.origin = placed.origin
INNER JOIN contents
    ON contents.lead_id = placed.lead_id AND contents.content_hash = placed.content_hash
UNION ALL
SELECT
    origin,
    incoming_row,
    lead_id,
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
WHERE lead_id IN (SELECT lead_id FROM pool GROUP BY lead_id HAVING count(*) = 1)
