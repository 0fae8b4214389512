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

CREATE OR REPLACE TEMP TABLE stirred_keys AS
SELECT key, rule, kind, number, phone FROM arriving_keys WHERE {is_partial}
UNION ALL
SELECT key, rule, kind, number, phone FROM core.identity_keys
WHERE {has_replaced} AND number IN (SELECT number FROM replaced);

CREATE OR REPLACE TEMP TABLE dirty AS
SELECT key FROM stirred_keys
UNION
SELECT key FROM phone_halves('stirred_keys')
UNION
SELECT key FROM pending;

DELETE FROM core.identity_keys WHERE {has_replaced} AND number IN (SELECT number FROM replaced);
DELETE FROM core.identity_leads WHERE {has_replaced} AND number IN (SELECT number FROM replaced);
DELETE FROM core.identity_keys WHERE {has_pending} AND key IN (SELECT key FROM pending);

INSERT INTO core.identity_keys BY NAME
SELECT key, rule, member, kind, number, phone, mailbox FROM arriving_keys;
INSERT INTO core.identity_keys BY NAME
SELECT hash(0, named.event_id, named.side) AS key, 0 AS rule, 1 AS member, 2 AS kind, leads.number
FROM core.overrides AS overrides
INNER JOIN core.override_leads AS named ON named.event_id = overrides.event_id
INNER JOIN core.identity_leads AS leads ON leads.lead_id = named.lead_id
WHERE overrides.is_pending AND overrides.is_active;

UPDATE core.identity_leads AS leads SET version_number = unchanged.version_number
FROM unchanged WHERE unchanged.number = leads.number;

INSERT INTO core.identity_leads BY NAME
SELECT number, lead_id, version_number, fingerprint, name, kind FROM arriving;
