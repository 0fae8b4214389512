-- Every lead is clustered anew.
CREATE OR REPLACE TEMP TABLE nodes AS
SELECT arriving.number, clusters.person
FROM arriving
LEFT JOIN core.identity_clusters AS clusters ON clusters.number = arriving.number;
