-- How many people each account brought, how many it brought first, and how many it shares with
-- another source. People are counted once per row, so that rows cannot be added up; `new_people`
-- can, and are all people together.
CREATE OR REPLACE TABLE marts.people_by_source AS
WITH sources AS (
    SELECT person_id, count(DISTINCT source) AS sources
    FROM mart_enquiries
    GROUP BY person_id
),
people AS (
    SELECT
        enquiries.source,
        enquiries.account,
        enquiries.person_id,
        count(*) AS enquiries,
        count(*) FILTER (WHERE enquiries.is_first_enquiry) AS first_enquiries,
        bool_or(enquiries.has_phone) AS has_phone,
        bool_or(enquiries.has_email) AS has_email
    FROM mart_enquiries AS enquiries
    GROUP BY enquiries.source, enquiries.account, enquiries.person_id
)
SELECT
    people.source,
    people.account,
    sum(people.enquiries)::BIGINT AS enquiries,
    count(people.person_id) AS people,
    sum(people.first_enquiries)::BIGINT AS new_people,
    count(people.person_id) FILTER (WHERE people.enquiries > 1) AS returning_people,
    count(people.person_id) FILTER (WHERE sources.sources > 1) AS shared_people,
    count(people.person_id) FILTER (WHERE people.has_phone) AS with_phone,
    count(people.person_id) FILTER (WHERE people.has_email) AS with_email,
    count(people.person_id) FILTER (WHERE NOT people.has_phone AND NOT people.has_email) AS unreachable
FROM people
LEFT JOIN sources ON sources.person_id = people.person_id
GROUP BY people.source, people.account
ORDER BY people.source, people.account;

COMMENT ON TABLE marts.people_by_source IS 'One row per account: the people who enquired there';
-- from leads.source
COMMENT ON COLUMN marts.people_by_source.source IS 'The vendor''s system';
-- from leads.account
COMMENT ON COLUMN marts.people_by_source.account IS 'The account';
-- from leads.lead_id
COMMENT ON COLUMN marts.people_by_source.enquiries IS 'Enquiries there';
-- from leads.person_id
COMMENT ON COLUMN marts.people_by_source.people IS 'Different people who made them';
-- from leads.person_id, leads.created_at
COMMENT ON COLUMN marts.people_by_source.new_people IS 'People whose first enquiry anywhere was there; may be added up';
-- from leads.person_id
COMMENT ON COLUMN marts.people_by_source.returning_people IS 'People who enquired there more than once';
-- from leads.person_id, leads.source
COMMENT ON COLUMN marts.people_by_source.shared_people IS 'People who enquired in another source too';
-- from leads.person_id, leads.phone
COMMENT ON COLUMN marts.people_by_source.with_phone IS 'People who gave a usable phone there';
-- from leads.person_id, leads.email
COMMENT ON COLUMN marts.people_by_source.with_email IS 'People who gave a usable e-mail there';
-- from leads.person_id, leads.phone, leads.email
COMMENT ON COLUMN marts.people_by_source.unreachable IS 'People who gave neither there';
