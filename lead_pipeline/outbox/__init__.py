"""What goes into a CRM: the journal says what was decided, sent and learnt, row by row.

rows     what a row is, and what an entry of the journal makes of it (pure)
table    the rows in the warehouse, as the journal says: ops.pushes, and who is held back
"""

from lead_pipeline.outbox.rows import (
    PUSH,
    Action,
    Kind,
    Next,
    Row,
    State,
    Step,
    after,
    key_of,
    next_step,
    push_id_of,
)
from lead_pipeline.outbox.table import hold_back, read_rows, take_over_pushes

__all__ = [
    "PUSH",
    "Action",
    "Kind",
    "Next",
    "Row",
    "State",
    "Step",
    "after",
    "hold_back",
    "key_of",
    "next_step",
    "push_id_of",
    "read_rows",
    "take_over_pushes",
]
