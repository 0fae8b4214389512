-- What a human is done with; the journal is the authority.
CREATE TABLE IF NOT EXISTS core.dismissals (
    quarantine_id VARCHAR NOT NULL,
    dismissed_at TIMESTAMPTZ NOT NULL,
    dismissed_by VARCHAR NOT NULL,
    dismissed_because VARCHAR NOT NULL
);

UPDATE ops.quarantine SET state = 'waiting' WHERE state IS NULL;
