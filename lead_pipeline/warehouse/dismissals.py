"""Quarantined records that a human is done with. The journal is the authority.

A dismissal names rows of the quarantine; it holds for the same record wherever else it came.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

import pandas as pd

from lead_pipeline.warehouse.session import Session

DISMISSED = "dismissed"


def dismissal_entry(
    quarantine_ids: Sequence[str], by: str, at: datetime, reason: str
) -> dict[str, object]:
    """The journal's entry that says so; `at` in UTC."""
    return {
        "kind": DISMISSED,
        "at": at,
        "by": by,
        "reason": reason,
        "quarantine_ids": list(quarantine_ids),
    }


def take_over_dismissals(session: Session, entries: Iterable[dict[str, Any]]) -> None:
    """Let the warehouse know what these entries of the journal dismiss."""
    rows = [
        (quarantine_id, str(entry["at"]), entry["by"], entry["reason"])
        for entry in entries
        if entry["kind"] == DISMISSED
        for quarantine_id in entry["quarantine_ids"]
    ]
    if not rows:
        return
    names = ["quarantine_id", "dismissed_at", "dismissed_by", "dismissed_because"]
    with session.offered("dismissing", pd.DataFrame(rows, columns=names, dtype="string")):
        session.run(
            "INSERT INTO core.dismissals BY NAME SELECT quarantine_id, "
            "dismissed_at::TIMESTAMPTZ AS dismissed_at, dismissed_by, dismissed_because "
            "FROM dismissing WHERE quarantine_id NOT IN (SELECT quarantine_id FROM core.dismissals)"
        )
