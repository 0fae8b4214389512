-- What is said of the leads in `asked`: the persons they belong to, with all their leads.
CREATE OR REPLACE TEMP TABLE told AS
SELECT clusters.number, leads.lead_id, person_id(clusters.person) AS person_id
FROM core.identity_clusters AS clusters
INNER JOIN core.identity_leads AS leads ON leads.number = clusters.number
WHERE clusters.person IN (
    SELECT person_number(assignments.person_id)
    FROM core.assignments AS assignments
    WHERE assignments.lead_id IN (SELECT lead_id FROM asked)
);

-- Leads of others that were near: a link too light or refused, or a key in common without one.
CREATE OR REPLACE TEMP TABLE near AS
SELECT told.person_id, told.number, evidence.low + evidence.high - told.number AS other,
    weights.rule_name AS rule, weights.weight,
    weights.reason || CASE WHEN weights.is_merging THEN ', but another name or a decision by hand stands against it'
        ELSE ', which is too little for a merge' END AS reason
FROM told
INNER JOIN core.evidence AS evidence
    ON evidence.low = told.number OR evidence.high = told.number
INNER JOIN weights ON weights.rule = evidence.rule AND weights.names = evidence.names
WHERE evidence.low + evidence.high - told.number NOT IN (SELECT number FROM told)
UNION ALL
SELECT told.person_id, min(told.number), others.number, min(rules.rule_name), 0,
    min(rules.rule_name) || ', but the names are different, or more than one name fits'
FROM told
INNER JOIN core.identity_keys AS mine ON mine.number = told.number AND mine.rule IN (1, 2)
INNER JOIN core.identity_keys AS others ON others.key = mine.key
INNER JOIN (SELECT DISTINCT rule, rule_name FROM weights) AS rules ON rules.rule = mine.rule
WHERE others.number NOT IN (SELECT number FROM told)
GROUP BY told.person_id, others.number;
