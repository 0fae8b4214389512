-- Enquiries about a property before and after each copy that was generated for it: counts, and the
-- days that they were counted in. Nothing more is claimed: season, price and advertising change too,
-- and whether a copy was put online is not known here.
--
-- Before reaches back to the copy before it, or to when we began to know enquiries about
-- properties; after reaches to the next copy, or to when an account with such enquiries last
-- answered. An enquiry of the very moment of a copy comes after it. Where the reach is not known
-- the days are null, and where they are few the counts say little.
CREATE OR REPLACE TABLE marts.listing_effect AS
WITH reach AS (
    SELECT min(window_start) AS known_since, max(requested_at) AS known_until
    FROM ops.deliveries
    WHERE outcome = 'loaded'
        AND is_latest
        AND (source, account) IN (SELECT DISTINCT source, account FROM mart_enquiries WHERE interest_kind = 'property')
),
copies AS (
    SELECT
        property_id,
        generation_id,
        coalesce(created_at, received_at) AS generated_at,
        row_number() OVER steps AS version,
        lag(coalesce(created_at, received_at)) OVER steps AS before_at,
        lead(coalesce(created_at, received_at)) OVER steps AS next_at
    FROM listing_versions
    WHERE property_id IS NOT NULL AND event_type = 'property.generate-content'
    WINDOW steps AS (PARTITION BY property_id ORDER BY coalesce(created_at, received_at), received_at, generation_id)
),
spans AS (
    SELECT
        copies.property_id,
        copies.generation_id,
        copies.version,
        copies.generated_at,
        coalesce(
            copies.before_at,
            CASE WHEN reach.known_since > copies.generated_at THEN copies.generated_at ELSE reach.known_since END
        ) AS before_from,
        coalesce(
            copies.next_at,
            CASE WHEN reach.known_until < copies.generated_at THEN copies.generated_at ELSE reach.known_until END
        ) AS after_until
    FROM copies
    CROSS JOIN reach
),
enquiries AS (
    SELECT project_id AS property_id, created_at FROM mart_enquiries WHERE interest_kind = 'property' AND project_id IS NOT NULL
)
SELECT
    spans.property_id,
    spans.generation_id,
    spans.version,
    spans.generated_at,
    spans.before_from,
    spans.after_until,
    round(date_sub('second', spans.before_from, spans.generated_at)::DECIMAL(18, 2) / 86400, 2)::DECIMAL(18, 2) AS days_before,
    count(enquiries.created_at) FILTER (WHERE enquiries.created_at < spans.generated_at) AS enquiries_before,
    round(date_sub('second', spans.generated_at, spans.after_until)::DECIMAL(18, 2) / 86400, 2)::DECIMAL(18, 2) AS days_after,
    count(enquiries.created_at) FILTER (WHERE enquiries.created_at >= spans.generated_at) AS enquiries_after
FROM spans
LEFT JOIN enquiries
    ON enquiries.property_id = spans.property_id
    AND enquiries.created_at >= spans.before_from
    AND enquiries.created_at < spans.after_until
GROUP BY spans.property_id, spans.generation_id, spans.version, spans.generated_at, spans.before_from, spans.after_until
ORDER BY spans.property_id, spans.version;

COMMENT ON TABLE marts.listing_effect IS 'One row per copy that was generated for a property: enquiries before and after, and in how many days';
-- from listing_versions.property_id
COMMENT ON COLUMN marts.listing_effect.property_id IS 'The property: leads.interest_id where interest_kind is property';
-- from listing_versions.generation_id
COMMENT ON COLUMN marts.listing_effect.generation_id IS 'The copy: listing_versions.generation_id';
-- from listing_versions.created_at
COMMENT ON COLUMN marts.listing_effect.version IS 'Number of the copy among those of the property, from 1';
-- from listing_versions.created_at, listing_versions.received_at
COMMENT ON COLUMN marts.listing_effect.generated_at IS 'When it was generated, else received, UTC';
-- from listing_versions.created_at, ops.deliveries.window_start
COMMENT ON COLUMN marts.listing_effect.before_from IS 'Since when enquiries count as before: the copy before it, else what we know of, UTC';
-- from listing_versions.created_at, ops.deliveries.requested_at
COMMENT ON COLUMN marts.listing_effect.after_until IS 'Until when they count as after: the next copy, else what we know of, UTC, not included';
-- from listing_versions.created_at, ops.deliveries.window_start
COMMENT ON COLUMN marts.listing_effect.days_before IS 'Days from before_from to generated_at, two decimals';
-- from leads.interest_id, leads.created_at
COMMENT ON COLUMN marts.listing_effect.enquiries_before IS 'Enquiries about the property in those days';
-- from listing_versions.created_at, ops.deliveries.requested_at
COMMENT ON COLUMN marts.listing_effect.days_after IS 'Days from generated_at to after_until, two decimals';
-- from leads.interest_id, leads.created_at
COMMENT ON COLUMN marts.listing_effect.enquiries_after IS 'Enquiries about the property in those days';
