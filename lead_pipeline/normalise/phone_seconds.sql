-- The second numbers of fields that hold several, as values of their own, for the library.
INSERT INTO phone_decisions (raw, region, is_second, text, number, second, status, phone)
WITH seconds AS (
    SELECT DISTINCT second AS raw, region
    FROM phone_decisions
    WHERE second IS NOT NULL
), tidied AS (
    SELECT raw, region, phone_text(raw) AS whole
    FROM seconds
), parted AS (
    SELECT raw, region, coalesce(nullif(phone_part(whole, 1), ''), whole) AS text
    FROM tidied
)
SELECT
    raw,
    region,
    true AS is_second,
    text,
    phone_number(text) AS number,
    NULL AS second,
    NULL AS status,
    NULL AS phone
FROM parted
WHERE NOT EXISTS (
    SELECT 1
    FROM phone_decisions AS known
    WHERE known.raw = parted.raw AND known.region = parted.region AND known.is_second
);
