-- From `pool` to core.leads and core.lead_history, as a pure function of all versions known.
-- The highest version of a lead wins, by (updated_at, requested_at, body, place in the body).
-- Every other distinct content is history.
CREATE OR REPLACE TEMP TABLE ranking AS
SELECT
    rowid AS pool_row,
    lead_id,
    content_hash,
    origin,
    row_number() OVER by_version AS place,
    row_number() OVER by_origin AS place_in_origin,
    row_number() OVER by_content AS place_in_content,
    first_value(content_hash) OVER by_version AS winning_content,
    min(first_seen_at) OVER (PARTITION BY lead_id) AS first_seen_at,
    max(last_seen_at) OVER (PARTITION BY lead_id) AS last_seen_at
FROM pool
WINDOW
    by_version AS (PARTITION BY lead_id ORDER BY version_of(updated_at, requested_at, delivery_sha256, record_index) DESC, origin = 'incoming' DESC),
    by_origin AS (PARTITION BY lead_id, origin ORDER BY version_of(updated_at, requested_at, delivery_sha256, record_index) DESC),
    by_content AS (PARTITION BY lead_id, content_hash ORDER BY version_of(updated_at, requested_at, delivery_sha256, record_index) DESC, origin = 'incoming' DESC);

DELETE FROM core.leads WHERE lead_id IN (SELECT lead_id FROM ranking WHERE origin = 'current');

INSERT INTO core.leads BY NAME
SELECT {unseen_columns}, ranking.first_seen_at, ranking.last_seen_at
FROM pool
INNER JOIN ranking ON ranking.pool_row = pool.rowid
WHERE ranking.place = 1;

DELETE FROM core.lead_history WHERE lead_id IN (SELECT lead_id FROM ranking WHERE origin = 'history');

INSERT INTO core.lead_history BY NAME
SELECT {unseen_columns}, pool.requested_at AS first_seen_at, pool.requested_at AS last_seen_at
FROM pool
INNER JOIN ranking ON ranking.pool_row = pool.rowid
WHERE ranking.place_in_content = 1 AND ranking.content_hash <> ranking.winning_content;
