-- Seconds from an enquiry to each step after it, by source: enquiries of the last 28 UTC days that
-- were made after their account was first asked, since older ones could not have come sooner.
-- What is a contact of the CRM itself does not wait for it. measured: those that are known to have reached the step.
WITH recent AS (
    SELECT outcomes.*, publications.published_at AS shown_at, crm_contacts.lead_id IS NOT NULL AS is_contact
    FROM marts.enquiry_outcomes AS outcomes
    CROSS JOIN ops.published
    LEFT JOIN ops.publications AS publications ON publications.lead_id = outcomes.lead_id
    LEFT JOIN crm_contacts ON crm_contacts.lead_id = outcomes.lead_id
    WHERE NOT outcomes.is_backfilled
        AND outcomes.enquired_at >= CAST(CAST(published.published_at AT TIME ZONE 'UTC' AS DATE) - 27 AS TIMESTAMP) AT TIME ZONE 'UTC'
),
steps AS (
    SELECT source, 1 AS step_number, 'fetched' AS step, date_diff('second', enquired_at, fetched_at) AS seconds FROM recent
    UNION ALL
    SELECT source, 2, 'published', date_diff('second', enquired_at, shown_at) FROM recent
    UNION ALL
    SELECT source, 3, 'in the CRM', date_diff('second', enquired_at, in_crm_at) FROM recent WHERE NOT is_contact
    UNION ALL
    SELECT source, 4, 'first task done', date_diff('second', enquired_at, first_task_done_at) FROM recent
)
SELECT
    step_number,
    step,
    source,
    count(*) AS enquiries,
    count(seconds) AS measured,
    quantile_disc(seconds, 0.5) AS half_within_seconds,
    quantile_disc(seconds, 0.9) AS nine_in_ten_within_seconds
FROM steps
GROUP BY step_number, step, source
HAVING count(seconds) > 0
ORDER BY step_number, source
