"""Connected components by contraction: a few rounds of SQL, whatever the shape of the graph."""

from lead_pipeline.warehouse import Session

START = """
CREATE OR REPLACE TEMP TABLE components AS
SELECT number, number AS component FROM nodes;
CREATE OR REPLACE TEMP TABLE edges AS
SELECT DISTINCT low, high FROM links WHERE low < high;
"""

# Every node points at its smallest neighbour that is smaller than itself; then at that one's root.
POINT = """
CREATE OR REPLACE TEMP TABLE roots AS
SELECT high AS node, min(low) AS root FROM edges GROUP BY high
"""

JUMP = """
CREATE OR REPLACE TEMP TABLE roots AS
SELECT roots.node, coalesce(above.root, roots.root) AS root
FROM roots LEFT JOIN roots AS above ON above.node = roots.root
"""

UNSETTLED = "SELECT count(*) FROM roots INNER JOIN roots AS above ON above.node = roots.root"

CONTRACT = """
CREATE OR REPLACE TEMP TABLE components AS
SELECT components.number, coalesce(roots.root, components.component) AS component
FROM components LEFT JOIN roots ON roots.node = components.component;
CREATE OR REPLACE TEMP TABLE edges AS
SELECT DISTINCT least(low, high) AS low, greatest(low, high) AS high
FROM (
    SELECT coalesce(low_root.root, edges.low) AS low, coalesce(high_root.root, edges.high) AS high
    FROM edges
    LEFT JOIN roots AS low_root ON low_root.node = edges.low
    LEFT JOIN roots AS high_root ON high_root.node = edges.high
) AS moved
WHERE low <> high;
"""


def find_components(session: Session) -> None:
    """From `nodes` (number) and `links` (low, high) to `components` (number, component).

    A component is named after its smallest number.
    """
    session.run(START)
    while _count(session, "SELECT count(*) FROM edges"):
        session.run(POINT)
        while _count(session, UNSETTLED):
            session.run(JUMP)
        session.run(CONTRACT)


def _count(session: Session, sql: str) -> int:
    return int(session.rows(sql)[0][0])
