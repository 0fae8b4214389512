"""ListSMRT: generated listing copy, which it sends us once. See README.md."""

from lead_pipeline.vendors.listsmrt.parse import LISTSMRT

__all__ = ["LISTSMRT"]
