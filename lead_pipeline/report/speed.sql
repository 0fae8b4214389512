-- Minutes from an enquiry to our first having it, by source: enquiries of the last 28 UTC days that
-- were made after the account was first asked, since older ones could not have come sooner.
WITH recent AS (
    SELECT
        deliveries.account,
        greatest(
            min(deliveries.requested_at),
            CAST(CAST(published.published_at AT TIME ZONE 'UTC' AS DATE) - 27 AS TIMESTAMP) AT TIME ZONE 'UTC'
        ) AS since
    FROM ops.deliveries
    CROSS JOIN ops.published
    GROUP BY deliveries.account, published.published_at
)
SELECT
    leads.source,
    count(*) AS enquiries,
    quantile_cont(date_diff('second', leads.created_at, leads.first_seen_at) / 60, 0.5) AS median_minutes,
    quantile_cont(date_diff('second', leads.created_at, leads.first_seen_at) / 60, 0.9) AS nine_in_ten_minutes
FROM leads
INNER JOIN recent ON recent.account = leads.account AND leads.created_at >= recent.since
WHERE leads.first_seen_at >= leads.created_at
GROUP BY leads.source
ORDER BY leads.source
