-- What people are found by: words in order, so that those with one beginning lie side by side. `@`
-- begins an e-mail, `+` a phone, as it is dialled from abroad and at home. `place` is that of a word
-- in its name.
WITH said AS (
    SELECT found.person, leads.full_name, leads.email, leads.phone, leads.phone_2
    FROM leads
    INNER JOIN search_people AS found ON found.person_id = leads.person_id
), names AS (
    SELECT person, {folded_name} AS name
    FROM (SELECT DISTINCT person, full_name FROM said WHERE full_name IS NOT NULL) AS written
), parted AS (
    SELECT person, string_split(trim(regexp_replace(name, '{no_letters}', ' ', 'g')), ' ') AS words
    FROM names
    UNION ALL
    -- O'Neil is found as neil and as oneil.
    SELECT person, string_split(trim(regexp_replace(name, '{inside_words}', '', 'g')), ' ') AS words
    FROM names
    WHERE regexp_matches(name, '{inside_words}')
), dialled AS (
    SELECT person, substr(phone, 2) AS digits FROM said WHERE phone IS NOT NULL
    UNION
    SELECT person, substr(phone_2, 2) AS digits FROM said WHERE phone_2 IS NOT NULL
)
SELECT word, person, CAST(least(place, 9) AS TINYINT) AS place
FROM (SELECT person, unnest(words) AS word, generate_subscripts(words, 1) - 1 AS place FROM parted) AS named
WHERE word <> ''
UNION ALL
SELECT DISTINCT '@' || lower(email) AS word, person, 10::TINYINT AS place FROM said WHERE email IS NOT NULL
UNION ALL
SELECT '+' || digits AS word, person, 10::TINYINT AS place FROM dialled
UNION ALL
SELECT '+' || regexp_replace(digits, '{calling_code}', '') AS word, person, 10::TINYINT AS place FROM dialled
ORDER BY word, person
