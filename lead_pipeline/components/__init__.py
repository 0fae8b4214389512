"""Dagster components: one account of one vendor is one YAML file."""

from lead_pipeline.components.account import AccountComponent
from lead_pipeline.components.aimbase import AimbaseAccount
from lead_pipeline.components.housing import HousingAccount
from lead_pipeline.components.qontak import QontakAccount

__all__ = ["AccountComponent", "AimbaseAccount", "HousingAccount", "QontakAccount"]
