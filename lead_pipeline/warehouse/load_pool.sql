-- Every known version of the leads in `normalised`, and the delivery's own beside them.
CREATE OR REPLACE TEMP TABLE pool AS
SELECT {incoming_columns}, 'incoming' AS origin
FROM normalised
UNION ALL
SELECT {columns}, 'current' AS origin
FROM core.leads
WHERE lead_id IN (SELECT lead_id FROM normalised)
UNION ALL
SELECT {columns}, 'history' AS origin
FROM core.lead_history
WHERE lead_id IN (SELECT lead_id FROM normalised)
