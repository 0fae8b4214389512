"""Housing.com: leads on a builder's projects or a broker's flats. See README.md."""

from lead_pipeline.vendors.housing.client import Endpoint, HousingClient
from lead_pipeline.vendors.housing.parse import HOUSING

__all__ = ["HOUSING", "Endpoint", "HousingClient"]
