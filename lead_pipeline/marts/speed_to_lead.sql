-- How long an enquiry waits: from the moment the person enquired until it was fetched, published,
-- in the CRM, and until the first task was done. By source and hour of the enquiry, in whole
-- seconds. Each step is measured from the enquiry, so that steps of one enquiry may be subtracted,
-- but percentiles may not.
--
-- What was made before its account was first asked is left out: it could not have been quick. An
-- enquiry that has not reached a step, or of which nobody knows when, is counted, not measured.
-- A vendor's clock may run ahead of ours: a negative wait is kept as it is.
--
-- A view until it is published, since an enquiry is published after the reports are built.
CREATE OR REPLACE VIEW marts.speed_to_lead AS
WITH moments AS (
    SELECT enquiries.source, enquiries.hour, enquiries.enquired_at, 1 AS step_number, 'fetched' AS step, enquiries.fetched_at AS reached_at
    FROM marts.enquiry_outcomes AS enquiries
    WHERE NOT enquiries.is_backfilled
    UNION ALL
    SELECT enquiries.source, enquiries.hour, enquiries.enquired_at, 2 AS step_number, 'published' AS step, publications.published_at AS reached_at
    FROM marts.enquiry_outcomes AS enquiries
    LEFT JOIN ops.publications AS publications ON publications.lead_id = enquiries.lead_id
    WHERE NOT enquiries.is_backfilled
    UNION ALL
    SELECT enquiries.source, enquiries.hour, enquiries.enquired_at, 3 AS step_number, 'in_crm' AS step, enquiries.in_crm_at AS reached_at
    FROM marts.enquiry_outcomes AS enquiries
    WHERE NOT enquiries.is_backfilled
    UNION ALL
    SELECT enquiries.source, enquiries.hour, enquiries.enquired_at, 4 AS step_number, 'first_task_done' AS step, enquiries.first_task_done_at AS reached_at
    FROM marts.enquiry_outcomes AS enquiries
    WHERE NOT enquiries.is_backfilled
)
SELECT
    source,
    hour,
    step_number,
    step,
    count(*) AS enquiries,
    count(reached_at) AS measured,
    quantile_disc(date_sub('second', enquired_at, reached_at), 0.5) AS p50_seconds,
    quantile_disc(date_sub('second', enquired_at, reached_at), 0.9) AS p90_seconds,
    quantile_disc(date_sub('second', enquired_at, reached_at), 0.99) AS p99_seconds
FROM moments
GROUP BY source, hour, step_number, step
ORDER BY source, hour, step_number;

COMMENT ON VIEW marts.speed_to_lead IS 'One row per source, hour of the enquiry and step: how long it took from the enquiry';
-- from marts.enquiry_outcomes.source
COMMENT ON COLUMN marts.speed_to_lead.source IS 'The vendor''s system';
-- from marts.enquiry_outcomes.hour
COMMENT ON COLUMN marts.speed_to_lead.hour IS 'Hour of the day of the enquiry, 0 to 23, business time zone ({time_zone})';
-- from marts.enquiry_outcomes.lead_id
COMMENT ON COLUMN marts.speed_to_lead.step_number IS 'Order of the steps, 1 to 4';
-- from marts.enquiry_outcomes.lead_id
COMMENT ON COLUMN marts.speed_to_lead.step IS 'fetched: we had it; published: a snapshot showed it; in_crm: the CRM got something of it; first_task_done';
-- from marts.enquiry_outcomes.is_backfilled
COMMENT ON COLUMN marts.speed_to_lead.enquiries IS 'Enquiries that were made while their account was asked';
-- from marts.enquiry_outcomes.fetched_at, ops.publications.published_at, marts.enquiry_outcomes.in_crm_at, marts.enquiry_outcomes.first_task_done_at
COMMENT ON COLUMN marts.speed_to_lead.measured IS 'Those of them that are known to have reached the step';
-- from marts.enquiry_outcomes.enquired_at, marts.enquiry_outcomes.fetched_at, ops.publications.published_at, marts.enquiry_outcomes.in_crm_at, marts.enquiry_outcomes.first_task_done_at
COMMENT ON COLUMN marts.speed_to_lead.p50_seconds IS 'Half of the measured ones took at most so many seconds from the enquiry';
-- from marts.enquiry_outcomes.enquired_at, marts.enquiry_outcomes.fetched_at, ops.publications.published_at, marts.enquiry_outcomes.in_crm_at, marts.enquiry_outcomes.first_task_done_at
COMMENT ON COLUMN marts.speed_to_lead.p90_seconds IS 'Nine in ten took at most so many';
-- from marts.enquiry_outcomes.enquired_at, marts.enquiry_outcomes.fetched_at, ops.publications.published_at, marts.enquiry_outcomes.in_crm_at, marts.enquiry_outcomes.first_task_done_at
COMMENT ON COLUMN marts.speed_to_lead.p99_seconds IS '99 in a hundred took at most so many';
