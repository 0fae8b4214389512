-- From `ranking` to core.leads and core.lead_history, as a pure function of all versions known:
-- the highest version of a lead is current, the highest of every other content is history.

-- What came again in a higher version, or is current now, is history no more.
DELETE FROM core.lead_history
WHERE EXISTS (
    SELECT 1
    FROM ranking
    WHERE ranking.origin = 'history'
        AND ranking.lead_id = lead_history.lead_id
        AND ranking.kept_hash = lead_history.content_hash
        AND (NOT ranking.leads_its_content OR ranking.content_hash = ranking.winning_content)
);

INSERT INTO core.lead_history BY NAME
SELECT
    {known_columns},
    ranking.requested_at AS first_seen_at,
    ranking.requested_at AS last_seen_at
FROM core.leads AS known
INNER JOIN ranking ON ranking.lead_id = known.lead_id AND ranking.origin = 'current'
WHERE ranking.leads_its_content AND ranking.content_hash <> ranking.winning_content;

INSERT INTO core.lead_history BY NAME
SELECT
    {incoming_columns},
    ranking.requested_at AS first_seen_at,
    ranking.requested_at AS last_seen_at
FROM normalised AS incoming
INNER JOIN ranking ON ranking.incoming_row = incoming.rowid
WHERE ranking.leads_its_content AND ranking.content_hash <> ranking.winning_content;

DELETE FROM core.leads
WHERE lead_id IN (SELECT lead_id FROM ranking WHERE origin = 'current' AND place > 1);

INSERT INTO core.leads BY NAME
SELECT {incoming_columns}, ranking.first_seen_at, ranking.last_seen_at
FROM normalised AS incoming
INNER JOIN ranking ON ranking.incoming_row = incoming.rowid
WHERE ranking.place = 1;

-- Only older versions came: the current one stays, and was seen once more.
UPDATE core.leads
SET first_seen_at = ranking.first_seen_at, last_seen_at = ranking.last_seen_at
FROM ranking
WHERE ranking.lead_id = leads.lead_id AND ranking.origin = 'current' AND ranking.place = 1
;

-- Who they are is to be decided again.
INSERT INTO core.touched_leads (lead_id)
SELECT lead_id FROM ranking WHERE origin = 'incoming' AND place = 1
