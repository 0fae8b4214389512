-- The leads to look at, as the rules see them (`read_leads`) and as they saw them (`known_leads`).
-- Step by step, since a macro writes its argument out at every place; and each name once.
CREATE OR REPLACE TEMP TABLE read_names AS
WITH written AS (
    SELECT DISTINCT full_name, title_region(phone, country, source) AS region
    FROM identity_leads
    WHERE full_name IS NOT NULL AND {is_read}
), plain AS (
    SELECT full_name, region, plain_name(full_name) AS name FROM written
), untitled AS (
    SELECT full_name, region, without_titles(name, region) AS name FROM plain
), bare AS (
    SELECT full_name, region, without_letters(name) AS name FROM untitled
), named AS (
    SELECT full_name, region, unless_nobody(name) AS name FROM bare
)
SELECT full_name, region, sorted_name(name) AS name FROM named;

CREATE OR REPLACE TEMP TABLE read_leads AS
SELECT
    *,
    hash(name, phone, phone_2, mailbox, address, company, postal_code, city) AS fingerprint
FROM (
    SELECT
        leads.lead_id,
        leads.first_seen_at,
        leads.created_at,
        coalesce(read_names.name, '') AS name,
        leads.phone,
        leads.phone_2,
        email_key(leads.email) AS mailbox,
        plain_place(leads.address_line1) AS address,
        plain_place(leads.company) AS company,
        plain_place(leads.postal_code) AS postal_code,
        plain_place(leads.city) AS city
    FROM identity_leads AS leads
    LEFT JOIN read_names
        ON read_names.full_name = leads.full_name
        AND read_names.region = title_region(leads.phone, leads.country, leads.source)
    WHERE {is_read}
) AS leads;
DROP TABLE read_names;

CREATE OR REPLACE TEMP TABLE known_leads AS
SELECT lead_id, number, fingerprint FROM core.identity_leads WHERE {is_read};
