-- The winning versions of what counts as an enquiry: not what we wrote into a CRM ourselves, or may
-- have written.
CREATE OR REPLACE VIEW core.enquiries AS
SELECT * FROM core.leads WHERE lead_id NOT IN (SELECT lead_id FROM core.own_leads)
    AND lead_id NOT IN (SELECT lead_id FROM core.held_leads);

-- What analysts get as leads: enquiries, each with its person.
CREATE OR REPLACE VIEW leads AS
SELECT {lead_columns}
FROM core.enquiries AS leads
LEFT JOIN core.assignments AS assignments ON assignments.lead_id = leads.lead_id;
