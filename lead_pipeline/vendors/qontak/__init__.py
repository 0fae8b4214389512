"""Qontak CRM (Mekari): contacts, companies, deals, tasks and pipelines. See README.md."""

from lead_pipeline.vendors.qontak.client import QontakClient
from lead_pipeline.vendors.qontak.parse import QONTAK

__all__ = ["QONTAK", "QontakClient"]
