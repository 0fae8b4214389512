-- The enquiries of everybody who is to be pushed: `is_new` are those that get a deal, since they are
-- recent or theirs is not there yet. What is of the CRM itself (any of its accounts) never does.
-- Whose contact is not there yet is chosen, too, without a deal for what they asked long ago.
CREATE OR REPLACE TEMP TABLE chosen_leads AS
WITH new_leads AS (
    SELECT lead_id, person_id
    FROM leads
    WHERE source <> $source
        AND vanished_at IS NULL
        AND person_id IS NOT NULL
        AND (created_at >= $since OR lead_id IN (SELECT lead_id FROM open_leads))
)

SELECT leads.*, leads.lead_id IN (SELECT lead_id FROM new_leads) AS is_new
FROM leads
WHERE leads.source <> $source
    AND leads.person_id IN (
        SELECT person_id FROM new_leads
        UNION
        SELECT person_id FROM leads WHERE lead_id IN (SELECT lead_id FROM open_contacts)
    );
