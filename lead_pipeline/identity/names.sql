-- Names as they are compared. {titles}, {titles_of_india} and the like are alternatives out of
-- rules/honorifics.csv, {no_names} out of rules/no_names.csv.

CREATE OR REPLACE TEMP MACRO turned_name(text) AS
    regexp_replace(text, '^([^,]+), *([^,]+)$', '\2 \1');

-- Lower case, without accents where they are Latin, without honorifics, `Rao, Asha` turned round;
-- words of letters with one space between; '' where nobody is named.
CREATE OR REPLACE TEMP MACRO plain_name(text) AS
    CASE
        WHEN regexp_full_match(text, '[A-Za-z]{2,} [A-Za-z]{2,}')
            THEN lower(text)
        WHEN strlen(text) = length(text)
            THEN trim(regexp_replace(turned_name(replace(lower(text), '''', '')), '[^a-z]+', ' ', 'g'))
        WHEN regexp_matches(text, '[^\x{0}-\x{24F}\x{300}-\x{36F}\x{1E00}-\x{206F}\p{S}\p{P}\p{M}\x{1F000}-\x{1FAFF}]')
            THEN trim(regexp_replace(turned_name(lower(nfc_normalize(text))), '[^\p{L}\p{M}]+', ' ', 'g'))
        ELSE trim(
            regexp_replace(
                turned_name(regexp_replace(lower(fold_accents(text)), '[''\x{2019}]', '', 'g')),
                '[^\p{L}]+', ' ', 'g'
            )
        )
    END;

-- In a name of two words or more, letters that stand alone say nothing.
CREATE OR REPLACE TEMP MACRO without_letters(name) AS
    CASE
        WHEN regexp_matches(name, '[^ ]{2,} (?:.* )?[^ ]{2,}') AND regexp_matches(name, '(?:^| ).(?: |$)')
            THEN trim(regexp_replace(regexp_replace(' ' || replace(name, ' ', '  ') || ' ', ' [^ ] ', '', 'g'), ' +', ' ', 'g'))
        ELSE name
    END;

-- Takes a plain_name; `region` is where it is a title (ISO alpha-2), or ''.
CREATE OR REPLACE TEMP MACRO without_titles(name, region) AS
    CASE
        WHEN NOT regexp_matches(name, '(?:^| )(?:{titles_anywhere})(?: |$)') THEN name
        ELSE trim(
            regexp_replace(
                CASE region
                    {titles_by_region}
                    ELSE regexp_replace(' ' || replace(name, ' ', '  ') || ' ', ' (?:{titles}) ', ' ', 'g')
                END,
                ' +', ' ', 'g'
            )
        )
    END;

CREATE OR REPLACE TEMP MACRO unless_nobody(name) AS
    CASE WHEN regexp_full_match(name, '{no_names}') THEN '' ELSE name END;

-- 0: nobody is named, or by initials alone; 1: a part of a name; 2: a name in full, two words or
-- two signs of a script that writes words in one sign.
CREATE OR REPLACE TEMP MACRO name_kind(name) AS
    CASE
        WHEN regexp_full_match(name, '(?:[^ ](?: |$))*') AND NOT regexp_matches(name, '[\x{3040}-\x{9FFF}\x{AC00}-\x{D7AF}]{2}')
            THEN 0
        WHEN regexp_matches(name, '[^ ]{2,} (?:.* )?[^ ]{2,}') THEN 2
        WHEN regexp_matches(name, '[\x{3040}-\x{9FFF}\x{AC00}-\x{D7AF}]{2}') THEN 2
        ELSE 1
    END;

-- The form in which equal names are equal: two words in either order.
CREATE OR REPLACE TEMP MACRO sorted_name(name) AS
    CASE
        WHEN regexp_full_match(name, '[^ ]* [^ ]*')
            THEN least(split_part(name, ' ', 1), split_part(name, ' ', 2)) || ' '
                || greatest(split_part(name, ' ', 1), split_part(name, ' ', 2))
        ELSE name
    END;

-- Two words that may be one name: equal, an initial, a beginning, one slip of the finger, or alike.
CREATE OR REPLACE TEMP MACRO words_alike(one, other) AS
    one = other
    OR (
        left(one, 1) = left(other, 1)
        AND (
            length(one) = 1
            OR length(other) = 1
            OR (least(length(one), length(other)) >= 3 AND (starts_with(one, other) OR starts_with(other, one)))
            OR jaro_winkler_similarity(one, other) >= 0.88
        )
    )
    OR (
        -- One slip leaves the first letter or the last.
        (left(one, 1) = left(other, 1) OR right(one, 1) = right(other, 1))
        AND abs(length(one) - length(other)) <= 1
        AND least(length(one), length(other)) >= 2
        AND greatest(length(one), length(other)) >= 4
        AND damerau_levenshtein(one, other) <= 1
    );

CREATE OR REPLACE TEMP MACRO formals_shared(one, other) AS coalesce(list_has_any(one, other), false);

-- How two different names relate: 0 not at all, 3 two spellings, 4 by a nickname, 5 the one is a
-- part of the other or has initials, 9 similar but not alike. The codes of rules/evidence.csv.
CREATE OR REPLACE TEMP MACRO names_related(
    one, one_kind, one_first, one_last, one_first_formals, one_last_formals,
    other, other_kind, other_first, other_last, other_first_formals, other_last_formals
) AS
    CASE
        WHEN one_kind = 1 AND NOT contains(one, ' ') OR other_kind = 1 AND NOT contains(other, ' ')
            THEN CASE
                WHEN least(length(one), length(other)) < 2 THEN 0
                WHEN words_alike(one_first, other_first) OR words_alike(one_last, other_last)
                    OR words_alike(one_first, other_last) OR words_alike(one_last, other_first)
                    THEN 5
                WHEN formals_shared(one_first_formals, other_first_formals)
                    OR formals_shared(one_last_formals, other_first_formals)
                    OR formals_shared(one_first_formals, other_last_formals)
                    THEN 4
                ELSE 0
            END
        WHEN words_alike(one_first, other_first) AND words_alike(one_last, other_last)
            OR words_alike(one_first, other_last) AND words_alike(one_last, other_first)
            THEN CASE WHEN one_kind = 1 OR other_kind = 1 THEN 5 ELSE 3 END
        WHEN formals_shared(one_first_formals, other_first_formals) AND words_alike(one_last, other_last)
            OR formals_shared(one_first_formals, other_last_formals) AND words_alike(one_last, other_first)
            OR formals_shared(one_last_formals, other_first_formals) AND words_alike(one_first, other_last)
            THEN 4
        WHEN one_kind = 2 AND other_kind = 2
            AND damerau_levenshtein(replace(one, ' ', ''), replace(other, ' ', '')) <= 1
            THEN 3
        WHEN one_kind = 2 AND other_kind = 2 AND (one LIKE '% % %' OR other LIKE '% % %')
            AND (
                list_has_all(string_split(one, ' '), string_split(other, ' '))
                OR list_has_all(string_split(other, ' '), string_split(one, ' '))
            )
            THEN 3
        WHEN one_kind = 2 AND other_kind = 2
            AND (one_last = other_last OR one_first = other_first)
            AND least(
                jaro_winkler_similarity(one_first, other_first),
                jaro_winkler_similarity(one_last, other_last)
            ) >= 0.7
            THEN 9
        ELSE 0
    END;

-- Whether it is worth comparing two names at all: a word of one begins as a word of the other, or
-- both may be nicknames.
CREATE OR REPLACE TEMP MACRO names_comparable(
    one_first, one_last, one_formals, other_first, other_last, other_formals
) AS
    left(one_first, 1) IN (left(other_first, 1), left(other_last, 1))
    OR left(one_last, 1) IN (left(other_first, 1), left(other_last, 1))
    OR (one_formals IS NOT NULL AND other_formals IS NOT NULL);

-- Whether two names in full that are not alike are surely two people's.
CREATE OR REPLACE TEMP MACRO names_conflict(one_first, one_last, other_first, other_last) AS
    least(jaro_winkler_similarity(one_first, other_first), jaro_winkler_similarity(one_last, other_last)) < 0.5
    AND least(jaro_winkler_similarity(one_first, other_last), jaro_winkler_similarity(one_last, other_first)) < 0.5;

-- Where a title is one: where the phone is at home, else the lead, else its source's leads.
CREATE OR REPLACE TEMP MACRO title_region(phone, country, source) AS
    CASE
        WHEN phone LIKE '+91%' THEN 'IN'
        WHEN phone LIKE '+62%' THEN 'ID'
        WHEN phone LIKE '+971%' THEN 'AE'
        ELSE coalesce(country, CASE source WHEN 'housing' THEN 'IN' WHEN 'qontak' THEN 'ID' ELSE '' END)
    END;

-- Addresses, companies and cities as they are compared.
CREATE OR REPLACE TEMP MACRO plain_place(text) AS
    CASE
        WHEN text IS NULL THEN NULL
        WHEN regexp_full_match(text, '[A-Za-z0-9]+(?: [A-Za-z0-9]+)*') THEN lower(text)
        ELSE nullif(
            trim(regexp_replace(lower(fold_accents(text)), '[^\p{L}\p{M}\p{N}]+', ' ', 'g')), ''
        )
    END;

CREATE OR REPLACE TEMP MACRO is_role_mailbox(mailbox) AS
    regexp_matches(mailbox, '^(?:{role_mailboxes})[0-9]*@');

CREATE OR REPLACE TEMP MACRO person_number(person_id) AS substr(person_id, 2)::BIGINT;

CREATE OR REPLACE TEMP MACRO person_id(person) AS 'P' || lpad(person::VARCHAR, 9, '0');

-- Of the names in full among `keys`, with the whole phone as member: a slip in one half of a phone
-- of ten digits or more leaves the other half as it is.
CREATE OR REPLACE TEMP MACRO phone_halves(keys) AS TABLE
SELECT hash(7, key, phone // 1000000) AS key, 7::UTINYINT AS rule, phone AS member, kind, number
FROM query_table(keys)
WHERE rule = 9 AND phone >= 1000000000
UNION ALL
SELECT hash(8, key, phone % 1000000), 8::UTINYINT, phone, kind, number
FROM query_table(keys)
WHERE rule = 9 AND phone >= 1000000000;
