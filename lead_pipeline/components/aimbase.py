"""An Aimbase account: the Discover Boating remote lead export."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Literal

from pydantic import Field

from lead_pipeline.components.account import AccountComponent
from lead_pipeline.settings import read_settings
from lead_pipeline.vendors.aimbase import AIMBASE, AimbaseClient
from lead_pipeline.vendors.aimbase.lineage import LEAD_FIELDS
from lead_pipeline.vendors.contract import Client, Vendor
from lead_pipeline.vendors.http import HttpClient
from lead_pipeline.vendors.lineage import SentField


class AimbaseAccount(AccountComponent):
    """One Aimbase account; vendors/aimbase/README.md says what is asked."""

    default_base_url = "https://apimap.aimbase.com"

    nmma_id_variable: str = Field(description="Variable with the NMMA id")
    public_key_variable: str = Field(description="Variable with the public key")
    private_key_variable: str = Field(description="Variable with the private key (secret)")
    mode: Literal["windows", "incremental"] = Field(
        "windows", description="By day, or by the cursor that the vendor keeps"
    )
    vendor_zone: str = Field("America/Chicago", description="Zone in which the vendor's days begin")
    horizon_days: int = Field(7, ge=1, description="How many days back the vendor answers")
    default_country: str = Field("US", description="Country of phones without a code, ISO 3166-1")

    @property
    def vendor(self) -> Vendor:
        """Aimbase."""
        return AIMBASE

    @property
    def lead_fields(self) -> tuple[SentField, ...]:
        """vendors/aimbase/lineage.py."""
        return LEAD_FIELDS

    @property
    def secret_variables(self) -> tuple[str, ...]:
        """The NMMA id is not secret, but belongs to the keys."""
        return (self.nmma_id_variable, self.public_key_variable, self.private_key_variable)

    def make_client(self, secrets: Mapping[str, str]) -> Client:
        """A client for this account."""
        return AimbaseClient(
            account=self.account,
            base_url=self.base_url,
            nmma_id=secrets[self.nmma_id_variable],
            public_key=secrets[self.public_key_variable],
            private_key=secrets[self.private_key_variable],
            mode=self.mode,
            vendor_zone=self.vendor_zone,
            horizon=timedelta(days=self.horizon_days),
            default_country=self.default_country,
            credentials=self.secret_variables,
            http=HttpClient(clock=read_settings().clock),
        )
