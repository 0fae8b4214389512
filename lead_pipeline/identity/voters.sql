-- Who each of `nodes` belongs to now, `known_persons`; and for whom it speaks when the ids are
-- given, `voters`.
CREATE OR REPLACE TEMP TABLE known_persons AS
SELECT nodes.number, coalesce(nodes.person, assigned.person) AS person
FROM nodes
LEFT JOIN (
    SELECT arriving.number, person_number(assignments.person_id) AS person
    FROM arriving
    INNER JOIN core.assignments AS assignments ON assignments.lead_id = arriving.lead_id
    WHERE {is_ahead}
) AS assigned ON assigned.number = nodes.number;

CREATE OR REPLACE TEMP VIEW voters AS FROM known_persons;
