"""The marts in Dagster: an asset each, all built in one step, with what their own files say."""

from collections.abc import Iterator, Sequence

import dagster as dg

from lead_pipeline.components.account import AccountComponent
from lead_pipeline.components.columns import built_columns
from lead_pipeline.components.presentation import markdown_table
from lead_pipeline.components.results import Result
from lead_pipeline.components.scan_presentation import published_view
from lead_pipeline.listing_tables import LISTING_VERSIONS, LISTINGS
from lead_pipeline.marts import MARTS, origins, teaching
from lead_pipeline.pipeline.folder import open_folder
from lead_pipeline.pipeline.outcome import build_reports
from lead_pipeline.settings import read_settings
from lead_pipeline.tables import LEADS, PEOPLE
from lead_pipeline.warehouse import Session

MART_KEYS = tuple(f"marts/{name}" for name in MARTS)

PREVIEWS: dict[str, tuple[tuple[str, ...], str]] = {
    "daily_leads": (
        ("day, UTC", "enquiries", "by account"),
        """
        SELECT
            strftime(day, '%a %m-%d'),
            sum(leads),
            string_agg(
                account || ' ' || leads
                || CASE status WHEN 'complete' THEN '' ELSE ' ' || status END,
                ', ' ORDER BY account
            )
        FROM ops.coverage
        GROUP BY day
        ORDER BY day DESC
        LIMIT 7
        """,
    ),
    "people_by_source": (
        ("source", "account", "enquiries", "people", "new", "in another source too"),
        """
        SELECT source, account, enquiries, people, new_people, shared_people
        FROM marts.people_by_source
        ORDER BY source, account
        LIMIT 20
        """,
    ),
    "lead_funnel": (
        ("source", "enquiries", "deals by last touch", "won"),
        """
        SELECT
            coalesce(source, 'no enquiry'),
            sum(enquiries),
            sum(last_touch_deals),
            sum(last_touch_won)
        FROM marts.lead_funnel
        GROUP BY source
        ORDER BY source
        LIMIT 20
        """,
    ),
    "project_performance": (
        ("source", "project", "enquiries", "people", "deals", "won"),
        """
        SELECT source, coalesce(project, project_id), enquiries, people, deals, won
        FROM marts.project_performance
        ORDER BY enquiries DESC, source, project_id
        LIMIT 10
        """,
    ),
    "data_quality": (
        ("account", "issue", "detail", "records", "out of"),
        """
        SELECT account, issue, detail, records, out_of
        FROM marts.data_quality
        ORDER BY records DESC, account, issue, detail
        LIMIT 10
        """,
    ),
}
"""Headings and query of what an asset shows of itself; no mart holds personal data."""


def marts_assets(accounts: Sequence[AccountComponent]) -> dg.AssetsDefinition:
    """All of them, after `people` and `listings`."""
    kept_in = _assets_of_tables(accounts)

    @dg.multi_asset(
        name="build",
        specs=[_spec(name) for name in MARTS],
        backfill_policy=dg.BackfillPolicy.single_run(),
    )
    def build() -> Iterator[Result]:
        folder = open_folder(read_settings())
        rows = build_reports(folder, (component.open_account() for component in accounts))
        with folder.warehouse.open() as session:
            for name in MARTS:
                yield dg.MaterializeResult(
                    asset_key=["marts", name],
                    metadata={
                        "dagster/row_count": rows[name],
                        **built_columns(session, "marts", name, lineage(name, kept_in)),
                        **_preview(session, name),
                    },
                )

    return build


def _spec(name: str) -> dg.AssetSpec:
    tables = {origin.table for found in origins(name).values() for origin in found}
    marts = [dg.AssetKey(table.split(".")) for table in sorted(tables) if table[:6] == "marts."]
    others = ["people"] * (not marts) + ["listings"] * (LISTING_VERSIONS.table.name in tables)
    return dg.AssetSpec(
        ["marts", name],
        deps=[*marts, *map(dg.AssetKey, others)],
        group_name="marts",
        kinds={"duckdb", "sql"},
        owners=["team:leads"],
        description=teaching(name),
        metadata={"dagster/table_name": f"marts.{name}"},
    )


def _assets_of_tables(accounts: Sequence[AccountComponent]) -> dict[str, list[dg.AssetKey]]:
    """Which assets hold the rows of a published table; the ledger's tables have none."""
    found: dict[str, list[dg.AssetKey]] = {
        **{table.name: [dg.AssetKey(table.name)] for table in (LEADS, PEOPLE, LISTINGS)},
        LISTING_VERSIONS.table.name: [dg.AssetKey(LISTINGS.name)],
        **{f"marts.{name}": [dg.AssetKey(["marts", name])] for name in MARTS},
    }
    for component in accounts:
        for stream in component.scanned_streams:
            table = published_view(stream.record_kinds[0]).table.name
            found.setdefault(table, []).append(dg.AssetKey([component.account, stream.name]))
    return found


def lineage(name: str, kept_in: dict[str, list[dg.AssetKey]]) -> dict[str, list[dg.TableColumnDep]]:
    """By column of a mart, the columns of assets that it is made of."""
    return {
        column: [
            dg.TableColumnDep(asset_key=key, column_name=origin.column)
            for origin in found
            for key in kept_in.get(origin.table, [])
        ]
        for column, found in origins(name).items()
    }


def _preview(session: Session, name: str) -> dict[str, dg.MarkdownMetadataValue]:
    if name not in PREVIEWS:
        return {}
    headings, sql = PREVIEWS[name]
    return {"at a glance": markdown_table(headings, session.rows(sql))}
