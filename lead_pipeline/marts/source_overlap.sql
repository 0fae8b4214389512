-- Which people two sources share. Each pair of sources has two rows, one from either side; a source
-- with itself has one row, which counts all of its people.
CREATE OR REPLACE TABLE marts.source_overlap AS
WITH seen AS (
    SELECT source, person_id, bool_or(is_first_enquiry) AS is_first
    FROM mart_enquiries
    WHERE person_id IS NOT NULL
    GROUP BY source, person_id
),
sizes AS (
    SELECT source, count(*) AS people FROM seen GROUP BY source
),
shared AS (
    SELECT one.source, other.source AS other_source, count(*) AS people, count(*) FILTER (WHERE one.is_first) AS came_here_first
    FROM seen AS one
    INNER JOIN seen AS other ON other.person_id = one.person_id
    GROUP BY one.source, other.source
)
SELECT
    one.source,
    other.source AS other_source,
    coalesce(shared.people, 0) AS people,
    one.people AS people_of_source,
    coalesce(shared.came_here_first, 0) AS came_here_first
FROM sizes AS one
CROSS JOIN sizes AS other
LEFT JOIN shared ON shared.source = one.source AND shared.other_source = other.source
ORDER BY one.source, other.source;

COMMENT ON TABLE marts.source_overlap IS 'One row per ordered pair of sources: the people who enquired in both';
-- from leads.source
COMMENT ON COLUMN marts.source_overlap.source IS 'The vendor''s system';
-- from leads.source
COMMENT ON COLUMN marts.source_overlap.other_source IS 'The other one; the same: all people of source';
-- from leads.person_id
COMMENT ON COLUMN marts.source_overlap.people IS 'People who enquired in both';
-- from leads.person_id
COMMENT ON COLUMN marts.source_overlap.people_of_source IS 'People who enquired in source at all';
-- from leads.person_id, leads.created_at
COMMENT ON COLUMN marts.source_overlap.came_here_first IS 'People of both whose first enquiry anywhere was in source';
