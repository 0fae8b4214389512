-- Scans of $accounts since $since that failed or are not whole, as far as none after them is whole.
WITH events AS (
    SELECT source, account, stream, received_at AS happened_at, false AS is_whole, error, message
    FROM ops.deliveries
    WHERE outcome = 'failed' AND window_start IS NULL
    UNION ALL
    SELECT
        source,
        account,
        stream,
        ended_at AS happened_at,
        complete AS is_whole,
        'ScanIncomplete' AS error,
        'the scan is not whole, so nothing of it counts as vanished: ' || reason AS message
    FROM ops.scans
    WHERE ended_at IS NOT NULL
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
