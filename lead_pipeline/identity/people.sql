-- The golden record in its first form: of each field the newest value that there is.
DELETE FROM people;
INSERT INTO people BY NAME
SELECT
    resolved.person_id,
    arg_max(leads.full_name, row(leads.created_at, leads.lead_id)) AS full_name,
    arg_max(leads.email, row(leads.created_at, leads.lead_id)) AS email,
    arg_max(leads.phone, row(leads.created_at, leads.lead_id)) AS phone,
    arg_max(leads.country, row(leads.created_at, leads.lead_id)) AS country,
    min(leads.created_at) AS first_enquiry_at,
    max(leads.created_at) AS last_enquiry_at,
    arg_min(leads.source, row(leads.created_at, leads.lead_id)) AS first_source,
    count(*) AS enquiries,
    count(DISTINCT leads.source) AS sources
FROM resolved
INNER JOIN core.leads AS leads ON leads.lead_id = resolved.lead_id
GROUP BY resolved.person_id;

DELETE FROM person_links;
INSERT INTO person_links BY NAME
SELECT DISTINCT
    resolved.lead_id,
    resolved.person_id,
    coalesce(evidence.rule, 'only enquiry') AS rule,
    founders.lead_id AS linked_lead_id
FROM resolved
INNER JOIN numbered ON numbered.lead_id = resolved.lead_id
LEFT JOIN evidence ON evidence.lead_number = numbered.lead_number
LEFT JOIN numbered AS founders ON founders.lead_number = evidence.first_number;
