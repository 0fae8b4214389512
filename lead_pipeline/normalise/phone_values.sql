-- Every different way in which a phone was written, once per region it is read in.
-- text: the first number in it; second: another one in the same field; number: its digits, with a
-- plus where one was written, null where only the library can read it.
CREATE OR REPLACE TEMP TABLE phone_values AS
WITH sent AS (
    SELECT DISTINCT staged.phone_raw, staged.phone_2_raw, places.phone_region
    FROM :staged AS staged
    JOIN lead_places AS places
        ON places.country_raw IS NOT DISTINCT FROM staged.country_raw
        AND places.region_raw IS NOT DISTINCT FROM staged.region_raw
        AND places.phone_country_code IS NOT DISTINCT FROM staged.phone_country_code
        AND places.default_country IS NOT DISTINCT FROM staged.default_country
), written AS (
    SELECT phone_raw AS raw, phone_region AS region
    FROM sent
    WHERE phone_raw IS NOT NULL
    UNION
    SELECT phone_2_raw AS raw, phone_region AS region
    FROM sent
    WHERE phone_2_raw IS NOT NULL
), tidied AS (
    SELECT raw, region, phone_text(raw) AS whole
    FROM written
), parted AS (
    SELECT
        raw,
        region,
        CASE WHEN is_several_phones(whole) THEN phone_part(whole, 1) ELSE whole END AS text,
        CASE WHEN is_several_phones(whole) THEN phone_part(whole, 2) END AS rest
    FROM tidied
)
SELECT
    raw,
    region,
    text,
    phone_number(text) AS number,
    CASE WHEN regexp_matches(rest, '(?:[^0-9]*[0-9]){7}') THEN rest END AS second
FROM parted;
