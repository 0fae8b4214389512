-- Of `members` those whose member is equal: `groups`. rep is the lead that speaks for its group.
CREATE OR REPLACE TEMP TABLE groups AS
SELECT key, rule, member, min(kind) AS kind, min(number) AS rep, count(*) AS size
FROM members
GROUP BY key, rule, member;

-- Phones and e-mails with more than one group, by the number of their names.
CREATE OR REPLACE TEMP TABLE crowds AS
SELECT key, count(*) FILTER (WHERE kind > 0) AS names
FROM groups
WHERE rule IN (1, 2)
GROUP BY key
HAVING count(*) > 1;
