"""What an asset returns.

Dagster looks for the bare class in the annotation of an asset with checks; mypy wants it
parametrised. This name is both.
"""

from typing import TYPE_CHECKING

import dagster as dg

if TYPE_CHECKING:
    Result = dg.MaterializeResult[None]
else:
    Result = dg.MaterializeResult
