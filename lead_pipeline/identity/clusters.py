"""From evidence to clusters: components, and what constraints leave of them."""

from collections import defaultdict
from collections.abc import Iterator

import pandas as pd

from lead_pipeline.identity.components import find_components
from lead_pipeline.identity.constraints import Lead, Tie, settle
from lead_pipeline.identity.reference import sql
from lead_pipeline.warehouse import Session

LINKS = """
CREATE OR REPLACE TEMP TABLE links AS
SELECT evidence.low, evidence.high
FROM core.evidence AS evidence
INNER JOIN weights ON weights.rule = evidence.rule AND weights.names = evidence.names
WHERE weights.is_merging {and_among_nodes}
"""

DISPUTED_LEADS = """
SELECT components.component, components.number, leads.lead_id,
    CASE WHEN leads.kind = 2 THEN leads.name ELSE '' END AS name
FROM components
INNER JOIN node_leads AS leads ON leads.number = components.number
WHERE components.component IN (SELECT component FROM disputed)
ORDER BY components.component, leads.lead_id
"""

SIDES = """
SELECT leads.number, overrides.event_id, named.side
FROM core.overrides AS overrides
INNER JOIN core.override_leads AS named ON named.event_id = overrides.event_id
INNER JOIN core.identity_leads AS leads ON leads.lead_id = named.lead_id
WHERE overrides.is_active
"""

DISPUTED_TIES = """
CREATE OR REPLACE TEMP TABLE disputed_ties AS
SELECT DISTINCT components.component, evidence.key, evidence.low_member, evidence.high_member,
    weights.weight
FROM core.evidence AS evidence
INNER JOIN weights ON weights.rule = evidence.rule AND weights.names = evidence.names
INNER JOIN components ON components.number = evidence.low
WHERE weights.is_merging AND evidence.rule > 0
    AND components.component IN (SELECT component FROM disputed)
"""

# By number, since a key may be of many who are not disputed.
GROUPS = """
CREATE OR REPLACE TEMP TABLE disputed_keys AS
SELECT key, rule, member, kind, number, phone
FROM core.identity_keys
WHERE number IN (
    SELECT number FROM components WHERE component IN (SELECT component FROM disputed)
);
CREATE OR REPLACE TEMP VIEW disputed_groups AS
SELECT keys.key, keys.member, keys.number
FROM (
    SELECT key, member, number FROM disputed_keys
    UNION ALL
    SELECT key, member, number FROM phone_halves('disputed_keys')
) AS keys
WHERE keys.key IN (SELECT key FROM disputed_ties)
"""

SETTLED = """
CREATE OR REPLACE TEMP TABLE clusters AS
SELECT components.number, components.component,
    coalesce(settled.cluster, components.component)::INTEGER AS cluster
FROM components LEFT JOIN settled ON settled.number = components.number
"""


def cluster(session: Session, *, everything: bool) -> None:
    """From `nodes` and `node_leads` to `clusters` (number, component, cluster)."""
    among = "" if everything else "AND evidence.low IN (SELECT number FROM nodes)"
    session.run(LINKS.format(and_among_nodes=among))
    find_components(session)
    session.run(sql("disputes"))
    settled = [
        row
        for leads, ties, conflicts in _disputed(session)
        for row in settle(leads, ties, conflicts).items()
    ]
    frame = pd.DataFrame(settled, columns=["number", "cluster"], dtype="int32")
    with session.offered("settled", frame):
        session.run(SETTLED)


Dispute = tuple[list[Lead], list[Tie], list[tuple[str, str]]]


def _disputed(session: Session) -> Iterator[Dispute]:
    """Leads, ties and conflicting names of each component that is disputed."""
    session.run(DISPUTED_TIES)
    sides: dict[int, dict[int, int]] = defaultdict(dict)
    for number, event_id, side in session.frame(SIDES).itertuples(index=False):
        sides[number][int(event_id.removeprefix("E"))] = side
    leads: dict[int, list[Lead]] = defaultdict(list)
    for component, number, lead_id, name in session.frame(DISPUTED_LEADS).itertuples(index=False):
        leads[component].append(Lead(number, lead_id, name, sides.get(number, {})))
    conflicts: dict[int, list[tuple[str, str]]] = defaultdict(list)
    for component, name, other in session.frame("FROM conflicts").itertuples(index=False):
        conflicts[component].append((name, other))
    homes = {lead.number: home for home, members in leads.items() for lead in members}
    ties = _ties(session, homes)
    for component, members in leads.items():
        yield members, ties[component], conflicts[component]


def _ties(session: Session, homes: dict[int, int]) -> dict[int, list[Tie]]:
    """By component; `homes` is the component of each lead."""
    groups: dict[tuple[int, int, int], list[int]] = defaultdict(list)
    session.run(GROUPS)
    for key, member, number in session.frame("FROM disputed_groups").itertuples(index=False):
        if number in homes:
            groups[homes[number], key, member].append(number)
    ties: dict[int, list[Tie]] = defaultdict(list)
    for row in session.frame("FROM disputed_ties").itertuples(index=False):
        component, key, one, other, weight = row
        place = (key, min(one, other), max(one, other))
        here, there = groups[component, key, one], groups[component, key, other]
        ties[component].append(Tie(weight, place, tuple(here), tuple(there)))
    return ties
