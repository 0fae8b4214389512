-- The leads to look at, as the rules see them (`read_leads`) and as they saw them (`known_leads`).
-- Step by step, since a macro writes its argument out at every place.
CREATE OR REPLACE TEMP TABLE read_leads AS
WITH written AS (
    SELECT
        lead_id,
        version_number,
        first_seen_at,
        created_at,
        CASE WHEN full_name IS NOT NULL THEN plain_name(full_name) ELSE '' END AS name,
        title_region(phone, country, source) AS region,
        phone,
        phone_2,
        email_key(email) AS mailbox,
        plain_place(address_line1) AS address,
        plain_place(company) AS company,
        plain_place(postal_code) AS postal_code,
        plain_place(city) AS city
    FROM identity_leads
    WHERE {is_read}
), untitled AS (
    SELECT * REPLACE (without_titles(name, region) AS name) FROM written
), bare AS (
    SELECT * REPLACE (without_letters(name) AS name) FROM untitled
), named AS (
    SELECT * REPLACE (unless_nobody(name) AS name) FROM bare
), sorted AS (
    SELECT * REPLACE (sorted_name(name) AS name) FROM named
)
SELECT
    lead_id,
    version_number,
    first_seen_at,
    created_at,
    name,
    phone,
    phone_2,
    mailbox,
    address,
    company,
    postal_code,
    city,
    hash(name, phone, phone_2, mailbox, address, company, postal_code, city) AS fingerprint
FROM sorted;

CREATE OR REPLACE TEMP TABLE known_leads AS
SELECT lead_id, number, fingerprint FROM core.identity_leads WHERE {is_read};
