-- What the library decided takes the place of what was left open.
DELETE FROM phone_decisions WHERE status IS NULL;

INSERT INTO phone_decisions (raw, region, is_second, text, number, second, status, phone)
SELECT
    raw,
    region,
    is_second,
    text,
    number::VARCHAR,
    second::VARCHAR,
    phone_status(raw, text, number::VARCHAR, national, judgement) AS status,
    phone::VARCHAR AS phone
FROM phone_residue;
