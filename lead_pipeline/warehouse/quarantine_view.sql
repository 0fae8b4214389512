-- What is in quarantine; record_key: one record of an account and stream, however often it came. Of
-- what was too deep to keep, the body and the place tell it apart.
CREATE OR REPLACE VIEW core.quarantined_records AS
SELECT
    quarantine.quarantine_id,
    quarantine.receipt_id,
    quarantine.source,
    quarantine.account,
    quarantine.stream,
    quarantine.source_lead_id,
    quarantine.state,
    concat_ws(
        '/',
        quarantine.source,
        quarantine.account,
        quarantine.stream,
        CASE
            WHEN coalesce(octet_length(contents.content), 0) = 0
                THEN coalesce(quarantine.sha256 || '/' || quarantine.record_index, quarantine.quarantine_id)
            ELSE md5(contents.content)
        END
    ) AS record_key
FROM ops.quarantine AS quarantine
LEFT JOIN core.quarantined_content AS contents
    ON contents.quarantine_id = quarantine.quarantine_id;
