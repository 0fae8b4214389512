-- Enquiries and people per UTC day of creation and account.
CREATE OR REPLACE TABLE marts.daily_leads AS
SELECT
    CAST(leads.created_at AT TIME ZONE 'UTC' AS DATE) AS day,
    leads.source,
    leads.account,
    count(*) AS leads,
    count(DISTINCT leads.person_id) AS people,
    count(DISTINCT leads.person_id) FILTER (WHERE people.first_enquiry_at = leads.created_at) AS new_people,
    count(*) FILTER (WHERE leads.phone IS NOT NULL) AS with_phone,
    count(*) FILTER (WHERE leads.email IS NOT NULL) AS with_email
FROM leads
LEFT JOIN people ON people.person_id = leads.person_id
GROUP BY CAST(leads.created_at AT TIME ZONE 'UTC' AS DATE), leads.source, leads.account
ORDER BY day, leads.source, leads.account;

COMMENT ON TABLE marts.daily_leads IS 'One row per UTC day of creation and account that had enquiries';
COMMENT ON COLUMN marts.daily_leads.day IS 'UTC day on which the people enquired';
COMMENT ON COLUMN marts.daily_leads.source IS 'The vendor''s system';
COMMENT ON COLUMN marts.daily_leads.account IS 'The account';
COMMENT ON COLUMN marts.daily_leads.leads IS 'Enquiries of that day';
COMMENT ON COLUMN marts.daily_leads.people IS 'Different people among them';
COMMENT ON COLUMN marts.daily_leads.new_people IS 'People among them who had never enquired before, anywhere';
COMMENT ON COLUMN marts.daily_leads.with_phone IS 'Enquiries with a usable phone';
COMMENT ON COLUMN marts.daily_leads.with_email IS 'Enquiries with a usable e-mail';
