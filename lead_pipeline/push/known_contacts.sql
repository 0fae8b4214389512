-- The contacts of the account that a scan has read, whoever made them.
CREATE OR REPLACE TEMP TABLE known_contacts AS
SELECT
    contacts.source_lead_id AS contact_id,
    contacts.phone,
    contacts.phone_2,
    contacts.email,
    contacts.full_name,
    contacts.created_at,
    assignments.person_id,
    assignments.person_id IN (SELECT person_id FROM leads WHERE source <> $source) AS is_anothers
FROM core.leads AS contacts
LEFT JOIN core.assignments AS assignments ON assignments.lead_id = contacts.lead_id
WHERE contacts.source = $source AND contacts.account = $account AND contacts.vanished_at IS NULL;
