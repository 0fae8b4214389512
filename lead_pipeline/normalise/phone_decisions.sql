-- What the numbering plans say of each number, as the library would; a null status means that it
-- is for the library to decide.
CREATE OR REPLACE TEMP TABLE phone_decisions AS
WITH split AS (
    SELECT
        raw,
        region,
        is_second,
        text,
        number,
        second,
        CASE
            WHEN starts_with(number, '+') THEN substr(number, 2)
            WHEN regexp_matches(number, '^00[1-9]') THEN substr(number, 3)
        END AS international
    FROM phone_values
), coded AS (
    SELECT
        raw,
        region,
        is_second,
        text,
        number,
        second,
        international,
        CASE
            WHEN international IS NULL THEN plan_of_region(region)
            ELSE plan_of_international(international)
        END AS plan
    FROM split
), prefixed AS (
    SELECT
        raw,
        region,
        is_second,
        text,
        number,
        second,
        international,
        plan,
        international IS NULL AND plan_prefixes(plan, number) AS has_prefix
    FROM coded
), national AS (
    SELECT
        raw,
        region,
        is_second,
        text,
        number,
        second,
        plan,
        NOT has_prefix AND NOT starts_with(number, '00') AS is_certain,
        CASE
            WHEN international IS NOT NULL THEN substr(international, length(plan) + 1)
            WHEN NOT has_prefix OR plan_fits(plan, number) THEN number
            WHEN starts_with(number, plan) THEN substr(number, length(plan) + 1)
            WHEN starts_with(number, plan_trunk(plan))
                THEN substr(number, length(plan_trunk(plan)) + 1)
        END AS national
    FROM prefixed
), judged AS (
    SELECT
        raw,
        region,
        is_second,
        text,
        number,
        second,
        plan,
        national,
        CASE
            WHEN national IS NULL OR plan IS NULL OR plan_trunked(plan, national) THEN NULL
            WHEN length(national) < 3 THEN NULL
            WHEN plan_assigns(plan, national) THEN 'valid'
            WHEN NOT is_certain THEN NULL
            WHEN plan_allows_length(plan, length(national)) THEN 'possible'
            ELSE 'impossible'
        END AS judgement
    FROM national
)
SELECT
    raw,
    region,
    is_second,
    CASE WHEN judgement IS NULL THEN text END AS text,
    CASE WHEN judgement IS NULL THEN number END AS number,
    second,
    phone_status(raw, text, number, national, judgement) AS status,
    CASE WHEN judgement <> 'impossible' THEN '+' || plan || national END AS phone
FROM judged;
