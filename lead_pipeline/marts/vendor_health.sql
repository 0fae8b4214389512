-- How each vendor answered, day by day: how often, how fast, how big, and what went wrong. From the
-- ledger, where a request is one question to the vendor however many attempts it took, and a scan's
-- pack of up to a hundred pages is one too: of those, latency and retries are not known. An answer
-- that was loaded again counts once. What came unasked, by webhook, is not in here.
CREATE OR REPLACE TABLE marts.vendor_health AS
WITH requests AS (
    SELECT
        business_day(requested_at) AS day,
        source,
        account,
        stream,
        outcome,
        error,
        length,
        received,
        CASE WHEN outcome <> 'failed' AND window_start IS NOT NULL THEN attempts - 1 END AS retries,
        CASE
            WHEN outcome <> 'failed' AND window_start IS NOT NULL
                THEN date_sub('millisecond', requested_at, received_at)
        END AS milliseconds
    FROM ops.deliveries
    WHERE is_latest AND requested_at IS NOT NULL AND source <> 'listsmrt'
),
errors AS (
    SELECT day, source, account, stream, map_from_entries(list((error, requests) ORDER BY error)) AS errors
    FROM (
        SELECT day, source, account, stream, error, count(*) AS requests
        FROM requests
        WHERE error IS NOT NULL
        GROUP BY day, source, account, stream, error
    ) AS counted
    GROUP BY day, source, account, stream
)
SELECT
    requests.day,
    requests.source,
    requests.account,
    requests.stream,
    count(*) AS requests,
    count(*) FILTER (WHERE requests.outcome = 'loaded') AS loaded,
    count(*) FILTER (WHERE requests.outcome = 'unreadable') AS unreadable,
    count(*) FILTER (WHERE requests.outcome = 'failed') AS failed,
    sum(requests.retries)::BIGINT AS retries,
    coalesce(errors.errors, MAP {}::MAP(VARCHAR, BIGINT)) AS errors,
    quantile_disc(requests.milliseconds, 0.5) AS p50_milliseconds,
    quantile_disc(requests.milliseconds, 0.95) AS p95_milliseconds,
    max(requests.milliseconds) AS longest_milliseconds,
    coalesce(sum(requests.length), 0)::BIGINT AS bytes,
    max(requests.length) AS largest_bytes,
    coalesce(sum(requests.received), 0)::BIGINT AS records
FROM requests
LEFT JOIN errors
    ON errors.day = requests.day
    AND errors.source = requests.source
    AND errors.account = requests.account
    AND errors.stream IS NOT DISTINCT FROM requests.stream
GROUP BY requests.day, requests.source, requests.account, requests.stream, errors.errors
ORDER BY requests.day, requests.source, requests.account, requests.stream;

COMMENT ON TABLE marts.vendor_health IS 'One row per day, account and stream that was asked: answers, failures, retries, latency, sizes';
-- from ops.deliveries.requested_at
COMMENT ON COLUMN marts.vendor_health.day IS 'Day on which it was asked, business time zone ({time_zone})';
-- from ops.deliveries.source
COMMENT ON COLUMN marts.vendor_health.source IS 'The vendor''s system';
-- from ops.deliveries.account
COMMENT ON COLUMN marts.vendor_health.account IS 'The account';
-- from ops.deliveries.stream
COMMENT ON COLUMN marts.vendor_health.stream IS 'What was asked for: leads, contacts, deals …';
-- from ops.deliveries.receipt_id
COMMENT ON COLUMN marts.vendor_health.requests IS 'Requests: loaded + unreadable + failed';
-- from ops.deliveries.outcome
COMMENT ON COLUMN marts.vendor_health.loaded IS 'Those that were answered and loaded';
-- from ops.deliveries.outcome
COMMENT ON COLUMN marts.vendor_health.unreadable IS 'Those whose answer could not be read';
-- from ops.deliveries.outcome
COMMENT ON COLUMN marts.vendor_health.failed IS 'Those that were not answered, after all attempts';
-- from ops.deliveries.attempts
COMMENT ON COLUMN marts.vendor_health.retries IS 'Attempts beyond the first, of requests that were answered; null: scans only';
-- from ops.deliveries.error
COMMENT ON COLUMN marts.vendor_health.errors IS 'How many requests ended with which kind of error';
-- from ops.deliveries.requested_at, ops.deliveries.received_at
COMMENT ON COLUMN marts.vendor_health.p50_milliseconds IS 'Half of the answers were whole so many milliseconds after their last attempt began; null: scans only';
-- from ops.deliveries.requested_at, ops.deliveries.received_at
COMMENT ON COLUMN marts.vendor_health.p95_milliseconds IS '95 in a hundred within so many';
-- from ops.deliveries.requested_at, ops.deliveries.received_at
COMMENT ON COLUMN marts.vendor_health.longest_milliseconds IS 'The slowest answer';
-- from ops.deliveries.length
COMMENT ON COLUMN marts.vendor_health.bytes IS 'Size of all bodies, bytes';
-- from ops.deliveries.length
COMMENT ON COLUMN marts.vendor_health.largest_bytes IS 'Size of the largest, bytes';
-- from ops.deliveries.received
COMMENT ON COLUMN marts.vendor_health.records IS 'Records in the answers';
