"""A data folder with so many made-up people; then it publishes again and again until killed.

Run by benchmarks/gateway.py in a process of its own.
"""

import sys
from datetime import UTC, datetime
from pathlib import Path

from lead_pipeline.warehouse import Session, Warehouse, publish

LEADS = """
INSERT INTO core.leads BY NAME
SELECT
    printf('%032d', n) AS lead_id,
    'housing' AS source,
    'housing' AS account,
    TIMESTAMPTZ '2026-01-01' + INTERVAL (hash(n) % 20000000) SECOND AS created_at,
    concat(
        given[1 + (hash(n * 7) % len(given))::BIGINT], chr(97 + (hash(n * 11) % 26)::INTEGER), ' ',
        family[1 + (hash(n * 17) % len(family))::BIGINT], chr(97 + (hash(n * 19) % 26)::INTEGER)
    ) AS full_name,
    'user' || n || '@example' || (n % 1000) || '.com' AS email,
    '+9198' || lpad((hash(n) % 100000000)::VARCHAR, 8, '0') AS phone,
    'property' AS interest_kind,
    (n % 5000)::VARCHAR AS interest_id,
    'Sunny Heights ' || (n % 5000) AS interest_name,
    'Please call me back in the evening, number ' || n AS comments,
    '{}' AS attributes
FROM range($leads) AS numbers(n), (
    SELECT
        ['Aarav', 'Arjun', 'Ananya', 'Priya', 'Sara', 'John', 'José', 'Zoë', 'Wei'] AS given,
        ['Sharma', 'Patel', 'Singh', 'Smith', 'Müller', 'O''Neil', 'García', 'Kim'] AS family
) AS names
"""

PEOPLE = """
INSERT INTO people BY NAME
SELECT
    person_id,
    arg_max(full_name, created_at) AS full_name,
    min(created_at) AS first_enquiry_at,
    max(created_at) AS last_enquiry_at,
    count(*) AS enquiries
FROM leads
GROUP BY person_id
"""


def main(folder: Path, people: int) -> None:
    """Two enquiries for every other person."""
    with Warehouse(folder / "warehouse.duckdb", 5).open() as session:
        session.run("SET memory_limit = '1500MB'")
        session.run(LEADS, {"leads": people * 3 // 2})
        session.run(
            "INSERT INTO core.assignments BY NAME SELECT printf('%032d', n) AS lead_id, "
            "printf('P%09d', n % $people) AS person_id FROM range($leads) AS numbers(n)",
            {"people": people, "leads": people * 3 // 2},
        )
        session.run(PEOPLE)
        while True:
            print(_publish(session, folder), flush=True)


def _publish(session: Session, folder: Path) -> float:
    """Seconds that it took."""
    session.run("INSERT INTO ops.deliveries (load_id) SELECT nextval('core.load_ids')")
    began = datetime.now(UTC)
    publish(session, folder, began)
    return (datetime.now(UTC) - began).total_seconds()


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
