-- From enquiry to deal won, by source ('all': every source together): enquiries of the last 90 UTC
-- days, the people who made them, those of them who are contacts in the CRM, and the deals whose
-- first touch was one of the enquiries, whenever they came (marts.deal_outcomes says what that is).
SELECT
    coalesce(outcomes.source, 'all') AS source,
    count(*) AS enquiries,
    count(DISTINCT outcomes.person_id) AS people,
    count(DISTINCT outcomes.person_id) FILTER (WHERE outcomes.contact_id IS NOT NULL) AS contacts,
    CAST(sum(outcomes.first_touch_deals) AS BIGINT) AS deals,
    CAST(sum(outcomes.first_touch_won) AS BIGINT) AS deals_won
FROM marts.enquiry_outcomes AS outcomes
CROSS JOIN ops.published
WHERE outcomes.enquired_at >= CAST(CAST(published.published_at AT TIME ZONE 'UTC' AS DATE) - 89 AS TIMESTAMP) AT TIME ZONE 'UTC'
GROUP BY GROUPING SETS ((outcomes.source), ())
HAVING count(*) > 0
ORDER BY outcomes.source IS NOT NULL, outcomes.source
