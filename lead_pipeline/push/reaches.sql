-- By what each of them may be found in the CRM.
CREATE OR REPLACE TEMP TABLE reaches AS
SELECT DISTINCT person_id, unnest([phone, phone_2]) AS phone, NULL::VARCHAR AS email FROM chosen_leads
UNION
SELECT DISTINCT person_id, NULL AS phone, email FROM chosen_leads;
