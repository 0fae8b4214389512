"""Leads of the years before, in a file: CSV or Excel, read by a mapping. See README.md."""

from lead_pipeline.vendors.history.parse import STREAM, history_of

__all__ = ["STREAM", "history_of"]
