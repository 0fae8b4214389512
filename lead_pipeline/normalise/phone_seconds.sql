-- The second numbers of fields that hold several, as values of their own.
INSERT INTO phone_values (raw, region, is_second, text, number, second)
WITH seconds AS (
    SELECT DISTINCT known.second AS raw, known.region
    FROM phone_values AS known
    WHERE known.second IS NOT NULL
), tidied AS (
    SELECT raw, region, phone_text(raw) AS whole, phone_part(phone_text(raw), 1) AS first_part
    FROM seconds
), parted AS (
    SELECT raw, region, CASE WHEN first_part = '' THEN whole ELSE first_part END AS text
    FROM tidied
)
SELECT raw, region, true AS is_second, text, phone_number(text) AS number, NULL AS second
FROM parted
WHERE NOT EXISTS (
    SELECT 1
    FROM phone_values AS known
    WHERE known.raw = parted.raw AND known.region = parted.region AND known.is_second
);
