-- Evidence among `groups`: one row per link, `found`. Its codes are those of rules/evidence.csv.

-- Parts of names, each beside the names of its key that it may be a part of.
CREATE OR REPLACE TEMP TABLE offers AS
SELECT alike.key, alike.member, alike.other, alike.other_kind, alike.names, offered.others
FROM alike
INNER JOIN (
    SELECT key, member, other_kind, count(*) AS others
    FROM alike
    WHERE kind = 1 AND names < 9
    GROUP BY key, member, other_kind
) AS offered
    ON offered.key = alike.key
    AND offered.member = alike.member
    AND offered.other_kind = alike.other_kind
WHERE alike.kind = 1 AND alike.names < 9;

-- It is taken for one of them only if they are one and the same: like the one, all the others.
CREATE OR REPLACE TEMP TABLE taken AS
SELECT offers.key, offers.member, offers.other_kind, offers.other, min(offers.names) AS names
FROM offers
LEFT JOIN alike
    ON alike.key = offers.key AND alike.member = offers.other AND alike.names < 9
LEFT JOIN offers AS rivals
    ON rivals.key = offers.key
    AND rivals.member = offers.member
    AND rivals.other_kind = offers.other_kind
    AND rivals.other = alike.other
GROUP BY offers.key, offers.member, offers.other_kind, offers.other, offers.others
HAVING count(rivals.other) = offers.others - 1;

-- Equal members: every lead beside the one that speaks for them. Who gives a part that fits several
-- names, which are not one, may be any of them each time.
CREATE OR REPLACE TEMP TABLE found AS
SELECT
    members.key,
    members.rule,
    CASE
        WHEN members.rule = 0 THEN 0
        WHEN groups.kind = 2 THEN 1
        WHEN torn.member IS NOT NULL THEN 10
        ELSE 2
    END::UTINYINT AS names,
    groups.rep AS low,
    members.number AS high,
    members.member AS low_member,
    members.member AS high_member
FROM members
INNER JOIN groups ON groups.key = members.key AND groups.member = members.member
LEFT JOIN (
    SELECT key, member FROM offers WHERE other_kind = 2
    EXCEPT
    SELECT key, member FROM taken WHERE other_kind = 2
) AS torn ON torn.key = groups.key AND torn.member = groups.member
WHERE groups.size > 1 AND groups.kind > 0 AND groups.rule < 7 AND members.number > groups.rep;

CREATE OR REPLACE TEMP TABLE tied AS
SELECT key, member, other, names FROM alike WHERE member < other AND kind = 2 AND other_kind = 2
UNION
SELECT key, member, other, names FROM alike WHERE member < other AND names = 9
UNION
SELECT key, least(member, other) AS member, greatest(member, other) AS other, names
FROM taken
WHERE other_kind = 2
    OR NOT EXISTS (
        SELECT 1
        FROM offers
        WHERE offers.key = taken.key AND offers.member = taken.member AND offers.other_kind = 2
    );

INSERT INTO found
SELECT
    tied.key,
    one.rule,
    tied.names,
    least(one.rep, other.rep) AS low,
    greatest(one.rep, other.rep) AS high,
    CASE WHEN one.rep < other.rep THEN one.member ELSE other.member END AS low_member,
    CASE WHEN one.rep < other.rep THEN other.member ELSE one.member END AS high_member
FROM tied
INNER JOIN groups AS one ON one.key = tied.key AND one.member = tied.member
INNER JOIN groups AS other ON other.key = tied.key AND other.member = tied.other;

-- Nobody is named: taken for whom the key names, if all its names are one.
CREATE OR REPLACE TEMP TABLE nameless AS
SELECT groups.key, groups.rule, groups.rep, groups.size, coalesce(crowds.names, 0) AS others
FROM groups
LEFT JOIN crowds ON crowds.key = groups.key
WHERE groups.kind = 0;

CREATE OR REPLACE TEMP TABLE meant AS
SELECT key, rule, rep, min(other_rep) AS other_rep, arg_min(member, other_rep) AS member
FROM (
    SELECT nameless.key, nameless.rule, nameless.rep, groups.rep AS other_rep, groups.member
    FROM nameless
    INNER JOIN groups ON groups.key = nameless.key AND groups.kind > 0
    LEFT JOIN alike
        ON alike.key = groups.key AND alike.member = groups.member AND alike.names < 9
    GROUP BY nameless.key, nameless.rule, nameless.rep, nameless.others, groups.rep, groups.member
    HAVING count(alike.other) = nameless.others - 1
) AS sole
GROUP BY key, rule, rep;

INSERT INTO found
SELECT
    key,
    rule,
    6 AS names,
    least(rep, other_rep) AS low,
    greatest(rep, other_rep) AS high,
    CASE WHEN rep < other_rep THEN 0 ELSE member END AS low_member,
    CASE WHEN rep < other_rep THEN member ELSE 0 END AS high_member
FROM meant
UNION ALL
SELECT members.key, members.rule, 6, nameless.rep, members.number, 0, 0
FROM nameless
INNER JOIN members ON members.key = nameless.key AND members.member = 0
WHERE nameless.size > 1
    AND members.number > nameless.rep
    AND (nameless.others = 0 OR nameless.key IN (SELECT key FROM meant));
