"""The report: one page that says what happened, drawn from a published snapshot.

Aggregates only. It works offline and without scripts; each chart unfolds to its table and SQL.
"""

from lead_pipeline.report.page import build_report

__all__ = ["build_report"]
