-- Requests of $accounts since $since that failed, as far as nobody has asked for the same UTC day
-- again: of each day only the last run counts, since within a run nothing makes a failure good.
-- Of an answer that its client could not read either, the failure of its window says what it was.
WITH asked AS (
    SELECT
        source,
        account,
        stream,
        first_load_id,
        run_id,
        window_start,
        window_end,
        outcome,
        error,
        message,
        unnest(generate_series(
            CAST(window_start AT TIME ZONE 'UTC' AS DATE),
            CAST((window_end - INTERVAL '1 microsecond') AT TIME ZONE 'UTC' AS DATE),
            INTERVAL 1 DAY
        ))::DATE AS day
    FROM ops.deliveries
    WHERE is_latest AND requested_at > $since AND list_contains($accounts, account)
),
last_runs AS (
    SELECT source, account, day, arg_max(run_id, first_load_id) AS run_id
    FROM asked
    GROUP BY source, account, day
)
SELECT asked.source, asked.account, asked.stream, min(asked.day) AS first_day, max(asked.day) AS last_day, asked.error, asked.message
FROM asked
INNER JOIN last_runs
    ON last_runs.source = asked.source
    AND last_runs.account = asked.account
    AND last_runs.day = asked.day
    AND last_runs.run_id = asked.run_id
WHERE asked.outcome <> 'loaded'
    AND NOT EXISTS (
        SELECT 1
        FROM ops.deliveries AS failures
        WHERE asked.outcome = 'unreadable'
            AND failures.outcome = 'failed'
            AND failures.error IN ('UnreadableDelivery', 'VendorRefused')
            AND failures.source = asked.source
            AND failures.account = asked.account
            AND failures.stream = asked.stream
            AND failures.run_id = asked.run_id
            AND failures.window_start < asked.window_end
            AND failures.window_end > asked.window_start
    )
GROUP BY asked.source, asked.account, asked.stream, asked.first_load_id, asked.error, asked.message
ORDER BY asked.account, first_day, asked.first_load_id
