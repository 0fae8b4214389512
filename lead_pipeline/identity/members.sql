-- The keys to look at that two leads or more have, with all who have them: `members`. A name in
-- full that many have says nothing of who they are.
CREATE OR REPLACE TEMP TABLE members AS
SELECT key, rule, member, kind, number
FROM core.identity_keys
WHERE key IN (
    SELECT key
    FROM core.identity_keys
    WHERE {is_dirty}
    GROUP BY key, rule
    HAVING count(*) > 1 AND (rule <> 9 OR count(*) <= {rare_name_leads})
);
