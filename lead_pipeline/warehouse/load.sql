-- From `ranking` to {current} and {history}, as a pure function of all versions known:
-- the highest version of a record is current, the highest of every other content is history.

-- What came again in a higher version, or is current now, is history no more.
DELETE FROM {history} AS past
WHERE EXISTS (
    SELECT 1
    FROM ranking
    WHERE ranking.origin = 'history'
        AND ranking.record_id = past.{key}
        AND ranking.kept_hash = past.content_hash
        AND (NOT ranking.leads_its_content OR ranking.content_hash = ranking.winning_content)
);

INSERT INTO {history} BY NAME
SELECT
    {known_columns},
    ranking.requested_at AS first_seen_at,
    ranking.requested_at AS last_seen_at
FROM {current} AS known
INNER JOIN ranking ON ranking.record_id = known.{key} AND ranking.origin = 'current'
WHERE ranking.leads_its_content AND ranking.content_hash <> ranking.winning_content;

INSERT INTO {history} BY NAME
SELECT
    {incoming_columns},
    ranking.requested_at AS first_seen_at,
    ranking.requested_at AS last_seen_at
FROM {incoming} AS incoming
INNER JOIN ranking ON ranking.incoming_row = incoming.rowid
WHERE ranking.leads_its_content AND ranking.content_hash <> ranking.winning_content;

DELETE FROM {current}
WHERE {key} IN (SELECT record_id FROM ranking WHERE origin = 'current' AND place > 1);

INSERT INTO {current} BY NAME
SELECT {incoming_columns}, ranking.first_seen_at, ranking.last_seen_at
FROM {incoming} AS incoming
INNER JOIN ranking ON ranking.incoming_row = incoming.rowid
WHERE ranking.place = 1;

-- Only older versions came: the current one stays, and was seen once more.
UPDATE {current} AS known
SET first_seen_at = ranking.first_seen_at, last_seen_at = ranking.last_seen_at
FROM ranking
WHERE ranking.record_id = known.{key} AND ranking.origin = 'current' AND ranking.place = 1
