-- Every lead is clustered anew: `nodes`, and what they say, `node_leads`.
CREATE OR REPLACE TEMP TABLE nodes AS
SELECT arriving.number, clusters.person
FROM arriving
LEFT JOIN core.identity_clusters AS clusters ON clusters.number = arriving.number;

CREATE OR REPLACE TEMP VIEW node_leads AS
SELECT number, lead_id, version_number, name, kind FROM core.identity_leads;
