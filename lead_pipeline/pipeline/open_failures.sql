-- Failed requests of $accounts since $since that no later request has made good: one that read a
-- part of the window, or one that asked for all of it anew (and then stands for itself).
SELECT
    failed.source,
    failed.account,
    failed.window_start,
    failed.window_end,
    failed.error,
    failed.message
FROM ops.deliveries AS failed
WHERE failed.outcome <> 'loaded'
    AND list_contains($accounts, failed.account)
    AND failed.requested_at > $since
    AND NOT EXISTS (
        SELECT 1
        FROM ops.deliveries AS later
        WHERE later.source = failed.source
            AND later.account = failed.account
            AND later.load_id > failed.load_id
            AND later.window_start < failed.window_end
            AND later.window_end > failed.window_start
            AND (
                (later.outcome = 'loaded' AND later.covers)
                OR (later.window_start <= failed.window_start AND later.window_end >= failed.window_end)
            )
    )
ORDER BY failed.account, failed.window_start
