-- What each project brought over all time: enquiries, people, and the deals whose last touch was an
-- enquiry about it. Sums of marts.enquiry_outcomes; people are counted once per project.
CREATE OR REPLACE TABLE marts.project_performance AS
WITH amounts AS (
    SELECT source, account, project_id, project, map_from_entries(list((currency, amount) ORDER BY currency)) AS won_amounts
    FROM (
        SELECT enquiries.source, enquiries.account, enquiries.project_id, enquiries.project, deals.currency, sum(deals.amount) AS amount
        FROM marts.deal_outcomes AS deals
        INNER JOIN marts.enquiry_outcomes AS enquiries ON enquiries.lead_id = deals.last_touch_lead_id
        WHERE deals.outcome = 'won'
            AND NOT deals.is_vanished
            AND abs(deals.amount) < 1000000000000000000000000
            AND deals.currency IS NOT NULL
        GROUP BY enquiries.source, enquiries.account, enquiries.project_id, enquiries.project, deals.currency
    ) AS sums
    GROUP BY source, account, project_id, project
),
places AS (
    SELECT source, account, project_id, project, max(interest_kind) AS interest_kind, arg_max(locality, created_at) AS locality
    FROM mart_enquiries
    WHERE project_id IS NOT NULL OR project IS NOT NULL
    GROUP BY source, account, project_id, project
),
projects AS (
    SELECT
        source, account, project_id, project,
        count(*) AS enquiries,
        count(DISTINCT person_id) AS people,
        count(*) FILTER (WHERE is_first_enquiry) AS new_people,
        count(DISTINCT person_id) FILTER (WHERE contact_id IS NOT NULL) AS contacts,
        count(DISTINCT day) AS active_days,
        min(enquired_at) AS first_enquiry_at,
        max(enquired_at) AS last_enquiry_at,
        sum(last_touch_deals)::BIGINT AS deals,
        sum(last_touch_won)::BIGINT AS won
    FROM marts.enquiry_outcomes
    WHERE project_id IS NOT NULL OR project IS NOT NULL
    GROUP BY source, account, project_id, project
)
SELECT
    projects.source,
    projects.account,
    places.interest_kind,
    projects.project_id,
    projects.project,
    places.locality,
    projects.enquiries,
    projects.people,
    projects.new_people,
    projects.contacts,
    projects.active_days,
    projects.first_enquiry_at,
    projects.last_enquiry_at,
    projects.deals,
    projects.won,
    coalesce(amounts.won_amounts, MAP {}::MAP(VARCHAR, DECIMAL(38, 10))) AS won_amounts
FROM projects
LEFT JOIN places
    ON places.source = projects.source
    AND places.account = projects.account
    AND places.project_id IS NOT DISTINCT FROM projects.project_id
    AND places.project IS NOT DISTINCT FROM projects.project
LEFT JOIN amounts
    ON amounts.source = projects.source
    AND amounts.account = projects.account
    AND amounts.project_id IS NOT DISTINCT FROM projects.project_id
    AND amounts.project IS NOT DISTINCT FROM projects.project
ORDER BY projects.enquiries DESC, projects.source, projects.account, projects.project_id, projects.project;

COMMENT ON TABLE marts.project_performance IS 'One row per project, property or model that somebody asked about';
-- from leads.source
COMMENT ON COLUMN marts.project_performance.source IS 'The vendor''s system';
-- from leads.account
COMMENT ON COLUMN marts.project_performance.account IS 'The account';
-- from leads.interest_kind
COMMENT ON COLUMN marts.project_performance.interest_kind IS 'property, boat';
-- from leads.interest_id
COMMENT ON COLUMN marts.project_performance.project_id IS 'The vendor''s id of it; null where it sends none';
-- from leads.interest_name
COMMENT ON COLUMN marts.project_performance.project IS 'Its name, as the newest enquiry about it has it';
-- from leads.interest_locality
COMMENT ON COLUMN marts.project_performance.locality IS 'Where it lies, likewise';
-- from leads.lead_id
COMMENT ON COLUMN marts.project_performance.enquiries IS 'Enquiries about it';
-- from leads.person_id
COMMENT ON COLUMN marts.project_performance.people IS 'Different people who made them; not to be added up over rows';
-- from marts.enquiry_outcomes.is_first_enquiry
COMMENT ON COLUMN marts.project_performance.new_people IS 'People whose first enquiry anywhere was about it; may be added up';
-- from marts.enquiry_outcomes.contact_id
COMMENT ON COLUMN marts.project_performance.contacts IS 'People among them who are a contact in the CRM';
-- from leads.created_at
COMMENT ON COLUMN marts.project_performance.active_days IS 'Days with an enquiry about it, business time zone ({time_zone})';
-- from leads.created_at
COMMENT ON COLUMN marts.project_performance.first_enquiry_at IS 'When the first was made, UTC';
-- from leads.created_at
COMMENT ON COLUMN marts.project_performance.last_enquiry_at IS 'When the last was made, UTC';
-- from marts.enquiry_outcomes.last_touch_deals
COMMENT ON COLUMN marts.project_performance.deals IS 'Deals whose last touch is an enquiry about it';
-- from marts.enquiry_outcomes.last_touch_won
COMMENT ON COLUMN marts.project_performance.won IS 'Those of them that were won, each once';
-- from marts.deal_outcomes.amount, marts.deal_outcomes.currency
COMMENT ON COLUMN marts.project_performance.won_amounts IS 'What the won ones are worth together, by currency, as in marts.lead_funnel';
