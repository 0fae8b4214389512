-- Every enquiry once, and how far it came: its person, their contact in the CRM, the deals that
-- begin or end their way here, and the moments in between. `lead_funnel`, `project_performance` and
-- `speed_to_lead` are sums of this table, so that each of their numbers can be followed to its leads.
--
-- A contact that the CRM no longer has is no contact. In the CRM is the first thing that the CRM
-- got of the person at or after the enquiry: a contact, or a deal whose last touch it is. Done is
-- what LEAD_PIPELINE_DONE_TASK_STATUSES says of a task's status, since the CRM names none; a task
-- was done when a version with such a status was last changed. Where the setting is empty, nobody
-- knows.
CREATE OR REPLACE TABLE marts.enquiry_outcomes AS
WITH contacts AS (
    SELECT
        person_id,
        first(account ORDER BY is_pushed DESC, there_since, account, contact_id) AS account,
        first(contact_id ORDER BY is_pushed DESC, there_since, account, contact_id) AS contact_id,
        count(*) AS contacts
    FROM mart_contacts
    WHERE person_id IS NOT NULL AND NOT is_vanished
    GROUP BY person_id
),
first_deals AS (
    SELECT first_touch_lead_id AS lead_id, count(*) AS deals, count(*) FILTER (WHERE outcome = 'won') AS won
    FROM marts.deal_outcomes
    WHERE NOT is_vanished AND first_touch_lead_id IS NOT NULL
    GROUP BY first_touch_lead_id
),
last_deals AS (
    SELECT last_touch_lead_id AS lead_id, count(*) AS deals, count(*) FILTER (WHERE outcome = 'won') AS won
    FROM marts.deal_outcomes
    WHERE NOT is_vanished AND last_touch_lead_id IS NOT NULL
    GROUP BY last_touch_lead_id
),
arrivals AS (
    SELECT enquiries.lead_id, min(contacts.there_since) AS moment
    FROM mart_contacts AS contacts
    INNER JOIN mart_enquiries AS enquiries
        ON enquiries.person_id = contacts.person_id AND enquiries.created_at <= contacts.there_since
    GROUP BY enquiries.lead_id
    UNION ALL
    SELECT last_touch_lead_id AS lead_id, min(created_at) AS moment
    FROM marts.deal_outcomes
    WHERE last_touch_lead_id IS NOT NULL
    GROUP BY last_touch_lead_id
),
in_crm AS (
    SELECT lead_id, min(moment) AS in_crm_at FROM arrivals GROUP BY lead_id
),
done AS (
    SELECT versions.account, versions.natural_key AS task_id, min(versions.updated_at) AS done_at
    FROM (
        SELECT account, natural_key, updated_at, fields FROM core.objects WHERE kind = 'task'
        UNION ALL
        SELECT account, natural_key, updated_at, fields FROM core.object_history WHERE kind = 'task'
    ) AS versions
    WHERE is_done_task(versions.fields->>'$.crm_task_status_id')
    GROUP BY versions.account, versions.natural_key
),
tasks AS (
    SELECT done.done_at, done.account, crm_tasks.contact_id, crm_tasks.deal_id
    FROM done
    INNER JOIN crm_tasks ON crm_tasks.account = done.account AND crm_tasks.task_id = done.task_id
),
done_for AS (
    SELECT enquiries.lead_id, tasks.done_at
    FROM tasks
    INNER JOIN mart_contacts AS contacts
        ON contacts.account = tasks.account AND contacts.contact_id = tasks.contact_id
    INNER JOIN mart_enquiries AS enquiries ON enquiries.person_id = contacts.person_id
    UNION ALL
    SELECT deals.last_touch_lead_id AS lead_id, tasks.done_at
    FROM tasks
    INNER JOIN marts.deal_outcomes AS deals
        ON deals.account = tasks.account AND deals.deal_id = tasks.deal_id
),
first_done AS (
    SELECT enquiries.lead_id, min(done_for.done_at) AS first_task_done_at
    FROM done_for
    INNER JOIN mart_enquiries AS enquiries
        ON enquiries.lead_id = done_for.lead_id AND enquiries.created_at <= done_for.done_at
    GROUP BY enquiries.lead_id
),
asked AS (
    SELECT source, account, min(requested_at) AS first_asked_at FROM ops.deliveries GROUP BY source, account
)
SELECT
    enquiries.lead_id,
    enquiries.source,
    enquiries.account,
    enquiries.project_id,
    enquiries.project,
    enquiries.person_id,
    enquiries.is_first_enquiry,
    enquiries.created_at AS enquired_at,
    enquiries.day,
    enquiries.week,
    enquiries.hour,
    enquiries.first_seen_at AS fetched_at,
    coalesce(enquiries.created_at < asked.first_asked_at, false) AS is_backfilled,
    in_crm.in_crm_at,
    first_done.first_task_done_at,
    contacts.account AS crm_account,
    contacts.contact_id,
    coalesce(contacts.contacts, 0) AS contacts,
    coalesce(first_deals.deals, 0) AS first_touch_deals,
    coalesce(first_deals.won, 0) AS first_touch_won,
    coalesce(last_deals.deals, 0) AS last_touch_deals,
    coalesce(last_deals.won, 0) AS last_touch_won
FROM mart_enquiries AS enquiries
LEFT JOIN asked ON asked.source = enquiries.source AND asked.account = enquiries.account
LEFT JOIN contacts ON contacts.person_id = enquiries.person_id
LEFT JOIN in_crm ON in_crm.lead_id = enquiries.lead_id
LEFT JOIN first_done ON first_done.lead_id = enquiries.lead_id
LEFT JOIN first_deals ON first_deals.lead_id = enquiries.lead_id
LEFT JOIN last_deals ON last_deals.lead_id = enquiries.lead_id;

COMMENT ON TABLE marts.enquiry_outcomes IS 'One row per enquiry and how far it came: person, contact, deals, and when';
-- from leads.lead_id
COMMENT ON COLUMN marts.enquiry_outcomes.lead_id IS 'The enquiry: leads.lead_id';
-- from leads.source
COMMENT ON COLUMN marts.enquiry_outcomes.source IS 'The vendor''s system';
-- from leads.account
COMMENT ON COLUMN marts.enquiry_outcomes.account IS 'The account';
-- from leads.interest_id
COMMENT ON COLUMN marts.enquiry_outcomes.project_id IS 'What it is about, by the vendor''s id; null where it sends none';
-- from leads.interest_name
COMMENT ON COLUMN marts.enquiry_outcomes.project IS 'Its name, as the newest enquiry about it has it';
-- from leads.person_id
COMMENT ON COLUMN marts.enquiry_outcomes.person_id IS 'Who enquired: people.person_id';
-- from leads.person_id, leads.created_at
COMMENT ON COLUMN marts.enquiry_outcomes.is_first_enquiry IS 'The person had never enquired before, anywhere';
-- from leads.created_at
COMMENT ON COLUMN marts.enquiry_outcomes.enquired_at IS 'When the person enquired, UTC';
-- from leads.created_at
COMMENT ON COLUMN marts.enquiry_outcomes.day IS 'Day of that, business time zone ({time_zone})';
-- from leads.created_at
COMMENT ON COLUMN marts.enquiry_outcomes.week IS 'Monday of its week, business time zone ({time_zone})';
-- from leads.created_at
COMMENT ON COLUMN marts.enquiry_outcomes.hour IS 'Hour of the day, 0 to 23, business time zone ({time_zone})';
-- from leads.first_seen_at
COMMENT ON COLUMN marts.enquiry_outcomes.fetched_at IS 'When we first asked for and got it, UTC';
-- from leads.created_at, ops.deliveries.requested_at
COMMENT ON COLUMN marts.enquiry_outcomes.is_backfilled IS 'Made before the account was first asked: it could not have been fetched quickly';
-- from crm_contacts.created_at, crm_deals.created_at, ops.pushes.done_at
COMMENT ON COLUMN marts.enquiry_outcomes.in_crm_at IS 'When the CRM first got something of the person at or after the enquiry, UTC; null: not known to';
-- from crm_tasks.updated_at, crm_tasks.status_id
COMMENT ON COLUMN marts.enquiry_outcomes.first_task_done_at IS 'When a task of the person or of the deal was first done after it, UTC; null: none known';
-- from crm_contacts.account, ops.pushes.account
COMMENT ON COLUMN marts.enquiry_outcomes.crm_account IS 'The CRM account of contact_id';
-- from crm_contacts.contact_id, ops.pushes.object_id
COMMENT ON COLUMN marts.enquiry_outcomes.contact_id IS 'The person''s contact there: one that we pushed, else the oldest; null: none';
-- from crm_contacts.contact_id, ops.pushes.object_id
COMMENT ON COLUMN marts.enquiry_outcomes.contacts IS 'How many contacts stand for the person; more than one: somebody might merge them';
-- from marts.deal_outcomes.first_touch_lead_id
COMMENT ON COLUMN marts.enquiry_outcomes.first_touch_deals IS 'Deals whose first touch it is';
-- from marts.deal_outcomes.first_touch_lead_id, marts.deal_outcomes.outcome
COMMENT ON COLUMN marts.enquiry_outcomes.first_touch_won IS 'Those of them that were won';
-- from marts.deal_outcomes.last_touch_lead_id
COMMENT ON COLUMN marts.enquiry_outcomes.last_touch_deals IS 'Deals whose last touch it is';
-- from marts.deal_outcomes.last_touch_lead_id, marts.deal_outcomes.outcome
COMMENT ON COLUMN marts.enquiry_outcomes.last_touch_won IS 'Those of them that were won';
