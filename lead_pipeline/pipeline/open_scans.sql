-- Scans of $accounts since $since that failed, are not whole, or hold pages that cannot be loaded,
-- as far as none after them is whole.
WITH unreadable AS (
    SELECT scans.scan_id, min(deliveries.error) AS error, min(deliveries.message) AS message
    FROM ops.scans AS scans
    INNER JOIN ops.deliveries AS deliveries
        ON deliveries.source = scans.source
        AND deliveries.account = scans.account
        AND deliveries.stream = scans.stream
        AND starts_with(deliveries.receipt_id, scans.scan_id || '-')
    WHERE deliveries.is_latest AND deliveries.outcome = 'unreadable'
    GROUP BY scans.scan_id
),
events AS (
    SELECT source, account, stream, received_at AS happened_at, false AS is_whole, error, message
    FROM ops.deliveries
    WHERE outcome = 'failed' AND window_start IS NULL
    UNION ALL
    SELECT
        scans.source,
        scans.account,
        scans.stream,
        scans.ended_at AS happened_at,
        scans.complete AND unreadable.scan_id IS NULL AS is_whole,
        coalesce(unreadable.error, 'ScanIncomplete') AS error,
        coalesce(
            unreadable.message,
            'the scan is not whole, so nothing of it counts as vanished: ' || scans.reason
        ) AS message
    FROM ops.scans AS scans
    LEFT JOIN unreadable ON unreadable.scan_id = scans.scan_id
    WHERE scans.ended_at IS NOT NULL
),
ranked AS (
    SELECT
        *,
        row_number() OVER (
            PARTITION BY source, account, stream ORDER BY happened_at DESC, is_whole DESC, message
        ) AS place
    FROM events
    WHERE happened_at > $since AND list_contains($accounts, account)
)
SELECT
    source,
    account,
    stream,
    NULL::DATE AS first_day,
    NULL::DATE AS last_day,
    error,
    message
FROM ranked
WHERE place = 1 AND NOT is_whole
ORDER BY account, stream
