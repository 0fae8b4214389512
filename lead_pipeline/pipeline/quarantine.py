"""What is in quarantine: records that could not be read, each with its own bytes."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from lead_pipeline.pipeline.folder import DataFolder
from lead_pipeline.pipeline.mend import mended

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
WHERE list_contains($accounts, quarantine.account)
ORDER BY quarantine.quarantine_id
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
    """The quarantined records of these accounts, oldest first. Raises WarehouseBusy."""
    with folder.warehouse.open() as session:
        rows = session.rows(RECORDS, {"accounts": list(accounts)})
    return [QuarantinedRecord(*row) for row in rows]
