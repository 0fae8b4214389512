-- Who a contact of a CRM is: the person of the contact as an enquiry or, where we created it and it
-- is none, the person it was created for. That person may have another id by now.
CREATE OR REPLACE TEMP TABLE mart_contacts AS
WITH pushed AS (
    SELECT
        pushes.account,
        pushes.object_id AS contact_id,
        arg_min(coalesce(redirects.now_person_id, pushes.person_id), pushes.decided_at) AS person_id,
        min(pushes.done_at) AS done_at
    FROM ops.pushes AS pushes
    LEFT JOIN person_redirects AS redirects
        ON redirects.person_id = pushes.person_id AND redirects.valid_to IS NULL
    WHERE pushes.kind = 'contact' AND pushes.object_id IS NOT NULL
    GROUP BY pushes.account, pushes.object_id
),
scanned AS (
    SELECT contacts.account, contacts.contact_id, enquiries.lead_id, enquiries.person_id, contacts.created_at, contacts.vanished_at
    FROM crm_contacts AS contacts
    LEFT JOIN mart_enquiries AS enquiries ON enquiries.lead_id = contacts.lead_id
)
SELECT
    coalesce(scanned.account, pushed.account) AS account,
    coalesce(scanned.contact_id, pushed.contact_id) AS contact_id,
    scanned.lead_id,
    coalesce(scanned.person_id, pushed.person_id) AS person_id,
    coalesce(scanned.created_at, pushed.done_at) AS there_since,
    pushed.contact_id IS NOT NULL AS is_pushed,
    scanned.vanished_at IS NOT NULL AS is_vanished
FROM scanned
FULL JOIN pushed ON pushed.account = scanned.account AND pushed.contact_id = scanned.contact_id;
