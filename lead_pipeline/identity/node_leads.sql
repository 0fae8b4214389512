-- What `nodes` say: `node_leads`. Picked once, since of a long history finding them is the cost.
CREATE OR REPLACE TEMP TABLE picked_nodes AS
SELECT number, lead_id, version_number, name, kind FROM core.identity_leads
WHERE number IN (SELECT number FROM nodes);

CREATE OR REPLACE TEMP VIEW node_leads AS FROM picked_nodes;
