-- What analysts get as leads: the winning versions, each with its person.
CREATE OR REPLACE VIEW leads AS
SELECT {lead_columns}
FROM core.leads AS leads
LEFT JOIN core.assignments AS assignments ON assignments.lead_id = leads.lead_id;
