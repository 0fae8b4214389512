-- Components in which two names in full are surely two people's: `conflicts`; and all components
-- with such names, or that a hand has split: `disputed`.
CREATE OR REPLACE TEMP TABLE full_names AS
SELECT
    components.component,
    leads.name,
    split_part(leads.name, ' ', 1) AS first,
    split_part(leads.name, ' ', -1) AS last
FROM components
INNER JOIN node_leads AS leads ON leads.number = components.number
WHERE leads.kind = 2
    AND components.component IN (
        SELECT component FROM components WHERE number <> component
    )
GROUP BY components.component, leads.name;

CREATE OR REPLACE TEMP TABLE conflicts AS
SELECT pairs.component, pairs.name, pairs.other
FROM (
    SELECT
        one.component,
        one.name,
        one.first,
        one.last,
        other.name AS other,
        other.first AS other_first,
        other.last AS other_last
    FROM full_names AS one
    INNER JOIN full_names AS other
        ON other.component = one.component AND other.name > one.name
) AS pairs
LEFT JOIN nicknames AS first_names ON first_names.word = pairs.first
LEFT JOIN nicknames AS last_names ON last_names.word = pairs.last
LEFT JOIN nicknames AS other_first_names ON other_first_names.word = pairs.other_first
LEFT JOIN nicknames AS other_last_names ON other_last_names.word = pairs.other_last
WHERE CASE
    WHEN NOT names_conflict(pairs.first, pairs.last, pairs.other_first, pairs.other_last) THEN false
    ELSE names_related(
        pairs.name, 2, pairs.first, pairs.last, first_names.formals, last_names.formals,
        pairs.other, 2, pairs.other_first, pairs.other_last,
        other_first_names.formals, other_last_names.formals
    ) IN (0, 9)
END;

CREATE OR REPLACE TEMP TABLE disputed AS
SELECT DISTINCT component FROM conflicts
UNION
SELECT components.component
FROM core.overrides AS overrides
INNER JOIN core.override_leads AS named ON named.event_id = overrides.event_id
INNER JOIN core.identity_leads AS leads ON leads.lead_id = named.lead_id
INNER JOIN components ON components.number = leads.number
WHERE overrides.is_active;
