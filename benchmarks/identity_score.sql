-- How well `core.assignments` says who is who: pairs, B-cubed, whole clusters, the worst merge.
WITH judged AS (
    SELECT assignments.person_id AS person, truth.truth_person_id AS truth
    FROM core.assignments AS assignments
    INNER JOIN read_parquet(:leads) AS truth ON truth.lead_id::VARCHAR = assignments.lead_id
), cells AS (
    SELECT person, truth, count(*)::DOUBLE AS leads FROM judged GROUP BY person, truth
), people AS (
    SELECT person, sum(leads) AS leads, count(*) AS truths FROM cells GROUP BY person
), truths AS (
    SELECT truth, sum(leads) AS leads, count(*) AS people FROM cells GROUP BY truth
), pairs AS (
    SELECT
        (SELECT sum(leads * (leads - 1) / 2) FROM cells) AS both_say,
        (SELECT sum(leads * (leads - 1) / 2) FROM people) AS we_say,
        (SELECT sum(leads * (leads - 1) / 2) FROM truths) AS truth_says
), cubed AS (
    SELECT
        sum(cells.leads * cells.leads / people.leads) / sum(cells.leads) AS precision,
        sum(cells.leads * cells.leads / truths.leads) / sum(cells.leads) AS recall,
        count(*) FILTER (WHERE people.truths = 1 AND truths.people = 1) AS exact
    FROM cells
    INNER JOIN people ON people.person = cells.person
    INNER JOIN truths ON truths.truth = cells.truth
)
SELECT
    pairs.both_say / pairs.we_say AS "pair precision",
    pairs.both_say / pairs.truth_says AS "pair recall",
    2 * pairs.both_say / (pairs.we_say + pairs.truth_says) AS "pair F1",
    cubed.precision AS "B3 precision",
    cubed.recall AS "B3 recall",
    2 * cubed.precision * cubed.recall / (cubed.precision + cubed.recall) AS "B3 F1",
    cubed.exact AS "exact clusters",
    (SELECT count(*) FROM truths) AS "true people",
    (SELECT max(truths) FROM people) AS "most true people in one cluster"
FROM pairs
CROSS JOIN cubed
