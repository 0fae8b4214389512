-- What a human is done with; the journal is the authority.
CREATE TABLE IF NOT EXISTS core.dismissals (
    quarantine_id VARCHAR NOT NULL,
    dismissed_at TIMESTAMPTZ NOT NULL,
    dismissed_by VARCHAR NOT NULL,
    dismissed_because VARCHAR NOT NULL
);

-- What is in quarantine, with its bytes; record_key: one record, however often it came. Of what was
-- too deep to keep, the body and the place tell it apart.
CREATE OR REPLACE VIEW core.quarantined_records AS
SELECT
    quarantine.quarantine_id,
    quarantine.receipt_id,
    quarantine.source,
    quarantine.account,
    quarantine.stream,
    quarantine.source_lead_id,
    quarantine.state,
    contents.content,
    CASE
        WHEN coalesce(octet_length(contents.content), 0) = 0
            THEN coalesce(quarantine.sha256 || '/' || quarantine.record_index, quarantine.quarantine_id)
        ELSE md5(contents.content)
    END AS record_key
FROM ops.quarantine AS quarantine
LEFT JOIN core.quarantined_content AS contents
    ON contents.quarantine_id = quarantine.quarantine_id;

UPDATE ops.quarantine SET state = 'waiting' WHERE state IS NULL;
