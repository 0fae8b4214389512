"""What every account becomes in Dagster: `{account}/raw` and `{account}/leads`, and its scans."""

import os
from abc import abstractmethod
from collections.abc import Iterator, Mapping
from typing import ClassVar

import dagster as dg
from pydantic import Field

from lead_pipeline.components import presentation
from lead_pipeline.components.columns import sent_columns, table_metadata
from lead_pipeline.components.lineage import columns_of_one, leads_made_of
from lead_pipeline.components.partitions import DAILY, requested_window
from lead_pipeline.components.results import Result
from lead_pipeline.components.scan import objects_spec, scan_asset
from lead_pipeline.errors import ConfigError
from lead_pipeline.pipeline.account import Account, environment_of
from lead_pipeline.pipeline.fetch import fetch_account
from lead_pipeline.pipeline.folder import open_folder
from lead_pipeline.pipeline.load import load_account
from lead_pipeline.settings import read_settings
from lead_pipeline.tables import LEADS
from lead_pipeline.vendors.contract import Client, Stream, StreamKind, Vendor
from lead_pipeline.vendors.lineage import SentField


class AccountComponent(dg.Component, dg.Model, dg.Resolvable):
    """One account. Subclasses add their vendor's settings and make its client."""

    default_base_url: ClassVar[str]
    """The documented host of production."""

    account: str = Field(
        pattern=r"^[a-z][a-z0-9_]*$", description="Unique name; asset keys and tables carry it"
    )
    base_url_variable: str = Field(description="Variable with the base URL")
    owners: list[str] = Field(["team:leads"], description="Dagster owners of the account's assets")
    environment: str | None = Field(
        None, description="Name of the environment; told by the base URL if not given"
    )

    @property
    @abstractmethod
    def vendor(self) -> Vendor:
        """The vendor that the account is with."""

    @property
    @abstractmethod
    def lead_fields(self) -> tuple[SentField, ...]:
        """What the vendor sends of an enquiry, by its own names."""

    @property
    def object_fields(self) -> Mapping[str, tuple[SentField, ...]]:
        """The same of each kind of object that is scanned."""
        return {}

    @property
    @abstractmethod
    def secret_variables(self) -> tuple[str, ...]:
        """Names of the environment variables that hold its credentials."""

    @property
    def base_url(self) -> str:
        """Where it is asked: as the environment says, else the documented host."""
        return os.environ.get(self.base_url_variable) or self.default_base_url

    @property
    def told_environment(self) -> str:
        """What the base URL tells of the environment."""
        return environment_of(self.base_url)

    @abstractmethod
    def make_client(self, secrets: Mapping[str, str]) -> Client:
        """Its client, from the values of `secret_variables`."""

    def open_account(self) -> Account:
        """The account with what the environment holds now: on, off, or half set."""
        secrets = {name: os.environ.get(name, "") for name in self.secret_variables}
        missing = tuple(name for name, value in secrets.items() if not value)
        return Account(
            name=self.account,
            vendor=self.vendor,
            environment=self.environment or self.told_environment,
            client=None if missing else self.make_client(secrets),
            missing=missing,
            is_off=len(missing) == len(secrets),
        )

    def build_defs(self, context: dg.ComponentLoadContext) -> dg.Definitions:  # noqa: ARG002
        """The assets of the account. The signature is Dagster's."""
        scans = [scan_asset(self, stream) for stream in self.scanned_streams]
        objects = [objects_spec(self)] if scans else []
        return dg.Definitions(assets=[self._raw(), self._leads(), *objects, *scans])

    @property
    def scanned_streams(self) -> tuple[Stream, ...]:
        """What is read whole, each an asset of its own."""
        return tuple(one for one in self.vendor.streams if one.kind is StreamKind.SCANNED)

    @property
    def loading_keys(self) -> list[dg.AssetKey]:
        """The assets that load its rows."""
        return [dg.AssetKey([self.account, "leads"]), *self.scan_keys]

    @property
    def scan_keys(self) -> list[dg.AssetKey]:
        """The assets that `run --scan` adds."""
        return [dg.AssetKey([self.account, stream.name]) for stream in self.scanned_streams]

    @property
    def outlet_keys(self) -> list[dg.AssetKey]:
        """The assets that come after `published` and give the account something."""
        return []

    def _raw(self) -> dg.AssetsDefinition:
        sent = sent_columns(self.lead_fields, leads_made_of(self.lead_fields), LEADS)

        @dg.asset(
            key=[self.account, "raw"],
            partitions_def=DAILY,
            backfill_policy=dg.BackfillPolicy.single_run(),
            group_name=self.vendor.source,
            kinds={self.vendor.source, "file"},
            owners=self.owners,
            description=f"What {self.vendor.source} answered for account `{self.account}`: every "
            "response kept byte for byte, with a receipt per request, before anything reads it. "
            "Its columns are the vendor's own fields, each with what becomes of it; a field that "
            "nobody named is kept in `attributes` and reported.",
            metadata={"dagster/column_schema": dg.TableSchema(columns=sent)},
            check_specs=[
                dg.AssetCheckSpec(
                    "answered",
                    asset=[self.account, "raw"],
                    description="The vendor answered every request of this run.",
                )
            ],
        )
        def raw(context: dg.AssetExecutionContext) -> Result:
            folder = open_folder(read_settings())
            account = self.open_account()
            if account.is_off:
                context.log.warning(f"{account.name} is off: {', '.join(account.missing)} not set")
                return presentation.off(account, "answered")
            window = requested_window(context)
            return presentation.fetched(
                folder, fetch_account(folder, account, window, context.run.run_id)
            )

        return raw

    def _leads(self) -> dg.AssetsDefinition:
        deps = columns_of_one([self.account, "raw"], leads_made_of(self.lead_fields))

        @dg.asset(
            key=[self.account, "leads"],
            deps=[[self.account, "raw"]],
            partitions_def=DAILY,
            backfill_policy=dg.BackfillPolicy.single_run(),
            group_name=self.vendor.source,
            kinds={"duckdb", "table"},
            owners=self.owners,
            description=f"The enquiries of account `{self.account}`, parsed, normalised and loaded "
            "once each, with a line in the ledger per response. The partition is the UTC day asked "
            "for; no row is ever deleted because a later answer held less.\n\n"
            "Analysts see them once `published` has run: the job `all_leads` and *Materialize all* "
            "do everything, this asset alone does not.",
            metadata=table_metadata(LEADS, deps),
            check_specs=[
                dg.AssetCheckSpec(
                    "readable",
                    asset=[self.account, "leads"],
                    description="Every record could be read, and no field was new.",
                )
            ],
        )
        def leads(context: dg.AssetExecutionContext) -> Result:
            folder = open_folder(read_settings())
            lines = load_account(folder, self.vendor, self.account)
            presentation.add_day_counts(context, folder, self.account)
            return presentation.loaded(folder, self.account, lines, deps)

        return leads


def accounts_of(context: dg.ComponentLoadContext) -> Iterator[AccountComponent]:
    """Every account that has a YAML. Raises ConfigError where two have one name."""
    seen: set[str] = set()
    for component in context.component_tree.get_all_components(of_type=AccountComponent):
        if component.account in seen:
            raise ConfigError(
                f"two accounts are named {component.account}",
                state="nothing was loaded",
                next_step="give each defs.yaml under lead_pipeline/defs an account name of its own",
            )
        seen.add(component.account)
        yield component
