"""What is in quarantine: records that could not be read, each once and with its own bytes."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from lead_pipeline.errors import ConfigError
from lead_pipeline.pipeline.folder import DataFolder
from lead_pipeline.pipeline.mend import mended
from lead_pipeline.pipeline.outcome import publish_snapshot, resolve_now, settle
from lead_pipeline.warehouse import Published, Session
from lead_pipeline.warehouse.dismissals import DISMISSED, KINDS, TAKEN_BACK, dismissal_entry
from lead_pipeline.warehouse.session import Parameters

WAITING = "waiting"

# The newest row of each record: a dismissed one has as many as answers that brought it.
RECORDS = """
SELECT
    quarantine.quarantine_id,
    quarantine.source,
    quarantine.account,
    quarantine.stream,
    quarantine.stage,
    quarantine.place,
    quarantine.reason,
    quarantine.quarantined_at,
    quarantine.sha256,
    contents.content,
    quarantine.state,
    quarantine.dismissed_at,
    quarantine.dismissed_by,
    quarantine.dismissed_because
FROM (
    -- Ids alone: to sort the records themselves takes more memory than they do.
    SELECT
        quarantine.quarantine_id,
        row_number() OVER (
            PARTITION BY records.record_key
            ORDER BY
                quarantine.state IN ('repeated', 'corrected'),
                quarantine.quarantined_at DESC,
                quarantine.quarantine_id DESC
        ) AS place_of_record
    FROM ops.quarantine AS quarantine
    INNER JOIN core.quarantined_records AS records
        ON records.quarantine_id = quarantine.quarantine_id
    WHERE {which}
) AS newest
INNER JOIN ops.quarantine AS quarantine
    ON quarantine.quarantine_id = newest.quarantine_id
INNER JOIN core.quarantined_content AS contents
    ON contents.quarantine_id = newest.quarantine_id
WHERE newest.place_of_record = 1
ORDER BY quarantine.receipt_id, quarantine.record_index, quarantine.quarantine_id
"""

OF_ACCOUNTS = "list_contains($accounts, quarantine.account) AND quarantine.state = $state"

OF_RECORD = "list_contains($rows, quarantine.quarantine_id)"

# Of each of the rows $quarantine_ids all rows that hold the same record, itself among them.
SAME_RECORDS = """
SELECT named.quarantine_id, others.quarantine_id, others.state
FROM core.quarantined_records AS named
INNER JOIN core.quarantined_records AS others ON others.record_key = named.record_key
WHERE list_contains($quarantine_ids, named.quarantine_id)
"""


class Signed(NamedTuple):
    """What somebody did about a record (`dismissed`, `taken back`), when (UTC), who and why."""

    what: str
    at: datetime
    by: str
    reason: str


class QuarantinedRecord(NamedTuple):
    """One record. `content` is personal: it is shown or exported only to who asks for it."""

    quarantine_id: str
    source: str
    account: str
    stream: str
    stage: str
    place: str
    reason: str
    quarantined_at: datetime
    sha256: str
    content: bytes
    state: str
    dismissed: Signed | None


@mended
def quarantined(
    folder: DataFolder, accounts: Sequence[str], state: str = WAITING
) -> list[QuarantinedRecord]:
    """The records of these accounts that wait in quarantine, or are in that other state.

    Oldest first. Raises WarehouseBusy.
    """
    about = {"accounts": list(accounts), "state": state}
    with folder.warehouse.open() as session:
        return _records(session, OF_ACCOUNTS, about)


@mended
def look_up(folder: DataFolder, quarantine_id: str) -> tuple[QuarantinedRecord, list[Signed]]:
    """The record that this row of the quarantine holds, and what was decided about it, in order.

    Raises ConfigError where there is no such row, WarehouseBusy, JournalError.
    """
    with folder.warehouse.open() as session:
        rows = _rows_of(session, [quarantine_id])[quarantine_id].keys()
        (record,) = _records(session, OF_RECORD, {"rows": sorted(rows)})
    return record, [
        _signed(entry)
        for entry in folder.journal.read()
        if entry["kind"] in KINDS and not rows.isdisjoint(entry["quarantine_ids"])
    ]


def dismiss(
    folder: DataFolder, quarantine_ids: Sequence[str], by: str, reason: str
) -> Published | None:
    """Be done with the records of these rows, in the journal first; the snapshot that shows it.

    The same record stays dismissed however often it comes again, until somebody takes it back.
    Raises JournalError; ConfigError where one does not wait, and then nothing is changed.
    """
    with folder.warehouse.open() as session:
        for quarantine_id, rows in _rows_of(session, quarantine_ids).items():
            if WAITING not in rows.values():
                states = " and ".join(sorted({*rows.values()}))
                raise _refusal(f"{quarantine_id} does not wait: it is {states}")
        entry = dismissal_entry(DISMISSED, quarantine_ids, by, folder.clock(), reason)
        folder.journal.append([entry])
        settle(folder, session)
    return publish_snapshot(folder)


def undo_dismissal(
    folder: DataFolder, quarantine_ids: Sequence[str], by: str, reason: str
) -> Published | None:
    """Take back what dismissed the records of these rows; the snapshot that shows it.

    Raises JournalError; ConfigError where one is not dismissed, and then nothing is changed.
    """
    with folder.warehouse.open() as session:
        resolve_now(folder, session)
        dismissed = {row for (row,) in session.rows("SELECT quarantine_id FROM core.dismissals")}
        named: set[str] = set()
        for quarantine_id, rows in _rows_of(session, quarantine_ids).items():
            found = dismissed & rows.keys()
            if not found:
                raise _refusal(f"{quarantine_id} is not dismissed")
            named |= found
        entry = dismissal_entry(TAKEN_BACK, sorted(named), by, folder.clock(), reason)
        folder.journal.append([entry])
        settle(folder, session)
    return publish_snapshot(folder)


def _records(session: Session, which: str, about: Parameters) -> list[QuarantinedRecord]:
    return [
        QuarantinedRecord._make((*known, Signed(DISMISSED, at, by, why) if at else None))
        for *known, at, by, why in session.rows(RECORDS.format(which=which), about)
    ]


def _rows_of(session: Session, quarantine_ids: Sequence[str]) -> dict[str, dict[str, str]]:
    """The state of all rows that hold the same record as each of these, by their ids.

    Raises ConfigError where one is no row of the quarantine.
    """
    found: dict[str, dict[str, str]] = {one: {} for one in quarantine_ids}
    about = {"quarantine_ids": list(quarantine_ids)}
    for named, other, state in session.rows(SAME_RECORDS, about):
        found[named][other] = state
    if unknown := [one for one in quarantine_ids if not found[one]]:
        raise _refusal(f"nothing in quarantine has the id {unknown[0]}")
    return found


def _signed(entry: dict[str, Any]) -> Signed:
    what = entry["kind"].removeprefix("dismissal ")
    return Signed(what, datetime.fromisoformat(entry["at"]), entry["by"], entry["reason"])


def _refusal(what: str) -> ConfigError:
    return ConfigError(
        what,
        state="nothing was changed",
        next_step="lead-pipeline quarantine list, or list --dismissed, shows which there are",
    )
