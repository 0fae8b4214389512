"""Raw bytes, written once, before anything reads them; receipts; the folder's environment.

    landing/bodies/ab/abcdef….zst                      a body, stored once per content
    landing/receipts/{source}/{account}/{stream}/{UTC day}/{receipt_id}.json
    landing/cursors/{source}/{account}/{stream}.json   what is known of a cursor that a vendor keeps
    environment.json                                   whose data this folder holds

Everything is written to a temporary name, flushed to disk and renamed: a name that can be seen
is complete. Folders are 0750 and files 0640.
"""

from lead_pipeline.landing.bodies import BodyArchive, StoredBody
from lead_pipeline.landing.environment import claim_environment
from lead_pipeline.landing.receipts import ReceiptBook

__all__ = ["BodyArchive", "ReceiptBook", "StoredBody", "claim_environment"]
