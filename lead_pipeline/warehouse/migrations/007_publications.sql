-- Which snapshot first showed an enquiry: ops.publications, described in lead_pipeline/tables.py.
-- Of what snapshots had shown before this was remembered, nobody knows when.
INSERT INTO ops.publications (lead_id)
SELECT lead_id
FROM core.leads
WHERE (SELECT version FROM core.progress) > 0
    AND lead_id NOT IN (SELECT lead_id FROM ops.publications);
