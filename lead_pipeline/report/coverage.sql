-- What we have of which UTC day, by account, of the last 28 days; lost: incomplete, and the vendor
-- no longer answers for it. hours_left: until the vendor forgets the day, as of the snapshot.
SELECT
    coverage.source,
    coverage.account,
    coverage.day,
    CASE
        WHEN coverage.status <> 'complete' AND coverage.refetchable_until <= published.published_at THEN 'lost'
        ELSE coverage.status
    END AS state,
    coverage.leads AS enquiries,
    coverage.last_asked_at,
    coverage.last_loaded_at,
    coverage.refetchable_until,
    date_diff('hour', published.published_at, coverage.refetchable_until) AS hours_left,
    coverage.last_error
FROM ops.coverage
CROSS JOIN ops.published
WHERE coverage.day > CAST(published.published_at AT TIME ZONE 'UTC' AS DATE) - 28
ORDER BY coverage.account, coverage.day
