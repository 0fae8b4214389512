-- Enquiries and people per UTC day and source ('all': every source together), of the last 28 days,
-- or as many as were asked for, and of the same weekday a week before. state says what we have of
-- the day: complete, partial, missing, or null where nobody has asked for it.
WITH today AS (
    SELECT CAST(published_at AT TIME ZONE 'UTC' AS DATE) AS day FROM ops.published
),
sources AS (
    SELECT DISTINCT source FROM ops.coverage UNION SELECT DISTINCT source FROM leads
),
span AS (
    SELECT
        today.day AS last_day,
        least(today.day - 6, greatest(today.day - 27, coalesce(min(coverage.day), today.day))) AS first_day
    FROM today
    LEFT JOIN ops.coverage ON true
    GROUP BY today.day
),
days AS (
    SELECT CAST(unnest(generate_series(first_day - 7, last_day, INTERVAL 1 DAY)) AS DATE) AS day FROM span
),
states AS (
    SELECT
        days.day,
        sources.source,
        CASE
            WHEN count(coverage.status) = 0 THEN NULL
            WHEN bool_or(coverage.status = 'missing') AND bool_and(coverage.status = 'missing') THEN 'missing'
            WHEN bool_and(coverage.status = 'complete') THEN 'complete'
            ELSE 'partial'
        END AS state
    FROM days
    CROSS JOIN sources
    LEFT JOIN ops.coverage ON coverage.day = days.day AND coverage.source = sources.source
    GROUP BY days.day, sources.source
),
all_states AS (
    SELECT day, source, state FROM states
    UNION ALL
    SELECT
        day,
        'all',
        CASE
            WHEN count(state) = 0 THEN NULL
            WHEN bool_and(coalesce(state = 'complete', false)) THEN 'complete'
            ELSE 'partial'
        END
    FROM states
    GROUP BY day
),
counted AS (
    SELECT
        CAST(leads.created_at AT TIME ZONE 'UTC' AS DATE) AS day,
        coalesce(leads.source, 'all') AS source,
        count(*) AS enquiries,
        count(DISTINCT leads.person_id) AS people,
        count(DISTINCT leads.person_id) FILTER (WHERE people.first_enquiry_at = leads.created_at) AS new_people
    FROM leads
    LEFT JOIN people ON people.person_id = leads.person_id
    WHERE leads.created_at >= (SELECT CAST(first_day - 7 AS TIMESTAMP) AT TIME ZONE 'UTC' FROM span)
    GROUP BY GROUPING SETS (
        (CAST(leads.created_at AT TIME ZONE 'UTC' AS DATE), leads.source),
        (CAST(leads.created_at AT TIME ZONE 'UTC' AS DATE))
    )
)
SELECT
    all_states.day,
    all_states.source,
    all_states.state,
    coalesce(counted.enquiries, 0) AS enquiries,
    coalesce(counted.people, 0) AS people,
    coalesce(counted.new_people, 0) AS new_people,
    before.state AS state_week_before,
    coalesce(counted_before.enquiries, 0) AS enquiries_week_before,
    coalesce(counted_before.people, 0) AS people_week_before
FROM all_states
INNER JOIN span ON all_states.day BETWEEN span.first_day AND span.last_day
LEFT JOIN counted ON counted.day = all_states.day AND counted.source = all_states.source
LEFT JOIN all_states AS before ON before.day = all_states.day - 7 AND before.source = all_states.source
LEFT JOIN counted AS counted_before ON counted_before.day = all_states.day - 7 AND counted_before.source = all_states.source
ORDER BY all_states.source = 'all' DESC, all_states.source, all_states.day
