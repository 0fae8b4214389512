-- What the library decided takes the place of what was left open.
DELETE FROM phone_decisions WHERE status IS NULL;

INSERT INTO phone_decisions (raw, region, text, number, second, national, status, phone)
SELECT raw, region, text, number::VARCHAR, second::VARCHAR, national, status, phone::VARCHAR
FROM phone_residue;
