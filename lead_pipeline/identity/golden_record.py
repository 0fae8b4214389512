"""The golden record: of each field the surviving value, its source and its date."""

from collections.abc import Mapping, Sequence

from lead_pipeline.errors import ConfigError, WarehouseUnusable
from lead_pipeline.warehouse import Session

TOUCHED = """
CREATE OR REPLACE TEMP TABLE touched_people AS
SELECT person FROM moved
UNION
SELECT was FROM moved WHERE was IS NOT NULL
UNION
SELECT person FROM gone
UNION
SELECT person FROM resolved WHERE number IN (SELECT number FROM arriving)
UNION
SELECT person FROM core.identity_clusters WHERE number IN (SELECT number FROM unchanged);
DELETE FROM people WHERE person_id IN (SELECT person_id(person) FROM touched_people);

CREATE OR REPLACE TEMP TABLE numbers_to_show AS
SELECT number, person
FROM core.identity_clusters
WHERE person IN (SELECT person FROM touched_people);

CREATE OR REPLACE TEMP TABLE leads_to_show AS
SELECT leads.version_number, leads.kind, numbers.person
FROM numbers_to_show AS numbers
INNER JOIN node_leads AS leads ON leads.number = numbers.number
UNION ALL
SELECT leads.version_number, leads.kind, numbers.person
FROM (
    FROM numbers_to_show WHERE number NOT IN (SELECT number FROM node_leads)
) AS numbers
INNER JOIN core.identity_leads AS leads ON leads.number = numbers.number
"""

ALL = """
DELETE FROM people;

CREATE OR REPLACE TEMP VIEW leads_to_show AS
SELECT leads.version_number, leads.kind, clusters.person
FROM core.identity_clusters AS clusters
INNER JOIN node_leads AS leads ON leads.number = clusters.number
"""

ENQUIRIES = """
CREATE OR REPLACE TEMP TABLE enquiries AS
SELECT
    members.person,
    {fields},
    leads.source,
    leads.created_at,
    leads.phone_status,
    members.kind AS name_kind,
    -- One number is compared much faster than a time and an id.
    row_number() OVER (ORDER BY leads.created_at, leads.lead_id) AS place
FROM core.leads AS leads
INNER JOIN leads_to_show AS members ON members.version_number = leads.version_number
"""

MISSED = "SELECT (SELECT count(*) FROM leads_to_show) - (SELECT count(*) FROM enquiries)"

# Who enquired once is as that enquiry says: to choose among values costs time and memory.
ONE_ENQUIRY = """
CREATE OR REPLACE TEMP TABLE frequent AS
SELECT person FROM enquiries GROUP BY person HAVING count(*) > 1;

INSERT INTO people BY NAME
SELECT
    person_id(person) AS person_id,
    {fields},
    created_at AS first_enquiry_at,
    created_at AS last_enquiry_at,
    source AS first_source,
    1 AS enquiries,
    1 AS sources,
    MAP {{source: 1}} AS enquiries_by_source
FROM enquiries
WHERE person NOT IN (SELECT person FROM frequent)
"""

MORE_ENQUIRIES = """
INSERT INTO people BY NAME
SELECT
    person_id(person) AS person_id,
    {fields},
    min(created_at) AS first_enquiry_at,
    max(created_at) AS last_enquiry_at,
    arg_min(source, place) AS first_source,
    count(*) AS enquiries,
    count(DISTINCT source) AS sources,
    histogram(source) AS enquiries_by_source
FROM enquiries
WHERE person IN (SELECT person FROM frequent)
GROUP BY person;

DROP TABLE frequent;
DROP TABLE enquiries
"""

Policy = Mapping[str, str]
"""A row of rules/golden_record.csv: field, policy, sources."""

# What makes a value better than any that lacks it, by field.
BETTER = {
    "phone": "CASE phone_status WHEN 'valid' THEN 1 ELSE 0 END",
    "full_name": "name_kind",
}


def build_people(session: Session, policies: Sequence[Policy], *, everything: bool) -> None:
    """Make anew the rows of `people` that something touched, by the policy of each field.

    Raises WarehouseUnusable where an enquiry that is somebody's cannot be found.
    """
    session.run(ALL if everything else TOUCHED)
    session.run(ENQUIRIES.format(fields=",\n    ".join(map(_candidate, policies))))
    _refuse_missed(session)
    session.run(f"DROP {'VIEW' if everything else 'TABLE'} leads_to_show")
    session.run(ONE_ENQUIRY.format(fields=",\n    ".join(map(_only_value, policies))))
    session.run(MORE_ENQUIRIES.format(fields=",\n    ".join(map(_survivor, policies))))


def _refuse_missed(session: Session) -> None:
    ((missed,),) = session.rows(MISSED)
    if missed:
        raise WarehouseUnusable(
            f"{missed} enquiries that people were made of are not in the warehouse any more",
            state="nothing was changed; everything is in landing and journal",
            next_step="lead-pipeline rebuild",
        )


def _only_value(policy: Policy) -> str:
    field = policy["field"]
    there = f"CASE WHEN {field} IS NOT NULL THEN"
    return f"{field}, {there} source END AS {field}_source, {there} created_at END AS {field}_at"


def _survivor(policy: Policy) -> str:
    field = policy["field"]
    rank = _rank(policy)
    there = f"FILTER (WHERE {field} IS NOT NULL)"
    return (
        f"arg_max({field}, {rank}) {there} AS {field}, "
        f"arg_max(source, {rank}) {there} AS {field}_source, "
        f"arg_max(created_at, {rank}) {there} AS {field}_at"
    )


def _candidate(policy: Policy) -> str:
    field = policy["field"]
    if policy["policy"] != "most_frequent":
        return f"leads.{field}"
    times = f"count(*) OVER (PARTITION BY members.person, leads.{field}) AS {field}_times"
    return f"leads.{field}, {times}"


def _rank(policy: Policy) -> str:
    """The highest survives: valid before possible, a full name before a part; then the newest."""
    newest = f"({BETTER.get(policy['field'], '0')} * 1099511627776 + place)"
    match policy["policy"]:
        case "newest":
            return newest
        case "most_frequent":
            return f"({policy['field']}_times * 17592186044416 + {newest})"
        case "source_order":
            sources = policy["sources"].split("|")
            cases = " ".join(
                f"WHEN '{source}' THEN {len(sources) - place}"
                for place, source in enumerate(sources)
            )
            return f"(CASE source {cases} ELSE 0 END * 17592186044416 + {newest})"
        case unknown:
            raise ConfigError(
                f"golden_record.csv has the policy {unknown} for {policy['field']}",
                state="nothing was changed",
                next_step="write newest, most_frequent or source_order there, "
                "then the same command again",
            )
