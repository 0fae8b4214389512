"""The only room that imports duckdb: connection, migrations, load, publish, open a snapshot.

Stages hand it SQL through a `Session`. The warehouse is the loader's alone; everybody else opens
the published snapshot.
"""

from lead_pipeline.warehouse.connection import Warehouse
from lead_pipeline.warehouse.folding import Folding
from lead_pipeline.warehouse.publish import Published, publish
from lead_pipeline.warehouse.session import Session
from lead_pipeline.warehouse.shared_snapshot import SharedSnapshot
from lead_pipeline.warehouse.snapshot import newest_snapshot, open_snapshot

__all__ = [
    "Folding",
    "Published",
    "Session",
    "SharedSnapshot",
    "Warehouse",
    "newest_snapshot",
    "open_snapshot",
    "publish",
]
