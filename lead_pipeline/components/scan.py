"""A scanned stream of an account in Dagster: `{account}/contacts`, `{account}/deals` …"""

from typing import TYPE_CHECKING

import dagster as dg

from lead_pipeline.components import presentation
from lead_pipeline.components.results import Result
from lead_pipeline.components.scan_presentation import published_table, scanned
from lead_pipeline.pipeline.folder import open_folder
from lead_pipeline.pipeline.load import load_account
from lead_pipeline.pipeline.scan import scan_stream
from lead_pipeline.settings import read_settings
from lead_pipeline.vendors.contract import Stream

if TYPE_CHECKING:
    from lead_pipeline.components.account import AccountComponent


def scan_asset(component: "AccountComponent", stream: Stream) -> dg.AssetsDefinition:
    """Read the stream whole, land its pages in packs, load them, and mark what is gone."""
    key = [component.account, stream.name]

    @dg.asset(
        key=key,
        group_name=component.vendor.source,
        kinds={component.vendor.source, "duckdb", "table"},
        owners=component.owners,
        description=f"All {stream.name} of account `{component.account}`, read page by page and "
        "compared with what is known: new, changed, unchanged, vanished. A scan that was cut "
        "short goes on where it stopped; one whose pages shifted marks nothing as vanished.",
        metadata=presentation.table_metadata(published_table(stream)),
        check_specs=[
            dg.AssetCheckSpec(
                "answered", asset=key, description="The scan came to its end, and is whole."
            ),
            dg.AssetCheckSpec(
                "readable", asset=key, description="Every record could be read, no field was new."
            ),
        ],
    )
    def scan(context: dg.AssetExecutionContext) -> Result:
        folder = open_folder(read_settings())
        account = component.open_account()
        if account.is_off:
            context.log.warning(f"{account.name} is off: {', '.join(account.missing)} not set")
            return presentation.off(account, "answered", "readable")
        outcome = scan_stream(folder, account, stream, context.run.run_id)
        lines = load_account(folder, component.vendor, component.account)
        return scanned(folder, component.account, stream, outcome, lines)

    return scan
