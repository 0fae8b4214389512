-- Which person each of `clusters` is: `won`. Every known person goes to the cluster that holds most of
-- its leads; a cluster takes the oldest person it won; who won none is one of `orphans`.
CREATE OR REPLACE TEMP TABLE won AS
SELECT cluster, min(person) AS person
FROM (
    SELECT
        person,
        cluster,
        row_number() OVER (PARTITION BY person ORDER BY leads DESC, cluster) AS place
    FROM (
        SELECT voters.person, clusters.cluster, count(*) AS leads
        FROM voters
        INNER JOIN clusters ON clusters.number = voters.number
        WHERE voters.person IS NOT NULL
        GROUP BY voters.person, clusters.cluster
    ) AS votes
) AS ranked
WHERE place = 1
GROUP BY cluster;

CREATE OR REPLACE TEMP TABLE orphans AS
SELECT DISTINCT clusters.cluster
FROM clusters
WHERE clusters.cluster NOT IN (SELECT cluster FROM won);

