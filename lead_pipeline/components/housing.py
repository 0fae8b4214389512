"""A Housing.com account: builder or broker leads."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Literal

from pydantic import Field

from lead_pipeline.components.account import AccountComponent
from lead_pipeline.settings import read_settings
from lead_pipeline.vendors.contract import Client, Vendor
from lead_pipeline.vendors.housing import HOUSING, HousingClient
from lead_pipeline.vendors.housing.lineage import LEAD_FIELDS
from lead_pipeline.vendors.http import HttpClient
from lead_pipeline.vendors.lineage import SentField


class HousingAccount(AccountComponent):
    """One Housing.com account; vendors/housing/README.md says what is asked."""

    default_base_url = "https://leads.housing.com"

    id_variable: str = Field(description="Variable with the account's id")
    api_key_variable: str = Field(description="Variable with the API key (secret)")
    endpoint: Literal["builder", "broker"] = Field("builder", description="Which leads")
    per_page: int = Field(1000, ge=1, le=1000, description="Rows asked for per request")
    max_window_hours: int = Field(48, ge=1, description="Longest window of one request")
    default_country: str = Field("IN", description="Country of phones without a code, ISO 3166-1")

    @property
    def vendor(self) -> Vendor:
        """Housing.com."""
        return HOUSING

    @property
    def lead_fields(self) -> tuple[SentField, ...]:
        """vendors/housing/lineage.py."""
        return LEAD_FIELDS

    @property
    def secret_variables(self) -> tuple[str, ...]:
        """The id is not secret, but belongs to the key."""
        return (self.id_variable, self.api_key_variable)

    def make_client(self, secrets: Mapping[str, str]) -> Client:
        """A client for this account."""
        return HousingClient(
            account=self.account,
            base_url=self.base_url,
            account_id=secrets[self.id_variable],
            api_key=secrets[self.api_key_variable],
            endpoint=self.endpoint,
            per_page=self.per_page,
            max_window=timedelta(hours=self.max_window_hours),
            default_country=self.default_country,
            credentials=self.secret_variables,
            http=HttpClient(clock=read_settings().clock),
        )
