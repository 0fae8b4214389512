-- Evidence among equal names in full that share neither phone nor e-mail: more of `found`.

-- A phone with one digit amiss.
INSERT INTO found
SELECT
    one.key,
    one.rule,
    7 AS names,
    least(one.rep, other.rep) AS low,
    greatest(one.rep, other.rep) AS high,
    CASE WHEN one.rep < other.rep THEN one.member ELSE other.member END AS low_member,
    CASE WHEN one.rep < other.rep THEN other.member ELSE one.member END AS high_member
FROM groups AS one
INNER JOIN groups AS other ON other.key = one.key AND other.member > one.member
WHERE one.rule IN (7, 8)
    AND damerau_levenshtein(one.member::VARCHAR, other.member::VARCHAR) <= 1;

-- A rare name in one city. Rare: few phones and e-mails have it, wherever they are.
CREATE OR REPLACE TEMP TABLE namesakes AS
SELECT key, member, number, phone, mailbox
FROM kept_keys
WHERE rule = 9
    AND key IN (SELECT key FROM groups WHERE rule = 9 AND member <> 0 AND size > 1);
DROP {kind} kept_keys;

INSERT INTO found
SELECT
    namesakes.key,
    9 AS rule,
    CASE WHEN local.contacts <= 3 THEN 8 ELSE 9 END AS names,
    local.rep AS low,
    namesakes.number AS high,
    namesakes.member AS low_member,
    namesakes.member AS high_member
FROM namesakes
INNER JOIN (
    SELECT key
    FROM namesakes
    GROUP BY key
    HAVING count(DISTINCT phone) <= {rare_name_phones}
        AND count(DISTINCT mailbox) <= {rare_name_mailboxes}
) AS rare ON rare.key = namesakes.key
INNER JOIN (
    SELECT
        key,
        member,
        min(number) AS rep,
        count(DISTINCT phone) + count(DISTINCT mailbox) AS contacts
    FROM namesakes
    WHERE member <> 0
    GROUP BY key, member
    HAVING count(*) > 1
) AS local ON local.key = namesakes.key AND local.member = namesakes.member
WHERE namesakes.number > local.rep;
