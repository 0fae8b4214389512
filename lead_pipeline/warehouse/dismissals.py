"""Quarantined records that a human is done with. The journal is the authority.

A dismissal names rows of the quarantine; it holds for the same record wherever else it came, until
somebody takes it back.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

import pandas as pd

from lead_pipeline.warehouse.session import Session

DISMISSED = "dismissed"
TAKEN_BACK = "dismissal taken back"
KINDS = frozenset({DISMISSED, TAKEN_BACK})
"""The journal's entries that are about rows of the quarantine."""
_COLUMNS = ("quarantine_id", "dismissed_at", "dismissed_by", "dismissed_because")

REPLACE = """
DELETE FROM core.dismissals WHERE quarantine_id IN (SELECT quarantine_id FROM named);
INSERT INTO core.dismissals BY NAME
SELECT quarantine_id, dismissed_at::TIMESTAMPTZ AS dismissed_at, dismissed_by, dismissed_because
FROM dismissing;
"""

OF_RECEIPT = """
SELECT count(*)
FROM core.quarantined_records
WHERE receipt_id = ? AND record_key IN (
    SELECT record_key
    FROM core.quarantined_records
    WHERE quarantine_id IN (SELECT quarantine_id FROM core.dismissals)
)
"""


def count_dismissed(session: Session, receipt_id: str) -> int:
    """How many of the records that an answer brought into quarantine a human is done with."""
    return int(session.rows(OF_RECEIPT, (receipt_id,))[0][0])


def dismissal_entry(
    kind: str, quarantine_ids: Sequence[str], by: str, at: datetime, reason: str
) -> dict[str, object]:
    """The journal's entry of one of `KINDS`; `at` in UTC."""
    return {
        "kind": kind,
        "at": at,
        "by": by,
        "reason": reason,
        "quarantine_ids": list(quarantine_ids),
    }


def take_over_dismissals(session: Session, entries: Iterable[dict[str, Any]]) -> None:
    """Let the warehouse know what these entries of the journal dismiss, or take back, in order."""
    ours = [entry for entry in entries if entry["kind"] in KINDS]
    if not ours:
        return
    ids = sorted({quarantine_id for entry in ours for quarantine_id in entry["quarantine_ids"]})
    with session.offered("named", pd.DataFrame({"quarantine_id": ids}, dtype="string")):
        rows = _after(_known(session), ours)
        frame = pd.DataFrame(rows, columns=list(_COLUMNS), dtype="string")
        with session.offered("dismissing", frame):
            session.run(REPLACE)


def _known(session: Session) -> dict[str, tuple[str, ...]]:
    """The dismissals of the rows that are `named`."""
    found = session.rows(
        "SELECT quarantine_id, dismissed_at::VARCHAR, dismissed_by, dismissed_because "
        "FROM core.dismissals WHERE quarantine_id IN (SELECT quarantine_id FROM named)"
    )
    return {row[0]: row for row in found}


def _after(
    rows: dict[str, tuple[str, ...]], entries: Iterable[dict[str, Any]]
) -> list[tuple[str, ...]]:
    """What is dismissed after these entries: of two dismissals of a row the first stands."""
    for entry in entries:
        signed = (str(entry["at"]), entry["by"], entry["reason"])
        for quarantine_id in entry["quarantine_ids"]:
            if entry["kind"] == DISMISSED:
                rows.setdefault(quarantine_id, (quarantine_id, *signed))
            else:
                rows.pop(quarantine_id, None)
    return list(rows.values())
