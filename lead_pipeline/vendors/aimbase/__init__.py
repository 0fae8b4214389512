"""Aimbase: the Discover Boating remote lead export. See README.md."""

from lead_pipeline.vendors.aimbase.client import AimbaseClient
from lead_pipeline.vendors.aimbase.parse import AIMBASE

__all__ = ["AIMBASE", "AimbaseClient"]
