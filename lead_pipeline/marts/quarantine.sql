-- What became of each record that could not be read, told anew from all that is known.
--
-- A record that comes again counts once, as its newest. It is corrected where a later answer of the
-- account had an enquiry with its id; or where it was in a file that somebody imported, of which later
-- ones brought every enquiry again: what it could not say is theirs to say. What a human is done
-- with stays so, however often it comes.
CREATE OR REPLACE TEMP TABLE corrected_files AS
SELECT files.receipt_id
FROM ops.deliveries AS files
WHERE files.is_latest
    AND files.stream = 'history'
    AND files.quarantined > 0
    AND files.received > files.quarantined
    AND NOT EXISTS (
        SELECT 1
        FROM core.leads
        WHERE leads.source = files.source
            AND leads.account = files.account
            AND leads.last_seen_at = files.requested_at
    );

CREATE OR REPLACE TEMP TABLE settled_records AS
WITH dismissed AS (
    SELECT
        records.record_key,
        first(dismissals ORDER BY dismissals.dismissed_at) AS dismissal
    FROM core.dismissals AS dismissals
    INNER JOIN core.quarantined_records AS records
        ON records.quarantine_id = dismissals.quarantine_id
    GROUP BY records.record_key
),
newest_enquiries AS (
    SELECT source, account, source_lead_id, max(last_seen_at) AS last_seen_at
    FROM core.leads
    WHERE source_lead_id IN (SELECT source_lead_id FROM core.quarantined_records)
    GROUP BY source, account, source_lead_id
),
placed AS (
    SELECT
        records.quarantine_id,
        records.record_key,
        row_number() OVER newest_first AS place,
        first_value(corrected_files.receipt_id IS NOT NULL OR later.source_lead_id IS NOT NULL)
            OVER newest_first AS is_corrected
    FROM core.quarantined_records AS records
    LEFT JOIN ops.deliveries AS deliveries
        ON deliveries.receipt_id = records.receipt_id AND deliveries.is_latest
    LEFT JOIN corrected_files ON corrected_files.receipt_id = records.receipt_id
    LEFT JOIN newest_enquiries AS later
        ON later.source = records.source
        AND later.account = records.account
        AND later.source_lead_id = records.source_lead_id
        AND later.last_seen_at > deliveries.requested_at
    WINDOW newest_first AS (
        PARTITION BY records.record_key
        ORDER BY deliveries.requested_at DESC, records.quarantine_id DESC
    )
)
SELECT
    placed.quarantine_id,
    CASE
        WHEN dismissed.record_key IS NOT NULL THEN 'dismissed'
        WHEN placed.is_corrected THEN 'corrected'
        WHEN placed.place > 1 THEN 'repeated'
        ELSE 'waiting'
    END AS state,
    dismissed.dismissal
FROM placed
LEFT JOIN dismissed ON dismissed.record_key = placed.record_key;

UPDATE ops.quarantine
SET
    state = settled.state,
    dismissed_at = settled.dismissal.dismissed_at,
    dismissed_by = settled.dismissal.dismissed_by,
    dismissed_because = settled.dismissal.dismissed_because
FROM settled_records AS settled
WHERE settled.quarantine_id = quarantine.quarantine_id;

DROP TABLE settled_records;
DROP TABLE corrected_files;
