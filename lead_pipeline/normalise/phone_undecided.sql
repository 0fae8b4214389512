-- Few numbers: all of them are for the library to decide.
CREATE OR REPLACE TEMP TABLE phone_decisions AS
SELECT
    raw,
    region,
    is_second,
    text,
    number,
    second,
    NULL::VARCHAR AS status,
    NULL::VARCHAR AS phone
FROM phone_values;
