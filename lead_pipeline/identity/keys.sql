-- One row per lead and key. Leads are numbered in the order in which they came, so that the
-- smallest number of a component is its founder, and in the order in which people enquired.
CREATE OR REPLACE TEMP TABLE numbered AS
SELECT
    lead_id,
    row_number() OVER (ORDER BY first_seen_at, created_at, lead_id) AS lead_number,
    row_number() OVER (ORDER BY created_at, lead_id) AS enquiry_number,
    phone,
    phone_2,
    email_key(email) AS email
FROM core.enquiries;

CREATE OR REPLACE TEMP TABLE lead_keys AS
SELECT lead_number, 'same phone' AS rule, phone AS key FROM numbered WHERE phone IS NOT NULL
UNION
SELECT lead_number, 'same phone' AS rule, phone_2 AS key FROM numbered WHERE phone_2 IS NOT NULL
UNION
SELECT lead_number, 'same e-mail' AS rule, email AS key FROM numbered WHERE email IS NOT NULL;

-- A star per key: every lead beside the earliest that has it; once, if they share two phones.
CREATE OR REPLACE TEMP TABLE evidence AS
SELECT DISTINCT lead_number, rule, first_number
FROM (
    SELECT
        lead_number,
        rule,
        min(lead_number) OVER (PARTITION BY rule, key) AS first_number,
        count(*) OVER (PARTITION BY rule, key) AS holders
    FROM lead_keys
) AS shared
WHERE holders > 1;
