-- The outbox of what goes into a CRM: ops.pushes, described in lead_pipeline/push_tables.py, and
-- beside it all that is known of each row. The journal is the authority.
CREATE TABLE core.outbox (push_id VARCHAR NOT NULL, content JSON NOT NULL);

-- Contacts that we may have created in a CRM, for as long as that is not known: no enquiries.
CREATE TABLE core.held_leads (lead_id VARCHAR NOT NULL);
