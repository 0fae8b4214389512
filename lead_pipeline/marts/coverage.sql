-- What we have of which day. A day is complete if windows that were asked for after it had ended,
-- and whose answers were whole, together cover it. `horizons` says until when a day can be asked
-- for again; $now is the present.
WITH known_days AS (
    SELECT source, account, unnest(generate_series(first_day, CAST($now::TIMESTAMPTZ AT TIME ZONE 'UTC' AS DATE), INTERVAL 1 DAY))::DATE AS day
    FROM (
        -- The first whole day: a vendor's calendar may reach into the day before.
        SELECT source, account, CAST((min(window_start) + INTERVAL '1 day' - INTERVAL '1 microsecond') AT TIME ZONE 'UTC' AS DATE) AS first_day
        FROM ops.deliveries
        WHERE is_latest AND window_start IS NOT NULL
        GROUP BY source, account
    ) AS firsts
),
days AS (
    SELECT source, account, day, CAST(day AS TIMESTAMP) AT TIME ZONE 'UTC' AS day_start, CAST(day + INTERVAL 1 DAY AS TIMESTAMP) AT TIME ZONE 'UTC' AS day_end
    FROM known_days
),
asked AS (
    SELECT
        days.source, days.account, days.day, days.day_start, days.day_end,
        greatest(deliveries.window_start, days.day_start) AS piece_start,
        least(deliveries.window_end, days.day_end) AS piece_end,
        deliveries.requested_at,
        deliveries.first_load_id,
        deliveries.outcome,
        deliveries.run_id,
        deliveries.error,
        deliveries.outcome = 'loaded' AS is_loaded,
        deliveries.outcome = 'loaded' AND deliveries.covers AND deliveries.requested_at >= days.day_end AS is_final,
        deliveries.loaded_at
    FROM days
    INNER JOIN ops.deliveries AS deliveries
        ON deliveries.is_latest
        AND deliveries.account = days.account
        AND deliveries.source = days.source
        AND deliveries.window_start < days.day_end
        AND deliveries.window_end > days.day_start
),
final_pieces AS (
    SELECT
        source, account, day, day_start, day_end, piece_start, piece_end,
        coalesce(
            max(piece_end) OVER (PARTITION BY source, account, day ORDER BY piece_start, piece_end ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING),
            day_start
        ) AS covered_until
    FROM asked
    WHERE is_final
),
whole_days AS (
    SELECT source, account, day
    FROM final_pieces
    GROUP BY source, account, day, day_end
    HAVING max(piece_end) >= day_end AND bool_and(piece_start <= covered_until)
),
last_runs AS (
    SELECT source, account, day, arg_max(run_id, first_load_id) AS run_id
    FROM asked
    GROUP BY source, account, day
),
requests AS (
    SELECT
        asked.source, asked.account, asked.day,
        bool_or(asked.is_loaded) AS has_loads,
        max(asked.loaded_at) FILTER (WHERE asked.is_loaded) AS last_loaded_at,
        max(asked.requested_at) AS last_asked_at,
        max(asked.error) FILTER (WHERE asked.run_id = last_runs.run_id) AS last_error
    FROM asked
    INNER JOIN last_runs ON last_runs.source = asked.source AND last_runs.account = asked.account AND last_runs.day = asked.day
    GROUP BY asked.source, asked.account, asked.day
),
created AS (
    SELECT source, account, CAST(created_at AT TIME ZONE 'UTC' AS DATE) AS day, count(*) AS leads
    FROM leads
    GROUP BY source, account, CAST(created_at AT TIME ZONE 'UTC' AS DATE)
)
SELECT
    days.source,
    days.account,
    days.day,
    CASE WHEN whole_days.day IS NOT NULL THEN 'complete' WHEN requests.has_loads THEN 'partial' ELSE 'missing' END AS status,
    coalesce(created.leads, 0) AS leads,
    requests.last_loaded_at,
    requests.last_asked_at,
    horizons.refetchable_until,
    requests.last_error
FROM days
LEFT JOIN whole_days ON whole_days.source = days.source AND whole_days.account = days.account AND whole_days.day = days.day
LEFT JOIN requests ON requests.source = days.source AND requests.account = days.account AND requests.day = days.day
LEFT JOIN created ON created.source = days.source AND created.account = days.account AND created.day = days.day
LEFT JOIN horizons ON horizons.account = days.account AND horizons.day = days.day
ORDER BY days.source, days.account, days.day
