-- Names that share a key, compared: `alike`, both ways round.
CREATE OR REPLACE TEMP TABLE crowd_names AS
SELECT groups.key, groups.member, groups.kind, groups.rep, crowds.names
FROM groups
INNER JOIN crowds ON crowds.key = groups.key
WHERE groups.kind > 0 AND crowds.names > 1;

CREATE OR REPLACE TEMP TABLE compared_names AS
SELECT
    words.member,
    words.name,
    words.kind,
    words.first,
    words.last,
    first_names.formals AS first_formals,
    last_names.formals AS last_formals
FROM (
    SELECT
        spoken.member,
        leads.name,
        leads.kind,
        split_part(leads.name, ' ', 1) AS first,
        split_part(leads.name, ' ', -1) AS last
    FROM (SELECT member, min(rep) AS rep FROM crowd_names GROUP BY member) AS spoken
    INNER JOIN core.identity_leads AS leads ON leads.number = spoken.rep
) AS words
LEFT JOIN nicknames AS first_names ON first_names.word = words.first
LEFT JOIN nicknames AS last_names ON last_names.word = words.last;

CREATE OR REPLACE TEMP TABLE crowd_words AS
SELECT DISTINCT crowd_names.key, crowd_names.member, crowd_names.kind, words.word
FROM crowd_names
INNER JOIN (
    SELECT member, unnest(string_split(name, ' ')) AS word FROM compared_names
) AS words ON words.member = crowd_names.member
WHERE crowd_names.names > {compared_names} AND length(words.word) > 2;

-- In a crowd only names that have a word in common are compared.
CREATE OR REPLACE TEMP TABLE candidates AS
SELECT one.key, one.member, one.kind, other.member AS other, other.kind AS other_kind
FROM crowd_names AS one
INNER JOIN crowd_names AS other ON other.key = one.key AND other.member > one.member
WHERE one.names <= {compared_names}
UNION ALL
SELECT DISTINCT one.key, one.member, one.kind, other.member AS other, other.kind AS other_kind
FROM crowd_words AS one
INNER JOIN crowd_words AS other
    ON other.key = one.key AND other.word = one.word AND other.member > one.member;

CREATE OR REPLACE TEMP TABLE verdicts AS
SELECT
    pairs.member,
    pairs.other,
    CASE
        WHEN NOT names_comparable(
            one.first, one.last, coalesce(one.first_formals, one.last_formals),
            other.first, other.last, coalesce(other.first_formals, other.last_formals)
        ) THEN 0
        ELSE names_related(
            one.name, one.kind, one.first, one.last, one.first_formals, one.last_formals,
            other.name, other.kind, other.first, other.last, other.first_formals, other.last_formals
        )
    END AS names
FROM (SELECT DISTINCT member, other FROM candidates) AS pairs
INNER JOIN compared_names AS one ON one.member = pairs.member
INNER JOIN compared_names AS other ON other.member = pairs.other;

CREATE OR REPLACE TEMP TABLE alike AS
SELECT candidates.key, candidates.member, candidates.kind, candidates.other, candidates.other_kind, verdicts.names
FROM candidates
INNER JOIN verdicts ON verdicts.member = candidates.member AND verdicts.other = candidates.other
WHERE verdicts.names > 0;
INSERT INTO alike
SELECT key, other, other_kind, member, kind, names FROM alike;
