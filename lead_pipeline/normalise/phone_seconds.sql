-- The second numbers of fields that hold several, as values of their own.
INSERT INTO phone_values
SELECT raw, region, text, phone_number(text) AS number, NULL AS second
FROM (
    SELECT
        raw,
        region,
        CASE
            WHEN is_several_phones(phone_text(raw)) THEN phone_part(phone_text(raw), 1)
            ELSE phone_text(raw)
        END AS text
    FROM (
        SELECT DISTINCT second AS raw, region
        FROM phone_values
        WHERE second IS NOT NULL
    ) AS seconds
    WHERE NOT EXISTS (
        SELECT 1
        FROM phone_values AS known
        WHERE known.raw = seconds.raw AND known.region = seconds.region
    )
);
