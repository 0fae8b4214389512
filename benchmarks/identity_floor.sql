-- The floor: phone or e-mail with a stop-list, at most 8 names per key, and a guard of names that
-- are not alike. From core.leads, normalised already, to `nodes` and `links`.
CREATE OR REPLACE TEMP TABLE nodes AS
SELECT
    (row_number() OVER (ORDER BY lead_id))::INTEGER AS number,
    lower(full_name) AS name,
    phone,
    email_key(email) AS mailbox
FROM core.leads;

CREATE OR REPLACE TEMP TABLE floor_keys AS
SELECT number, name, phone AS key FROM nodes WHERE phone IS NOT NULL
UNION ALL
SELECT number, name, mailbox AS key FROM nodes
WHERE mailbox IS NOT NULL
    AND split_part(mailbox, '@', 1) NOT IN ('info', 'sales', 'crm', 'leads', 'customer', 'admin', 'contact');

CREATE OR REPLACE TEMP TABLE floor_shared AS
SELECT key, min(number) AS first_number, arg_min(name, number) AS first_name
FROM floor_keys
GROUP BY key
HAVING count(*) > 1 AND count(DISTINCT name) <= 8;

CREATE OR REPLACE TEMP TABLE links AS
SELECT floor_shared.first_number AS low, floor_keys.number AS high
FROM floor_keys
INNER JOIN floor_shared ON floor_shared.key = floor_keys.key
WHERE floor_keys.number > floor_shared.first_number
    AND (
        floor_keys.name IS NULL
        OR floor_shared.first_name IS NULL
        OR jaro_winkler_similarity(floor_keys.name, floor_shared.first_name) >= 0.75
    );
