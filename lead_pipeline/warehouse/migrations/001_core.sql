-- What the loader keeps for itself. Published tables are described in lead_pipeline/tables.py.
-- A lead's winning version; lead_history holds the others, one row per distinct content.
CREATE TABLE core.leads ({version_columns});
CREATE TABLE core.lead_history ({version_columns});

-- Who a lead belongs to; the journal is the authority.
CREATE TABLE core.assignments (lead_id VARCHAR NOT NULL, person_id VARCHAR NOT NULL);

-- One row: how much of the journal is in here, the highest person number ever minted, and the
-- newest snapshot with the last load that is in it.
CREATE TABLE core.progress (
    journal_bytes BIGINT NOT NULL,
    minted_people BIGINT NOT NULL,
    version BIGINT NOT NULL,
    published_load_id BIGINT NOT NULL
);
INSERT INTO core.progress VALUES (0, 0, 0, 0);

CREATE SEQUENCE core.load_ids;
CREATE TABLE core.quarantined_content (quarantine_id VARCHAR NOT NULL, content BLOB NOT NULL);
