-- What the enquiries of the last 28 UTC days can be used for, by source; unreadable: records of
-- answers asked for in that time that could not be read at all.
WITH recent AS (
    SELECT CAST(CAST(published_at AT TIME ZONE 'UTC' AS DATE) - 27 AS TIMESTAMP) AT TIME ZONE 'UTC' AS since
    FROM ops.published
),
usable AS (
    SELECT
        leads.source,
        count(*) AS enquiries,
        count(*) FILTER (WHERE leads.phone IS NOT NULL) AS with_phone,
        count(*) FILTER (WHERE leads.email IS NOT NULL) AS with_email,
        count(*) FILTER (WHERE leads.full_name IS NOT NULL) AS with_name,
        count(*) FILTER (WHERE leads.phone_status = 'missing') AS phone_missing,
        count(*) FILTER (WHERE leads.phone_status = 'placeholder') AS phone_placeholder,
        count(*) FILTER (WHERE leads.phone_status = 'impossible') AS phone_impossible
    FROM leads
    CROSS JOIN recent
    WHERE leads.created_at >= recent.since
    GROUP BY leads.source
),
unreadable AS (
    SELECT quarantine.source, count(*) AS records
    FROM ops.quarantine
    CROSS JOIN recent
    WHERE quarantine.quarantined_at >= recent.since AND quarantine.state = 'waiting'
    GROUP BY quarantine.source
)
SELECT usable.*, coalesce(unreadable.records, 0) AS unreadable
FROM usable
LEFT JOIN unreadable ON unreadable.source = usable.source
ORDER BY usable.source
