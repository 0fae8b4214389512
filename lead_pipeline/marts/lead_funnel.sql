-- From enquiry to person, contact, deal and deal won: by source, account, project and week of the
-- enquiry, whenever the deal came. Two ways to say whose a deal is: by the first and by the last
-- touch (marts.deal_outcomes says how they are found). Each deal is in one row by either.
--
-- Enquiries, deals and amounts may be added up over rows; people and contacts may not, since one
-- person can be in several: for those, count in marts.enquiry_outcomes, which has every enquiry. The
-- rows without a source hold the deals that no enquiry explains, by the week of their creation (null
-- where the CRM does not say).
-- Amounts are exact decimals, by currency, and no currency is turned into another.
CREATE OR REPLACE TABLE marts.lead_funnel AS
WITH touched AS (
    SELECT 'first' AS touch, first_touch_lead_id AS lead_id, deals.* FROM marts.deal_outcomes AS deals
    UNION ALL
    SELECT 'last' AS touch, last_touch_lead_id AS lead_id, deals.* FROM marts.deal_outcomes AS deals
),
deals AS (
    SELECT
        coalesce(enquiries.week, business_week(touched.created_at)) AS week,
        enquiries.source,
        enquiries.account,
        enquiries.project_id,
        enquiries.project,
        touched.touch,
        touched.outcome,
        touched.is_vanished,
        touched.amount,
        touched.currency,
        coalesce(abs(touched.amount) < 1000000000000000000000000 AND touched.currency IS NOT NULL, false) AS is_counted
    FROM touched
    LEFT JOIN marts.enquiry_outcomes AS enquiries ON enquiries.lead_id = touched.lead_id
),
sums AS (
    SELECT week, source, account, project_id, project, touch, currency, sum(amount) AS amount
    FROM deals
    WHERE outcome = 'won' AND NOT is_vanished AND is_counted
    GROUP BY week, source, account, project_id, project, touch, currency
),
amounts AS (
    SELECT
        week, source, account, project_id, project,
        map_from_entries(list((currency, amount) ORDER BY currency) FILTER (WHERE touch = 'first')) AS first_touch_won_amounts,
        map_from_entries(list((currency, amount) ORDER BY currency) FILTER (WHERE touch = 'last')) AS last_touch_won_amounts
    FROM sums
    GROUP BY week, source, account, project_id, project
),
deal_counts AS (
    SELECT
        week, source, account, project_id, project,
        count(*) FILTER (WHERE touch = 'first' AND NOT is_vanished) AS first_touch_deals,
        count(*) FILTER (WHERE touch = 'first' AND NOT is_vanished AND outcome = 'won') AS first_touch_won,
        count(*) FILTER (WHERE touch = 'first' AND NOT is_vanished AND outcome = 'lost') AS first_touch_lost,
        count(*) FILTER (WHERE touch = 'first' AND NOT is_vanished AND outcome IN ('unknown', 'pushed')) AS first_touch_unknown,
        count(*) FILTER (WHERE touch = 'first' AND NOT is_vanished AND outcome = 'won' AND NOT is_counted) AS first_touch_won_without_amount,
        count(*) FILTER (WHERE touch = 'last' AND NOT is_vanished) AS last_touch_deals,
        count(*) FILTER (WHERE touch = 'last' AND NOT is_vanished AND outcome = 'won') AS last_touch_won,
        count(*) FILTER (WHERE touch = 'last' AND NOT is_vanished AND outcome = 'lost') AS last_touch_lost,
        count(*) FILTER (WHERE touch = 'last' AND NOT is_vanished AND outcome IN ('unknown', 'pushed')) AS last_touch_unknown,
        count(*) FILTER (WHERE touch = 'last' AND NOT is_vanished AND outcome = 'won' AND NOT is_counted) AS last_touch_won_without_amount,
        count(*) FILTER (WHERE touch = 'last' AND is_vanished) AS vanished_deals
    FROM deals
    GROUP BY week, source, account, project_id, project
),
enquiries AS (
    SELECT
        week, source, account, project_id, project,
        count(*) AS enquiries,
        count(DISTINCT person_id) AS people,
        count(*) FILTER (WHERE is_first_enquiry) AS new_people,
        count(DISTINCT person_id) FILTER (WHERE contact_id IS NOT NULL) AS contacts
    FROM marts.enquiry_outcomes
    GROUP BY week, source, account, project_id, project
),
nothing AS (
    SELECT MAP {}::MAP(VARCHAR, DECIMAL(38, 10)) AS amounts
)
SELECT
    coalesce(enquiries.week, deal_counts.week) AS week,
    coalesce(enquiries.source, deal_counts.source) AS source,
    coalesce(enquiries.account, deal_counts.account) AS account,
    coalesce(enquiries.project_id, deal_counts.project_id) AS project_id,
    coalesce(enquiries.project, deal_counts.project) AS project,
    coalesce(enquiries.enquiries, 0) AS enquiries,
    coalesce(enquiries.people, 0) AS people,
    coalesce(enquiries.new_people, 0) AS new_people,
    coalesce(enquiries.contacts, 0) AS contacts,
    coalesce(deal_counts.first_touch_deals, 0) AS first_touch_deals,
    coalesce(deal_counts.first_touch_won, 0) AS first_touch_won,
    coalesce(deal_counts.first_touch_lost, 0) AS first_touch_lost,
    coalesce(deal_counts.first_touch_unknown, 0) AS first_touch_unknown,
    coalesce(amounts.first_touch_won_amounts, nothing.amounts) AS first_touch_won_amounts,
    coalesce(deal_counts.first_touch_won_without_amount, 0) AS first_touch_won_without_amount,
    coalesce(deal_counts.last_touch_deals, 0) AS last_touch_deals,
    coalesce(deal_counts.last_touch_won, 0) AS last_touch_won,
    coalesce(deal_counts.last_touch_lost, 0) AS last_touch_lost,
    coalesce(deal_counts.last_touch_unknown, 0) AS last_touch_unknown,
    coalesce(amounts.last_touch_won_amounts, nothing.amounts) AS last_touch_won_amounts,
    coalesce(deal_counts.last_touch_won_without_amount, 0) AS last_touch_won_without_amount,
    coalesce(deal_counts.vanished_deals, 0) AS vanished_deals
FROM enquiries
FULL JOIN deal_counts
    ON deal_counts.week = enquiries.week
    AND deal_counts.source = enquiries.source
    AND deal_counts.account = enquiries.account
    AND deal_counts.project_id IS NOT DISTINCT FROM enquiries.project_id
    AND deal_counts.project IS NOT DISTINCT FROM enquiries.project
LEFT JOIN amounts
    ON amounts.week IS NOT DISTINCT FROM deal_counts.week
    AND amounts.source IS NOT DISTINCT FROM deal_counts.source
    AND amounts.account IS NOT DISTINCT FROM deal_counts.account
    AND amounts.project_id IS NOT DISTINCT FROM deal_counts.project_id
    AND amounts.project IS NOT DISTINCT FROM deal_counts.project
CROSS JOIN nothing
ORDER BY week, source, account, project_id, project;

COMMENT ON TABLE marts.lead_funnel IS 'One row per week, source, account and project: from enquiries to deals won';
-- from marts.enquiry_outcomes.week
COMMENT ON COLUMN marts.lead_funnel.week IS 'Monday of the week in which the people enquired, business time zone ({time_zone})';
-- from marts.enquiry_outcomes.source
COMMENT ON COLUMN marts.lead_funnel.source IS 'The vendor''s system; null: deals that no enquiry explains';
-- from marts.enquiry_outcomes.account
COMMENT ON COLUMN marts.lead_funnel.account IS 'The account';
-- from marts.enquiry_outcomes.project_id
COMMENT ON COLUMN marts.lead_funnel.project_id IS 'What they asked about, by the vendor''s id; null where it sends none';
-- from marts.enquiry_outcomes.project
COMMENT ON COLUMN marts.lead_funnel.project IS 'Its name, as the newest enquiry about it has it';
-- from marts.enquiry_outcomes.lead_id
COMMENT ON COLUMN marts.lead_funnel.enquiries IS 'Enquiries';
-- from marts.enquiry_outcomes.person_id
COMMENT ON COLUMN marts.lead_funnel.people IS 'Different people who made them; not to be added up over rows';
-- from marts.enquiry_outcomes.is_first_enquiry
COMMENT ON COLUMN marts.lead_funnel.new_people IS 'People among them who had never enquired before, anywhere; may be added up';
-- from marts.enquiry_outcomes.contact_id
COMMENT ON COLUMN marts.lead_funnel.contacts IS 'People among them who are a contact in the CRM; not to be added up over rows';
-- from marts.deal_outcomes.first_touch_lead_id
COMMENT ON COLUMN marts.lead_funnel.first_touch_deals IS 'Deals whose first touch is an enquiry of this row';
-- from marts.deal_outcomes.first_touch_lead_id, marts.deal_outcomes.outcome
COMMENT ON COLUMN marts.lead_funnel.first_touch_won IS 'Those of them that were won, each once';
-- from marts.deal_outcomes.first_touch_lead_id, marts.deal_outcomes.outcome
COMMENT ON COLUMN marts.lead_funnel.first_touch_lost IS 'Those that were lost';
-- from marts.deal_outcomes.first_touch_lead_id, marts.deal_outcomes.outcome
COMMENT ON COLUMN marts.lead_funnel.first_touch_unknown IS 'Those of which the CRM has not said open, won or lost, or no scan has read it yet';
-- from marts.deal_outcomes.first_touch_lead_id, marts.deal_outcomes.amount, marts.deal_outcomes.currency
COMMENT ON COLUMN marts.lead_funnel.first_touch_won_amounts IS 'What the won ones are worth together, by currency';
-- from marts.deal_outcomes.first_touch_lead_id, marts.deal_outcomes.amount, marts.deal_outcomes.currency
COMMENT ON COLUMN marts.lead_funnel.first_touch_won_without_amount IS 'Won ones that are not in it: no amount, no currency, or an amount of 25 digits';
-- from marts.deal_outcomes.last_touch_lead_id
COMMENT ON COLUMN marts.lead_funnel.last_touch_deals IS 'Deals whose last touch is an enquiry of this row';
-- from marts.deal_outcomes.last_touch_lead_id, marts.deal_outcomes.outcome
COMMENT ON COLUMN marts.lead_funnel.last_touch_won IS 'Those of them that were won, each once';
-- from marts.deal_outcomes.last_touch_lead_id, marts.deal_outcomes.outcome
COMMENT ON COLUMN marts.lead_funnel.last_touch_lost IS 'Those that were lost';
-- from marts.deal_outcomes.last_touch_lead_id, marts.deal_outcomes.outcome
COMMENT ON COLUMN marts.lead_funnel.last_touch_unknown IS 'Those of which the CRM has not said open, won or lost, or no scan has read it yet';
-- from marts.deal_outcomes.last_touch_lead_id, marts.deal_outcomes.amount, marts.deal_outcomes.currency
COMMENT ON COLUMN marts.lead_funnel.last_touch_won_amounts IS 'What the won ones are worth together, by currency';
-- from marts.deal_outcomes.last_touch_lead_id, marts.deal_outcomes.amount, marts.deal_outcomes.currency
COMMENT ON COLUMN marts.lead_funnel.last_touch_won_without_amount IS 'Won ones that are not in it: no amount, no currency, or an amount of 25 digits';
-- from marts.deal_outcomes.last_touch_lead_id, marts.deal_outcomes.is_vanished
COMMENT ON COLUMN marts.lead_funnel.vanished_deals IS 'Deals by last touch that the CRM no longer has; in no other column';
