"""Evidence: which leads share what, looked at again for the keys that something touched."""

from typing import NamedTuple

from lead_pipeline.identity.reference import rules_version, sql
from lead_pipeline.warehouse import Session

COMPARED = (
    *("full_name", "phone", "phone_2", "email"),
    *("address_line1", "company", "postal_code", "city", "country", "source"),
)
"""The columns of `leads` by which people are told apart (changes.sql)."""

STRANGERS = """
INSERT INTO to_read
SELECT lead_id FROM identity_leads WHERE lead_id NOT IN (SELECT lead_id FROM core.identity_leads)
UNION
SELECT lead_id FROM core.identity_leads WHERE lead_id NOT IN (SELECT lead_id FROM identity_leads)
"""

# Whether nothing came or went but what was read. What is loaded is read, so an unread lead comes
# only by being held back no longer; one that goes is missed in the count.
FAMILIAR = """
SELECT now.leads = state.leads + read.leads - known.leads AND now.checksum = state.checksum
FROM (SELECT leads, checksum FROM present) AS now
CROSS JOIN core.identity_state AS state
CROSS JOIN (SELECT count(*) AS leads FROM read_leads) AS read
CROSS JOIN (SELECT count(*) AS leads FROM known_leads) AS known
"""

# How many `identity_leads` there are, without reading a long history; and what is held back.
PRESENT = """
CREATE OR REPLACE TEMP TABLE present AS
SELECT
    (SELECT count(*) FROM core.leads) - (
        SELECT count(*) FROM core.leads
        WHERE lead_id IN (
            SELECT lead_id FROM core.own_leads UNION ALL SELECT lead_id FROM core.held_leads
        )
    ) AS leads,
    (SELECT coalesce(bit_xor(hash(lead_id)), 0) FROM core.held_leads) AS checksum
"""

FORGET_ALL = """
DELETE FROM core.identity_keys;
DELETE FROM core.identity_leads;
DELETE FROM core.evidence;
"""

ALL_NEW = """
CREATE OR REPLACE TEMP VIEW altered AS SELECT 0 AS low, 0 AS high, false AS is_merging LIMIT 0;
INSERT INTO core.evidence BY NAME
SELECT key, rule, names, low, high, low_member, high_member, $version AS version FROM found
"""


class Changes(NamedTuple):
    """What is to be decided: everything anew, or what `arriving` and `gone` touch."""

    everything: bool
    version: str


def find_changes(session: Session) -> Changes:
    """Make `arriving` and `gone`: leads that are new, changed or no more.

    `identity_leads` is the view of the leads that count.
    """
    version = rules_version(session)
    ((decided_by,),) = session.rows("SELECT version FROM core.identity_state")
    everything = version != decided_by
    session.run(
        "CREATE OR REPLACE TEMP TABLE to_read AS SELECT DISTINCT lead_id FROM core.touched_leads"
    )
    session.run(PRESENT)
    _read(session, everything=everything)
    if not everything and not session.rows(FAMILIAR)[0][0]:
        session.run(STRANGERS)
        _read(session, everything=False)
    _arrive(session, is_anew=everything)
    return Changes(everything, version)


def read_changes(session: Session, *, is_anew: bool) -> None:
    """Make `arriving`, with their keys, and `gone` of the leads in `to_read`."""
    _read(session, everything=False)
    _arrive(session, is_anew=is_anew)


def _arrive(session: Session, *, is_anew: bool) -> None:
    session.run(sql("arriving", is_anew=str(is_anew)) + sql("keys"))
    session.run("DROP TABLE read_leads; DROP TABLE known_leads")


def _read(session: Session, *, everything: bool) -> None:
    is_read = "true" if everything else "lead_id IN (SELECT lead_id FROM to_read)"
    session.run(sql("changes", is_read=is_read))


def find_evidence(session: Session, *, everything: bool) -> None:
    """Make `found` of all keys, or of those in `dirty`."""
    kind = "VIEW" if everything else "TABLE"
    is_dirty = "true" if everything else "key IN (SELECT key FROM dirty)"
    for name in ("members", "groups", "pairs", "ties", "second_chances"):
        session.run(sql(name, kind=kind, is_dirty=is_dirty))


def weigh(session: Session, changes: Changes) -> None:
    """Take the changes in and bring core.evidence up to them; `altered` are the links that did."""
    if changes.everything:
        session.run(FORGET_ALL)
    ((replaced,),) = session.rows(
        "SELECT (SELECT count(*) FROM arriving WHERE NOT is_new) + (SELECT count(*) FROM gone)"
    )
    ((pending,),) = session.rows("SELECT count(*) FROM core.overrides WHERE is_pending")
    session.run(
        sql(
            "take_in",
            has_replaced=str(bool(replaced) and not changes.everything),
            is_partial=str(not changes.everything),
            has_pending=str(bool(pending) and not changes.everything),
        )
    )
    find_evidence(session, everything=changes.everything)
    of_version = {"version": changes.version}
    if changes.everything:
        session.run(ALL_NEW, of_version)
    else:
        session.run(sql("compare"))
        session.run(
            "INSERT INTO core.evidence BY NAME SELECT key, rule, names, low, high, low_member, "
            "high_member, $version AS version FROM added",
            of_version,
        )


def remember(session: Session, changes: Changes) -> None:
    """Note by which rules all this was decided, and of which leads."""
    session.run(
        "UPDATE core.identity_state SET version = $version, "
        "leads = (SELECT leads FROM present), checksum = (SELECT checksum FROM present), "
        "next_number = next_number + (SELECT count(*) FROM arriving WHERE is_new)::INTEGER",
        {"version": changes.version},
    )
    session.run(
        "DELETE FROM core.touched_leads; "
        "UPDATE core.overrides SET is_pending = false WHERE is_pending"
    )
