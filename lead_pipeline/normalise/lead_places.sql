-- What a lead's own words about its place mean, once per different wording: a table with few rows.
--
-- country: what the lead says. Where it says nothing, the account's default country, if the lead
-- states that country's calling code: the account's guess alone does not tell, two that agree do.
-- A spelling nobody knows tells nothing.
-- phone_region: where a phone without an international prefix is at home: the calling code sent,
-- else the country sent, else the account's default.
CREATE OR REPLACE TEMP TABLE lead_places AS
WITH sent AS (
    SELECT DISTINCT country_raw, region_raw, phone_country_code, default_country
    FROM :staged
), read AS (
    SELECT
        country_raw,
        region_raw,
        phone_country_code,
        default_country,
        clean_text(country_raw) AS country_text,
        ltrim(regexp_replace(phone_country_code, '[^0-9]', '', 'g'), '0') AS calling_code,
        upper(trim(default_country)) AS default_region,
        clean_text(region_raw) AS region_text
    FROM sent
), located AS (
    SELECT
        read.country_raw,
        read.region_raw,
        read.phone_country_code,
        read.default_country,
        read.region_text,
        read.default_region,
        read.country_text,
        CASE
            WHEN read.country_text IS NULL AND default_phone.calling_code = read.calling_code
                THEN read.default_region
            ELSE spelt.country
        END AS country,
        coalesce(coded.region, own_phone.region, default_phone.region, '') AS phone_region
    FROM read
    LEFT JOIN country_spellings AS spelt ON spelt.spelling = fold_spelling(read.country_text)
    LEFT JOIN phone_regions AS coded
        ON coded.calling_code = read.calling_code AND coded.is_main
    LEFT JOIN phone_regions AS own_phone ON own_phone.region = spelt.country
    LEFT JOIN phone_regions AS default_phone ON default_phone.region = read.default_region
)
SELECT
    located.country_raw,
    located.region_raw,
    located.phone_country_code,
    located.default_country,
    located.country,
    located.phone_region,
    coalesce(region_spellings.region, located.region_text) AS region
FROM located
LEFT JOIN region_spellings
    ON region_spellings.spelling = fold_spelling(located.region_text)
    AND region_spellings.country = coalesce(
        located.country, CASE WHEN located.country_text IS NULL THEN located.default_region END
    );
