-- Every different way in which a phone was written, once per region it is read in.
-- is_second: it was written beside another. text: the first number in it; number: its digits, with
-- a plus where one was written, null where only the library can read it; second: what else it holds.
CREATE OR REPLACE TEMP VIEW phone_values AS
WITH sent AS (
    SELECT staged.phone_raw, staged.phone_2_raw, places.phone_region
    FROM :staged AS staged
    JOIN lead_places AS places
        ON places.country_raw IS NOT DISTINCT FROM staged.country_raw
        AND places.region_raw IS NOT DISTINCT FROM staged.region_raw
        AND places.phone_country_code IS NOT DISTINCT FROM staged.phone_country_code
        AND places.default_country IS NOT DISTINCT FROM staged.default_country
), written AS (
    SELECT DISTINCT phone_raw AS raw, phone_region AS region, false AS is_second
    FROM sent
    WHERE phone_raw IS NOT NULL
    UNION ALL
    SELECT DISTINCT phone_2_raw AS raw, phone_region AS region, true AS is_second
    FROM sent
    WHERE phone_2_raw IS NOT NULL
), tidied AS (
    SELECT raw, region, is_second, phone_text(raw) AS whole
    FROM written
), numbered AS (
    SELECT raw, region, is_second, whole, phone_number(whole) AS number
    FROM tidied
), parted AS (
    SELECT
        raw,
        region,
        is_second,
        whole,
        number,
        CASE WHEN number IS NULL THEN phone_part(whole, 1) ELSE '' END AS first_part,
        CASE WHEN number IS NULL THEN phone_part(whole, 2) ELSE '' END AS second_part
    FROM numbered
)
SELECT
    raw,
    region,
    is_second,
    CASE WHEN first_part = '' THEN whole ELSE first_part END AS text,
    CASE WHEN first_part = '' THEN number ELSE phone_number(first_part) END AS number,
    CASE
        WHEN second_part <> '' AND regexp_matches(second_part, '(?:[^0-9]*[0-9]){7}')
            THEN second_part
    END AS second
FROM parted;
