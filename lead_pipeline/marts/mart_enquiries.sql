-- What the marts read of `leads`, once: no personal data, and the calendar of the business.
-- A project is what the enquiry is about: by the vendor's id of it or, where it sends none, by its
-- name. Its name is the one that the newest enquiry gave. The first enquiry of a person is the
-- oldest, of several at one moment the one with the least lead_id.
CREATE OR REPLACE TEMP TABLE mart_read AS
SELECT
    lead_id,
    person_id,
    source,
    account,
    created_at,
    first_seen_at,
    interest_kind,
    interest_id AS project_id,
    interest_name,
    interest_locality AS locality,
    coalesce(phone_status, 'missing') AS phone_status,
    phone IS NOT NULL AS has_phone,
    email IS NOT NULL AS has_email,
    email_raw IS NOT NULL AS was_email_sent,
    coalesce(full_name, given_name, family_name) IS NOT NULL AS has_name,
    country IS NOT NULL AS has_country
FROM leads;

CREATE OR REPLACE TEMP TABLE mart_enquiries AS
WITH named AS (
    SELECT source, account, project_id, arg_max(interest_name, created_at) AS project
    FROM mart_read
    WHERE project_id IS NOT NULL AND interest_name IS NOT NULL
    GROUP BY source, account, project_id
),
began AS (
    SELECT person_id, min(created_at) AS created_at
    FROM mart_read
    WHERE person_id IS NOT NULL
    GROUP BY person_id
),
firsts AS (
    SELECT min(enquiries.lead_id) AS lead_id
    FROM mart_read AS enquiries
    INNER JOIN began ON began.person_id = enquiries.person_id AND began.created_at = enquiries.created_at
    GROUP BY enquiries.person_id
)
SELECT
    enquiries.* EXCLUDE (interest_name),
    business_day(enquiries.created_at) AS day,
    business_week(enquiries.created_at) AS week,
    business_hour(enquiries.created_at) AS hour,
    coalesce(named.project, enquiries.interest_name) AS project,
    firsts.lead_id IS NOT NULL AS is_first_enquiry
FROM mart_read AS enquiries
LEFT JOIN named
    ON named.source = enquiries.source
    AND named.account = enquiries.account
    AND named.project_id = enquiries.project_id
LEFT JOIN firsts ON firsts.lead_id = enquiries.lead_id;

DROP TABLE mart_read;
