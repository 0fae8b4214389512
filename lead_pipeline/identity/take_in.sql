-- Let the warehouse know `arriving`, and forget what they replace and what is `gone`.
CREATE OR REPLACE TEMP TABLE replaced AS
SELECT number FROM arriving WHERE {has_replaced} AND NOT is_new
UNION ALL
SELECT number FROM gone WHERE {has_replaced};

-- What a hand has tied or untied since: its keys, and of its leads those that are here already.
CREATE OR REPLACE TEMP TABLE pending AS
SELECT DISTINCT hash(0, named.event_id, named.side) AS key
FROM core.overrides AS overrides
INNER JOIN core.override_leads AS named ON named.event_id = overrides.event_id
WHERE overrides.is_pending;

CREATE OR REPLACE TEMP TABLE dirty AS
SELECT key FROM arriving_keys WHERE {is_partial}
UNION
SELECT key FROM pending
UNION
SELECT key FROM core.identity_keys
WHERE {has_replaced} AND number IN (SELECT number FROM replaced);

DELETE FROM core.identity_keys WHERE {has_replaced} AND number IN (SELECT number FROM replaced);
DELETE FROM core.identity_leads WHERE {has_replaced} AND number IN (SELECT number FROM replaced);
DELETE FROM core.identity_keys WHERE {has_pending} AND key IN (SELECT key FROM pending);

INSERT INTO core.identity_keys BY NAME SELECT key, rule, member, kind, number FROM arriving_keys;
INSERT INTO core.identity_keys BY NAME
SELECT hash(0, named.event_id, named.side) AS key, 0 AS rule, 1 AS member, 2 AS kind, leads.number
FROM core.overrides AS overrides
INNER JOIN core.override_leads AS named ON named.event_id = overrides.event_id
INNER JOIN core.identity_leads AS leads ON leads.lead_id = named.lead_id
WHERE overrides.is_pending AND overrides.is_active;
INSERT INTO core.identity_leads BY NAME
SELECT
    number,
    lead_id,
    fingerprint,
    name,
    kind,
    CASE WHEN phone IS NOT NULL THEN hash(phone) END AS phone,
    CASE WHEN mailbox IS NOT NULL THEN hash(mailbox) END AS mailbox
FROM arriving;
