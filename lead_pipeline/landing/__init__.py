"""Raw bytes, written once, before anything reads them; receipts; the folder's environment.

    landing/bodies/ab/abcdef….zst                      a body, stored once per content
    landing/receipts/{source}/{account}/{stream}/{UTC day}/{receipt_id}.json
    landing/scans/{source}/{account}/{stream}/{UTC day}/{scan_id}/
        0000.pack  0000.jsonl  …                       bodies and receipts of a scan, 100 a pack
        verdict.json                                   how it ended
    landing/cursors/{source}/{account}/{stream}.json   what is known of a cursor that a vendor keeps
    environment.json                                   whose data this folder holds

Everything is written to a temporary name, flushed to disk and renamed (of a pack, its lines): a
name that can be seen is complete. Folders are 0750 and files 0640.
"""

from lead_pipeline.landing.bodies import BodyArchive, StoredBody
from lead_pipeline.landing.environment import claim_environment, environments_of
from lead_pipeline.landing.receipts import ReceiptBook
from lead_pipeline.landing.scans import ScanArchive

__all__ = [
    "BodyArchive",
    "ReceiptBook",
    "ScanArchive",
    "StoredBody",
    "claim_environment",
    "environments_of",
]
