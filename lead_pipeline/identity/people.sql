-- The golden record in its first form: of each field the newest value that there is.
DELETE FROM people;
INSERT INTO people BY NAME
SELECT
    person_id,
    arg_max(full_name, enquiry_number) AS full_name,
    arg_max(email, enquiry_number) AS email,
    arg_max(phone, enquiry_number) AS phone,
    arg_max(country, enquiry_number) AS country,
    min(created_at) AS first_enquiry_at,
    max(created_at) AS last_enquiry_at,
    arg_min(source, enquiry_number) AS first_source,
    count(*) AS enquiries,
    count(DISTINCT source) AS sources
FROM (
    SELECT
        resolved.person_id,
        leads.full_name,
        leads.email,
        leads.phone,
        leads.country,
        leads.created_at,
        leads.source,
        -- One number is compared much faster than a time and an id.
        row_number() OVER (ORDER BY leads.created_at, leads.lead_id) AS enquiry_number
    FROM resolved
    INNER JOIN core.leads AS leads ON leads.lead_id = resolved.lead_id
) AS enquiries
GROUP BY person_id;

DELETE FROM person_links;
INSERT INTO person_links BY NAME
SELECT
    resolved.lead_id,
    resolved.person_id,
    coalesce(evidence.rule, 'only enquiry') AS rule,
    founders.lead_id AS linked_lead_id
FROM resolved
INNER JOIN numbered ON numbered.lead_id = resolved.lead_id
LEFT JOIN evidence ON evidence.lead_number = numbered.lead_number
LEFT JOIN numbered AS founders ON founders.lead_number = evidence.first_number;
