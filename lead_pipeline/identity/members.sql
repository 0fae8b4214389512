-- The keys to look at that two leads or more have, with all who have them: `members`. A name in
-- full that many have says nothing of who they are, nor does a phone like theirs. What is dirty is
-- picked first, since reading all keys is what a day on a long history costs.
CREATE OR REPLACE TEMP {kind} kept_keys AS
SELECT key, rule, member, kind, number, phone, mailbox FROM core.identity_keys WHERE {is_dirty};

CREATE OR REPLACE TEMP VIEW keys_to_see AS
SELECT key, rule, member, kind, number FROM kept_keys
UNION ALL
SELECT key, rule, member, kind, number FROM phone_halves('kept_keys') WHERE {is_dirty};

CREATE OR REPLACE TEMP TABLE members AS
SELECT key, rule, member, kind, number
FROM keys_to_see
WHERE key IN (
    SELECT key
    FROM keys_to_see
    GROUP BY key, rule
    HAVING count(*) > 1 AND (rule < 7 OR count(*) <= {rare_name_leads})
);
DROP VIEW keys_to_see;
