-- When each object that may be gone is known to be: at the beginning of the first scan after it was
-- last seen that missed it. Only a scan of which every record was read can miss anything.
CREATE OR REPLACE TEMP TABLE vanished AS
WITH whole_scans AS (
    SELECT began_at
    FROM ops.scans AS scans
    WHERE source = $source
        AND account = $account
        AND stream = $stream
        AND complete
        AND NOT EXISTS (
            SELECT 1
            FROM ops.deliveries AS deliveries
            WHERE deliveries.is_latest
                AND deliveries.source = scans.source
                AND deliveries.account = scans.account
                AND deliveries.stream = scans.stream
                AND starts_with(deliveries.receipt_id, scans.scan_id || '-')
                AND (deliveries.outcome <> 'loaded' OR deliveries.quarantined > 0)
        )
)
SELECT
    object_id,
    CASE
        WHEN kind = 'contact' THEN left(
            sha256(concat_ws(chr(31), source, account, key_version, natural_key)), 32
        )
    END AS lead_id,
    (SELECT min(began_at) FROM whole_scans WHERE began_at > objects.last_seen_at) AS vanished_at
FROM core.objects AS objects
WHERE source = $source
    AND account = $account
    AND list_contains($kinds, kind)
    AND (vanished_at IS NOT NULL OR last_seen_at < (SELECT max(began_at) FROM whole_scans))
