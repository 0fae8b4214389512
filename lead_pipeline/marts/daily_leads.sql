-- Enquiries and people per day of the business and account: how much is new, and who is.
-- Built with `ops.coverage`, which says what we have of which (UTC) day.
CREATE OR REPLACE TABLE marts.daily_leads AS
SELECT
    day,
    source,
    account,
    count(*) AS leads,
    count(DISTINCT person_id) AS people,
    count(*) FILTER (WHERE is_first_enquiry) AS new_people,
    count(*) FILTER (WHERE has_phone) AS with_phone,
    count(*) FILTER (WHERE has_email) AS with_email
FROM mart_enquiries
GROUP BY day, source, account
ORDER BY day, source, account;

COMMENT ON TABLE marts.daily_leads IS 'One row per day of creation and account that had enquiries';
-- from leads.created_at
COMMENT ON COLUMN marts.daily_leads.day IS 'Day on which the people enquired, business time zone ({time_zone})';
-- from leads.source
COMMENT ON COLUMN marts.daily_leads.source IS 'The vendor''s system';
-- from leads.account
COMMENT ON COLUMN marts.daily_leads.account IS 'The account';
-- from leads.lead_id
COMMENT ON COLUMN marts.daily_leads.leads IS 'Enquiries of that day';
-- from leads.person_id
COMMENT ON COLUMN marts.daily_leads.people IS 'Different people among them';
-- from leads.person_id, leads.created_at
COMMENT ON COLUMN marts.daily_leads.new_people IS 'People among them who had never enquired before, anywhere';
-- from leads.phone
COMMENT ON COLUMN marts.daily_leads.with_phone IS 'Enquiries with a usable phone';
-- from leads.email
COMMENT ON COLUMN marts.daily_leads.with_email IS 'Enquiries with a usable e-mail';
