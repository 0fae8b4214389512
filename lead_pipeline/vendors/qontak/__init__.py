"""Qontak CRM (Mekari): contacts, companies, deals, tasks and pipelines. See README.md."""

from lead_pipeline.vendors.qontak.client import QontakClient
from lead_pipeline.vendors.qontak.parse import KEY_VERSION, QONTAK
from lead_pipeline.vendors.qontak.writing import Writer

__all__ = ["KEY_VERSION", "QONTAK", "QontakClient", "Writer"]
