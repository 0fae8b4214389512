"""What is in quarantine: records that could not be read, each once and with its own bytes."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from lead_pipeline.pipeline.folder import DataFolder
from lead_pipeline.pipeline.mend import mended
from lead_pipeline.pipeline.outcome import publish_snapshot, settle
from lead_pipeline.warehouse import Published
from lead_pipeline.warehouse.dismissals import dismissal_entry

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
    contents.content
FROM ops.quarantine AS quarantine
INNER JOIN core.quarantined_content AS contents
    ON contents.quarantine_id = quarantine.quarantine_id
WHERE list_contains($accounts, quarantine.account) AND quarantine.state = 'waiting'
ORDER BY quarantine.receipt_id, quarantine.record_index, quarantine.quarantine_id
"""


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


@mended
def quarantined(folder: DataFolder, accounts: Sequence[str]) -> list[QuarantinedRecord]:
    """The records of these accounts that wait in quarantine, oldest first. Raises WarehouseBusy."""
    with folder.warehouse.open() as session:
        rows = session.rows(RECORDS, {"accounts": list(accounts)})
    return [QuarantinedRecord(*row) for row in rows]


def dismiss(
    folder: DataFolder, quarantine_ids: Sequence[str], by: str, reason: str
) -> Published | None:
    """Be done with these records, in the journal first; the snapshot that shows it.

    The same record stays dismissed however often it comes again. Raises JournalError.
    """
    with folder.warehouse.open() as session:
        folder.journal.append([dismissal_entry(quarantine_ids, by, folder.clock(), reason)])
        settle(folder, session)
    return publish_snapshot(folder)
