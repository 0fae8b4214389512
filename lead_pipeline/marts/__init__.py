"""Reports: one `.sql` a table, which says in its comments what each column means."""

from lead_pipeline.marts.build import Horizons, build_coverage, build_marts, read_coverage

__all__ = ["Horizons", "build_coverage", "build_marts", "read_coverage"]
