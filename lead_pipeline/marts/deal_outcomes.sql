-- Every deal of the CRM once, what became of it, and which enquiries it comes from.
--
-- A deal that we opened (ops.pushes) belongs to exactly its enquiry, whatever else is linked to it.
-- A deal of the CRM's own belongs to the people of the contacts that it is linked to (by either
-- side, vanished contacts included). Its touches are all their enquiries at or before its creation:
-- the oldest is the first touch, the newest the last, of several at one moment that with the least
-- lead_id first. A contact is an enquiry too, but where its people had enquired elsewhere before it,
-- it is that enquiry written down, and no touch. A deal that is linked to two contacts counts once.
-- Without a contact or an enquiry before it, it has no touch, and `attribution` says so.
--
-- outcome is the CRM's own status (open, won, lost), blanks and case aside. Any other word, or none,
-- is unknown. A deal that we opened and no scan has read yet is pushed: that it is there is all that we
-- know, and nobody guesses from stages.
-- What the CRM no longer has is marked, and counts nowhere as a deal.
CREATE OR REPLACE TABLE marts.deal_outcomes AS
WITH ours AS (
    SELECT account, object_id AS deal_id, arg_min(lead_id, decided_at) AS lead_id, min(done_at) AS done_at
    FROM ops.pushes
    WHERE kind = 'deal' AND object_id IS NOT NULL AND lead_id IS NOT NULL
    GROUP BY account, object_id
),
deals AS (
    SELECT
        coalesce(crm.account, ours.account) AS account,
        coalesce(crm.deal_id, ours.deal_id) AS deal_id,
        ours.lead_id AS our_lead_id,
        crm.deal_id IS NOT NULL AS is_read,
        coalesce(crm.created_at, ours.done_at) AS created_at,
        crm.closed_at,
        crm.pipeline_name AS pipeline,
        crm.stage_name AS stage,
        lower(trim(crm.status)) AS status,
        crm.amount,
        crm.currency,
        crm.vanished_at
    FROM crm_deals AS crm
    FULL JOIN ours ON ours.account = crm.account AND ours.deal_id = crm.deal_id
),
links AS (
    SELECT account, from_id AS deal_id, to_id AS contact_id
    FROM crm_links
    WHERE from_kind = 'deal' AND to_kind = 'contact'
    UNION
    SELECT account, deal_id, contact_id FROM crm_deals WHERE contact_id IS NOT NULL
),
parties AS (
    SELECT DISTINCT links.account, links.deal_id, contacts.person_id
    FROM links
    INNER JOIN mart_contacts AS contacts
        ON contacts.account = links.account AND contacts.contact_id = links.contact_id
    WHERE contacts.person_id IS NOT NULL
),
candidates AS (
    SELECT
        deals.account,
        deals.deal_id,
        enquiries.lead_id,
        enquiries.created_at,
        contacts.lead_id IS NOT NULL AS is_contact,
        min(CASE WHEN contacts.lead_id IS NULL THEN enquiries.created_at END)
            OVER (PARTITION BY deals.account, deals.deal_id) AS enquired_elsewhere_at
    FROM deals
    INNER JOIN parties ON parties.account = deals.account AND parties.deal_id = deals.deal_id
    INNER JOIN mart_enquiries AS enquiries
        ON enquiries.person_id = parties.person_id AND enquiries.created_at <= deals.created_at
    LEFT JOIN mart_contacts AS contacts ON contacts.lead_id = enquiries.lead_id
),
touches AS (
    SELECT
        account,
        deal_id,
        first(lead_id ORDER BY created_at, lead_id) AS first_lead_id,
        last(lead_id ORDER BY created_at, lead_id) AS last_lead_id
    FROM candidates
    WHERE NOT is_contact OR coalesce(created_at < enquired_elsewhere_at, true)
    GROUP BY account, deal_id
)
SELECT
    deals.account,
    deals.deal_id,
    deals.created_at,
    deals.closed_at,
    deals.pipeline,
    deals.stage,
    CASE
        WHEN deals.status IN ('open', 'won', 'lost') THEN deals.status
        WHEN deals.is_read THEN 'unknown'
        ELSE 'pushed'
    END AS outcome,
    deals.amount,
    deals.currency,
    deals.vanished_at IS NOT NULL AS is_vanished,
    deals.our_lead_id IS NOT NULL AS is_ours,
    CASE
        WHEN own.lead_id IS NOT NULL THEN 'our enquiry'
        WHEN deals.our_lead_id IS NULL AND touches.first_lead_id IS NOT NULL THEN 'touches'
        WHEN deals.our_lead_id IS NOT NULL THEN 'enquiry is gone'
        WHEN parties.deal_id IS NULL THEN 'no contact'
        ELSE 'no enquiry before'
    END AS attribution,
    CASE WHEN deals.our_lead_id IS NULL THEN touches.first_lead_id ELSE own.lead_id END AS first_touch_lead_id,
    CASE WHEN deals.our_lead_id IS NULL THEN touches.last_lead_id ELSE own.lead_id END AS last_touch_lead_id
FROM deals
LEFT JOIN mart_enquiries AS own ON own.lead_id = deals.our_lead_id
LEFT JOIN touches ON touches.account = deals.account AND touches.deal_id = deals.deal_id
LEFT JOIN (SELECT DISTINCT account, deal_id FROM parties) AS parties
    ON parties.account = deals.account AND parties.deal_id = deals.deal_id
ORDER BY deals.created_at, deals.account, deals.deal_id;

COMMENT ON TABLE marts.deal_outcomes IS 'One row per deal that the CRM has or had, with the enquiries it comes from';
-- from crm_deals.account, ops.pushes.account
COMMENT ON COLUMN marts.deal_outcomes.account IS 'The CRM account';
-- from crm_deals.deal_id, ops.pushes.object_id
COMMENT ON COLUMN marts.deal_outcomes.deal_id IS 'The deal: crm_deals.deal_id';
-- from crm_deals.created_at, ops.pushes.done_at
COMMENT ON COLUMN marts.deal_outcomes.created_at IS 'When it was created, UTC';
-- from crm_deals.closed_at
COMMENT ON COLUMN marts.deal_outcomes.closed_at IS 'When it was closed, UTC';
-- from crm_deals.pipeline_name
COMMENT ON COLUMN marts.deal_outcomes.pipeline IS 'Name of its pipeline';
-- from crm_deals.stage_name
COMMENT ON COLUMN marts.deal_outcomes.stage IS 'Name of its stage';
-- from crm_deals.status
COMMENT ON COLUMN marts.deal_outcomes.outcome IS 'open, won, lost: the CRM''s status; unknown: another word, or none; pushed: we opened it, and no scan has read it yet';
-- from crm_deals.amount
COMMENT ON COLUMN marts.deal_outcomes.amount IS 'What it is worth, in its currency';
-- from crm_deals.currency
COMMENT ON COLUMN marts.deal_outcomes.currency IS 'Currency of the amount, ISO 4217';
-- from crm_deals.vanished_at
COMMENT ON COLUMN marts.deal_outcomes.is_vanished IS 'The CRM no longer has it: it counts nowhere as a deal';
-- from ops.pushes.lead_id
COMMENT ON COLUMN marts.deal_outcomes.is_ours IS 'We opened it for one enquiry';
-- from ops.pushes.lead_id, crm_deals.contact_id, crm_links.to_id, leads.lead_id
COMMENT ON COLUMN marts.deal_outcomes.attribution IS 'our enquiry; touches: enquiries of its people; else why it has none: no contact, no enquiry before, enquiry is gone';
-- from ops.pushes.lead_id, leads.lead_id, leads.created_at, leads.person_id
COMMENT ON COLUMN marts.deal_outcomes.first_touch_lead_id IS 'The first enquiry at or before it: leads.lead_id';
-- from ops.pushes.lead_id, leads.lead_id, leads.created_at, leads.person_id
COMMENT ON COLUMN marts.deal_outcomes.last_touch_lead_id IS 'The last enquiry at or before it: leads.lead_id';
