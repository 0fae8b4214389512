-- An orphan is the oldest whom most of its leads belonged to before, if that is nobody now.
INSERT INTO won
SELECT cluster, min(person) AS person
FROM (
    SELECT
        person,
        cluster,
        row_number() OVER (PARTITION BY person ORDER BY leads DESC, cluster) AS place
    FROM (
        SELECT person_number(past.person_id) AS person, clusters.cluster, count(DISTINCT past.lead_id) AS leads
        FROM core.past_assignments AS past
        INNER JOIN core.identity_leads AS leads ON leads.lead_id = past.lead_id
        INNER JOIN clusters ON clusters.number = leads.number
        INNER JOIN orphans ON orphans.cluster = clusters.cluster
        GROUP BY past.person_id, clusters.cluster
    ) AS votes
    WHERE person NOT IN (SELECT person FROM won)
        AND person NOT IN (
            SELECT person FROM core.identity_clusters
            WHERE number NOT IN (SELECT number FROM clusters)
        )
) AS ranked
WHERE place = 1
GROUP BY cluster;

