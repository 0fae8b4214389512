-- A CRM's objects; core.object_history holds the versions that are no longer current, one row per
-- distinct content.
CREATE TABLE core.objects ({object_columns});
CREATE TABLE core.object_history ({object_columns});

-- Contacts that we created in a CRM ourselves: no enquiries. The journal is the authority.
CREATE TABLE core.own_leads (lead_id VARCHAR NOT NULL);
