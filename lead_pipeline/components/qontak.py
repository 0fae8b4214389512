"""A Qontak account: the CRM of one company."""

import os
from collections.abc import Mapping
from typing import Any

import dagster as dg
from pydantic import Field

from lead_pipeline.components.account import AccountComponent
from lead_pipeline.components.pushed import PUSHED, pushed_asset
from lead_pipeline.pipeline.account import environment_of
from lead_pipeline.push import Mode, PushSettings, push_settings
from lead_pipeline.records import Subject
from lead_pipeline.settings import read_settings
from lead_pipeline.vendors.contract import Client, Vendor
from lead_pipeline.vendors.http import HttpClient
from lead_pipeline.vendors.lineage import SentField
from lead_pipeline.vendors.qontak import QONTAK, QontakClient
from lead_pipeline.vendors.qontak.lineage import LEAD_FIELDS, OBJECT_FIELDS

MOST_A_SECOND = 1000
STAGING_BASE_URL = "https://api.mekari.io"


class QontakAccount(AccountComponent):
    """One Qontak account; vendors/qontak/README.md says what is asked."""

    default_base_url = "https://api.mekari.com"

    client_id_variable: str = Field(description="Variable with the client id")
    client_secret_variable: str = Field(description="Variable with the client secret (secret)")
    sso_id_variable: str = Field(description="Variable with the SSO id of the acting user")
    sign_query: bool = Field(
        True, description="Whether the signature covers the query; doctor says what is accepted"
    )
    per_page: int = Field(100, ge=1, le=1000, description="Rows asked for per request")
    requests_per_second: float = Field(5.0, gt=0, le=1000, description="Asked at most so often")
    concurrency: int = Field(1, ge=1, le=8, description="Pages asked for at a time")
    default_country: str = Field("ID", description="Country of phones without a code, ISO 3166-1")
    push: dict[str, Any] | None = Field(
        None, description="What goes into the CRM (docs/how-to/push.md); nothing if not given"
    )

    @property
    def vendor(self) -> Vendor:
        """Qontak CRM."""
        return QONTAK

    @property
    def lead_fields(self) -> tuple[SentField, ...]:
        """vendors/qontak/lineage.py."""
        return LEAD_FIELDS

    @property
    def object_fields(self) -> Mapping[str, tuple[SentField, ...]]:
        """Of contacts, companies, deals, tasks, pipelines and stages."""
        return OBJECT_FIELDS

    @property
    def told_environment(self) -> str:
        """The vendor's staging is not its production: what is in one must never reach the other."""
        is_staging = self.base_url.rstrip("/") == STAGING_BASE_URL
        return "staging" if is_staging else super().told_environment

    @property
    def secret_variables(self) -> tuple[str, ...]:
        """The ids are not secret, but belong to the secret."""
        return (self.client_id_variable, self.client_secret_variable, self.sso_id_variable)

    @property
    def push_settings(self) -> PushSettings | None:
        """The push block, its mode read from its variable; None where nothing is ever pushed.

        Raises ConfigError.
        """
        if self.push is None:
            return None
        block = dict(self.push)
        variable = block.pop("mode_variable", None)
        if variable is not None:
            block["mode"] = os.environ.get(str(variable)) or Mode.OFF
        return push_settings(block, Subject(QONTAK.source, self.account))

    @property
    def outlet_keys(self) -> list[dg.AssetKey]:
        """The push, unless it is off."""
        settings = self.push_settings
        is_off = settings is None or settings.mode is Mode.OFF
        return [] if is_off else [dg.AssetKey([self.account, PUSHED])]

    def build_defs(self, context: dg.ComponentLoadContext) -> dg.Definitions:
        """The assets of the account, and the push unless it is off."""
        definitions = super().build_defs(context)
        if not self.outlet_keys:
            return definitions
        return dg.Definitions.merge(definitions, dg.Definitions(assets=[pushed_asset(self)]))

    def make_client(self, secrets: Mapping[str, str]) -> Client:
        """A client for this account. A CRM on this machine, the sandbox, needs no pace."""
        is_here = environment_of(self.base_url) == "loopback"
        return QontakClient(
            account=self.account,
            base_url=self.base_url,
            client_id=secrets[self.client_id_variable],
            client_secret=secrets[self.client_secret_variable],
            sso_id=secrets[self.sso_id_variable],
            sign_query=self.sign_query,
            per_page=self.per_page,
            requests_per_second=MOST_A_SECOND if is_here else self.requests_per_second,
            concurrency=self.concurrency,
            default_country=self.default_country,
            credentials=self.secret_variables,
            http=HttpClient(clock=read_settings().clock),
        )
