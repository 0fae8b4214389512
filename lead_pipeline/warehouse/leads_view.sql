-- The winning versions of what counts as an enquiry: not what we wrote into a CRM ourselves, or may
-- have written. One anti join, of which DuckDB believes that it leaves a fifth; of two conditions it
-- would believe a twenty-fifth, and hold the leads themselves in a hash table, not who they are.
CREATE OR REPLACE VIEW core.enquiries AS
SELECT leads.*
FROM core.leads AS leads
ANTI JOIN (
    SELECT lead_id FROM core.own_leads
    UNION ALL
    SELECT lead_id FROM core.held_leads
) AS ours ON ours.lead_id = leads.lead_id;

-- What analysts get as leads: enquiries, each with its person.
CREATE OR REPLACE VIEW leads AS
SELECT {lead_columns}
FROM core.enquiries AS leads
LEFT JOIN core.assignments AS assignments ON assignments.lead_id = leads.lead_id;
