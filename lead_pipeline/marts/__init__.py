"""Reports: one `.sql` a table, which says in its comments what each column means."""

from lead_pipeline.marts.build import (
    MARTS,
    Business,
    CoveredDay,
    Horizons,
    build_coverage,
    build_marts,
    read_coverage,
)
from lead_pipeline.marts.described import origins, teaching

__all__ = [
    "MARTS",
    "Business",
    "CoveredDay",
    "Horizons",
    "build_coverage",
    "build_marts",
    "origins",
    "read_coverage",
    "teaching",
]
