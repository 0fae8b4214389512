-- Which person each component is. Every known person goes to the component that holds most of
-- its leads; a component takes the oldest person it won; the rest are new, in order of founders.
CREATE OR REPLACE TEMP TABLE won AS
SELECT component, min(person_id) AS person_id
FROM (
    SELECT
        person_id,
        component,
        row_number() OVER (PARTITION BY person_id ORDER BY leads DESC, component) AS place
    FROM (
        SELECT assignments.person_id, components.component, count(*) AS leads
        FROM core.assignments AS assignments
        INNER JOIN numbered ON numbered.lead_id = assignments.lead_id
        INNER JOIN components ON components.lead_number = numbered.lead_number
        GROUP BY assignments.person_id, components.component
    ) AS votes
) AS ranked
WHERE place = 1
GROUP BY component;

CREATE OR REPLACE TEMP TABLE resolved AS
SELECT
    numbered.lead_id,
    components.component,
    coalesce(won.person_id, minted.person_id) AS person_id
FROM components
INNER JOIN numbered ON numbered.lead_number = components.lead_number
LEFT JOIN won ON won.component = components.component
LEFT JOIN (
    SELECT
        component,
        'P' || lpad(
            ((SELECT minted_people FROM core.progress) + row_number() OVER (ORDER BY component))::VARCHAR,
            9, '0'
        ) AS person_id
    FROM (
        SELECT DISTINCT component FROM components
        WHERE component NOT IN (SELECT component FROM won)
    ) AS founders
) AS minted ON minted.component = components.component;
