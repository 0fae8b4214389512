"""What comes after the accounts: leads, people, reports, the snapshot, the verdict."""

from collections.abc import Iterator, Sequence
from datetime import timedelta

import dagster as dg

from lead_pipeline.components.account import AccountComponent, accounts_of
from lead_pipeline.components.columns import column_lineage, table_metadata
from lead_pipeline.components.presentation import markdown_table
from lead_pipeline.components.results import Result
from lead_pipeline.defs.checks import lead_checks, published_checks
from lead_pipeline.defs.lineage import lineage_of_leads, lineage_of_people
from lead_pipeline.defs.listings import listings_asset, listings_job_and_sensor, webhooks_spec
from lead_pipeline.defs.marts import MART_KEYS, marts_assets
from lead_pipeline.defs.people_checks import people_checks
from lead_pipeline.defs.report import report_asset
from lead_pipeline.defs.schedules import jobs_and_schedules
from lead_pipeline.errors import RunIncomplete
from lead_pipeline.pipeline.account import Account
from lead_pipeline.pipeline.folder import DataFolder, open_folder
from lead_pipeline.pipeline.outcome import (
    judge,
    publish_snapshot,
    resolve_people,
)
from lead_pipeline.settings import read_settings
from lead_pipeline.tables import LEADS, PEOPLE, PERSON_LINKS

SINGLE_RUN = dg.BackfillPolicy.single_run()

LINKS_BY_RULE = "SELECT rule, count(*), min(weight) FROM person_links GROUP BY rule ORDER BY 2 DESC"

PEOPLE_BY_ENQUIRIES = """
SELECT CASE WHEN enquiries >= 5 THEN '5 and more' ELSE enquiries::VARCHAR END AS size, count(*)
FROM people
GROUP BY size
ORDER BY size
"""


@dg.definitions
def after_the_accounts(context: dg.ComponentLoadContext) -> dg.Definitions:
    """Assets, checks, jobs and schedules for the accounts that have a YAML."""
    accounts = tuple(accounts_of(context))
    stages = dg.Definitions(
        assets=[
            webhooks_spec(),
            listings_asset(),
            _leads(accounts),
            _people(),
            marts_assets(accounts),
            _published(),
            report_asset(),
            _verdict(accounts),
        ],
        asset_checks=[*lead_checks(), *people_checks(), *published_checks(accounts)],
    )
    return dg.Definitions.merge(stages, jobs_and_schedules(accounts), listings_job_and_sensor())


def _folder() -> DataFolder:
    return open_folder(read_settings())


def _opened(accounts: Sequence[AccountComponent]) -> Iterator[Account]:
    return (component.open_account() for component in accounts)


def _leads(accounts: Sequence[AccountComponent]) -> dg.AssetsDefinition:
    deps = lineage_of_leads(accounts)

    @dg.asset(
        key="leads",
        deps=[key for component in accounts for key in component.loading_keys],
        group_name="core",
        kinds={"duckdb", "table"},
        owners=["team:leads"],
        backfill_policy=SINGLE_RUN,
        description="All enquiries of all accounts, each once: the common lead schema. Its checks "
        "say whether the books balance.",
        metadata=table_metadata(LEADS, deps),
    )
    def leads() -> Result:
        with _folder().warehouse.open() as session:
            rows = session.rows("SELECT account, count(*) FROM core.enquiries GROUP BY account")
        return dg.MaterializeResult(
            metadata={
                "dagster/row_count": sum(count for _, count in rows),
                **column_lineage(deps),
                **{f"leads of {account}": count for account, count in sorted(rows)},
            }
        )

    return leads


def _people() -> dg.AssetsDefinition:
    @dg.multi_asset(
        name="resolve",
        specs=[
            dg.AssetSpec(
                "person_links",
                deps=["leads"],
                description="Why enquiries are one person's: one row per link, with the rule, its "
                "weight and its reason in words.",
                kinds={"duckdb", "table"},
                owners=["team:leads"],
                group_name="core",
                metadata=table_metadata(PERSON_LINKS),
            ),
            dg.AssetSpec(
                "people",
                deps=["person_links"],
                description="The golden record: one row per person, with an id that stays, and of "
                "each field the value that survives.",
                kinds={"duckdb", "table"},
                owners=["team:leads"],
                group_name="core",
                metadata=table_metadata(PEOPLE, lineage_of_people()),
            ),
        ],
        backfill_policy=SINGLE_RUN,
    )
    def resolve() -> Iterator[Result]:
        folder = _folder()
        resolution = resolve_people(folder)
        with folder.warehouse.open() as session:
            rules = session.rows(LINKS_BY_RULE)
            sizes = session.rows(PEOPLE_BY_ENQUIRIES)
        yield dg.MaterializeResult(
            asset_key="person_links",
            metadata={
                "dagster/row_count": sum(links for _, links, _ in rules),
                "by rule": markdown_table(("rule", "links", "lightest weight"), rules),
            },
        )
        yield dg.MaterializeResult(
            asset_key="people",
            metadata={
                "dagster/row_count": resolution.people,
                **column_lineage(lineage_of_people()),
                "leads with a new or another person": resolution.moved_leads,
                "by enquiries": markdown_table(("enquiries of a person", "people"), sizes),
            },
        )

    return resolve


def _published() -> dg.AssetsDefinition:
    @dg.asset(
        key="published",
        deps=["listings", "people", *map(dg.AssetKey.from_user_string, MART_KEYS)],
        group_name="outlets",
        kinds={"duckdb", "file"},
        owners=["team:leads"],
        backfill_policy=SINGLE_RUN,
        description="The read-only snapshot that analysts open: `leads.duckdb` in the data folder. "
        "Replaced in one step; who has the old one open keeps it.",
        freshness_policy=dg.FreshnessPolicy.time_window(
            fail_window=timedelta(hours=50), warn_window=timedelta(hours=26)
        ),
    )
    def published() -> Result:
        folder = _folder()
        snapshot = publish_snapshot(folder)
        if snapshot is None:
            return dg.MaterializeResult(metadata={"state": "nothing changed since the last one"})
        return dg.MaterializeResult(
            metadata={
                "version": snapshot.version,
                "leads": snapshot.leads,
                "people": snapshot.people,
                "file": dg.MetadataValue.path(str(folder.path / "leads.duckdb")),
            }
        )

    return published


def _verdict(accounts: Sequence[AccountComponent]) -> dg.AssetsDefinition:
    @dg.asset(
        key="verdict",
        deps=["published"],
        group_name="outlets",
        kinds={"report"},
        owners=["team:leads"],
        backfill_policy=SINGLE_RUN,
        description="Red when an account could not be read in full, naming the account, the days "
        "and the next command. Everything else is loaded and published before it speaks.",
    )
    def verdict(context: dg.AssetExecutionContext) -> Result:
        asked = judged_accounts(context.run, accounts)
        try:
            judge(_folder(), asked)
        except RunIncomplete as error:
            raise dg.Failure(str(error), allow_retries=False) from error
        off = [account.name for account in _opened(accounts) if account.is_off]
        return dg.MaterializeResult(
            metadata={
                "nothing is missing of": ", ".join(sorted({*asked} - {*off})) or "none",
                "off": ", ".join(off) or "none",
            }
        )

    return verdict


def judged_accounts(run: dg.DagsterRun, accounts: Sequence[AccountComponent]) -> list[str]:
    """The accounts that a run's verdict is about: those it asked, or all where it asked none."""
    selected = run.asset_selection
    names = [
        component.account
        for component in accounts
        if not selected or dg.AssetKey([component.account, "raw"]) in selected
    ]
    return names or [component.account for component in accounts]
