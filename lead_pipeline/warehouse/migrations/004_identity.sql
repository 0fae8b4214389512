-- What deciding who is the same person remembers, so that a day costs what it touches.

-- Leads whose current version came since people were last resolved.
CREATE TABLE IF NOT EXISTS core.touched_leads (lead_id VARCHAR NOT NULL);

-- A lead as the rules see it. number: in the order in which leads came; fingerprint: of what the
-- rules read; kind: of the name (identity/names.sql); phone, mailbox: hashes.
CREATE TABLE IF NOT EXISTS core.identity_leads (
    number INTEGER NOT NULL,
    lead_id VARCHAR NOT NULL,
    fingerprint UBIGINT NOT NULL,
    name VARCHAR NOT NULL,
    kind UTINYINT NOT NULL,
    phone UBIGINT,
    mailbox UBIGINT
);

-- component: all that evidence ties together, named after its smallest number; cluster: what is
-- left of it after constraints; person: the digits of its id.
CREATE TABLE IF NOT EXISTS core.identity_clusters (
    number INTEGER NOT NULL,
    component INTEGER NOT NULL,
    cluster INTEGER NOT NULL,
    person BIGINT NOT NULL
);

-- What leads may have in common. member: the name, or what else is compared among those who
-- share the key.
CREATE TABLE IF NOT EXISTS core.identity_keys (
    key UBIGINT NOT NULL,
    rule UTINYINT NOT NULL,
    member UBIGINT NOT NULL,
    kind UTINYINT NOT NULL,
    number INTEGER NOT NULL
);

-- One row per link: rule and names are codes of identity/rules/evidence.csv; low and high the two
-- leads, each speaking for the group of equal members that it belongs to.
CREATE TABLE IF NOT EXISTS core.evidence (
    key UBIGINT NOT NULL,
    rule UTINYINT NOT NULL,
    names UTINYINT NOT NULL,
    low INTEGER NOT NULL,
    high INTEGER NOT NULL,
    low_member UBIGINT NOT NULL,
    high_member UBIGINT NOT NULL,
    version VARCHAR NOT NULL
);

-- One row: by which version of the rules all of this was decided, the next lead's number, and a
-- checksum of the leads that were there.
CREATE TABLE IF NOT EXISTS core.identity_state (
    version VARCHAR NOT NULL,
    next_number INTEGER NOT NULL,
    leads BIGINT NOT NULL,
    checksum UBIGINT NOT NULL
);
INSERT INTO core.identity_state
SELECT '', 1, 0, 0 WHERE NOT EXISTS (FROM core.identity_state);

-- What people decided by hand, and whom it names; the journal is the authority.
CREATE TABLE IF NOT EXISTS core.overrides (
    event_id VARCHAR NOT NULL,
    kind VARCHAR NOT NULL,
    decided_at TIMESTAMPTZ NOT NULL,
    made_by VARCHAR NOT NULL,
    reason VARCHAR NOT NULL,
    undoes VARCHAR,
    is_active BOOLEAN NOT NULL,
    is_pending BOOLEAN NOT NULL
);
CREATE TABLE IF NOT EXISTS core.override_leads (
    event_id VARCHAR NOT NULL, side INTEGER NOT NULL, lead_id VARCHAR NOT NULL
);

-- Since when a lead has its person, and which it had before; event_id: by whose hand. The journal
-- is read anew for it.
ALTER TABLE core.assignments ADD COLUMN IF NOT EXISTS assigned_at TIMESTAMPTZ;
ALTER TABLE core.assignments ADD COLUMN IF NOT EXISTS event_id VARCHAR;
DELETE FROM core.assignments;
UPDATE core.progress SET journal_bytes = 0;
CREATE TABLE IF NOT EXISTS core.past_assignments (
    lead_id VARCHAR NOT NULL,
    person_id VARCHAR NOT NULL,
    assigned_at TIMESTAMPTZ NOT NULL,
    ended_at TIMESTAMPTZ NOT NULL,
    event_id VARCHAR
);

-- The rules by their codes, in words.
CREATE TABLE IF NOT EXISTS core.evidence_rules (
    rule UTINYINT NOT NULL,
    names UTINYINT NOT NULL,
    rule_name VARCHAR NOT NULL,
    weight DOUBLE NOT NULL,
    reason VARCHAR NOT NULL,
    is_merging BOOLEAN NOT NULL
);

-- It is a view now, and what people decide is published even where nothing was loaded.
DROP TABLE IF EXISTS person_links;
ALTER TABLE core.progress ADD COLUMN IF NOT EXISTS published_journal_bytes BIGINT DEFAULT 0;
