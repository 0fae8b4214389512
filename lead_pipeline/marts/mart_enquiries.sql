-- What the marts read of `leads`, once: no personal data, and the calendar of the business.
-- A project is what the enquiry is about: by the vendor's id of it or, where it sends none, by its
-- name. Its name is the one that the newest enquiry gave. The first enquiry of a person is the
-- oldest, of several at one moment the one with the least lead_id.
CREATE OR REPLACE TEMP TABLE mart_named AS
SELECT source, account, interest_id AS project_id, arg_max(interest_name, created_at) AS project
FROM leads
WHERE interest_id IS NOT NULL AND interest_name IS NOT NULL
GROUP BY source, account, interest_id;

CREATE OR REPLACE TEMP TABLE mart_first AS
SELECT leads.person_id, min(leads.lead_id) AS lead_id
FROM leads
INNER JOIN (
    SELECT person_id, min(created_at) AS created_at FROM leads GROUP BY person_id
) AS firsts
    ON firsts.person_id = leads.person_id AND firsts.created_at = leads.created_at
GROUP BY leads.person_id;

CREATE OR REPLACE TEMP TABLE mart_enquiries AS
SELECT
    leads.lead_id,
    leads.person_id,
    leads.source,
    leads.account,
    leads.created_at,
    leads.first_seen_at,
    business_day(leads.created_at) AS day,
    business_week(leads.created_at) AS week,
    business_hour(leads.created_at) AS hour,
    leads.interest_kind,
    leads.interest_id AS project_id,
    coalesce(named.project, leads.interest_name) AS project,
    leads.interest_locality AS locality,
    coalesce(leads.phone_status, 'missing') AS phone_status,
    leads.phone IS NOT NULL AS has_phone,
    leads.email IS NOT NULL AS has_email,
    leads.email_raw IS NOT NULL AS was_email_sent,
    coalesce(leads.full_name, leads.given_name, leads.family_name) IS NOT NULL AS has_name,
    leads.country IS NOT NULL AS has_country,
    mart_first.lead_id IS NOT NULL AS is_first_enquiry
FROM leads
LEFT JOIN mart_named AS named
    ON named.source = leads.source AND named.account = leads.account AND named.project_id = leads.interest_id
LEFT JOIN mart_first ON mart_first.lead_id = leads.lead_id;

DROP TABLE mart_named;
DROP TABLE mart_first;
