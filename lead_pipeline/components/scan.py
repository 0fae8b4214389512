"""A scanned stream of an account in Dagster: `{account}/contacts`, `{account}/deals` …"""

from typing import TYPE_CHECKING

import dagster as dg

from lead_pipeline.components import presentation
from lead_pipeline.components.columns import sent_columns, table_metadata
from lead_pipeline.components.lineage import columns_of_one, view_made_of
from lead_pipeline.components.results import Result
from lead_pipeline.components.scan_presentation import published_view, scanned
from lead_pipeline.pipeline.folder import open_folder
from lead_pipeline.pipeline.load import load_account
from lead_pipeline.pipeline.scan import scan_stream
from lead_pipeline.settings import read_settings
from lead_pipeline.vendors.contract import Stream

if TYPE_CHECKING:
    from lead_pipeline.components.account import AccountComponent


def objects_spec(component: "AccountComponent") -> dg.AssetSpec:
    """What the scans land, by the vendor's own fields; the scans themselves fetch it."""
    columns = [
        column
        for stream in component.scanned_streams
        for kind in stream.record_kinds
        for column in _sent(component, kind)
    ]
    return dg.AssetSpec(
        _objects_key(component),
        group_name=component.vendor.source,
        kinds={component.vendor.source, "file"},
        owners=component.owners,
        description=f"What {component.vendor.source} shows a scan of account "
        f"`{component.account}`: the landed pages, kept byte for byte. Nothing runs here, since "
        "each scan reads and lands its own. Its columns are the vendor's own fields, by kind of "
        "object, each with what becomes of it.",
        metadata={"dagster/column_schema": dg.TableSchema(columns=columns)},
    )


def _objects_key(component: "AccountComponent") -> dg.AssetKey:
    return dg.AssetKey([component.account, "raw_objects"])


def _sent(component: "AccountComponent", kind: str) -> list[dg.TableColumn]:
    view, fields = published_view(kind), component.object_fields[kind]
    return sent_columns(fields, view_made_of(view, fields), view.table, f"{kind}.")


def scan_asset(component: "AccountComponent", stream: Stream) -> dg.AssetsDefinition:
    """Read the stream whole, land its pages in packs, load them, and mark what is gone."""
    key = [component.account, stream.name]
    kind = stream.record_kinds[0]
    view = published_view(kind)
    made_of = view_made_of(view, component.object_fields[kind])
    deps = columns_of_one(_objects_key(component), made_of, f"{kind}.")

    @dg.asset(
        key=key,
        deps=[_objects_key(component)],
        group_name=component.vendor.source,
        kinds={component.vendor.source, "duckdb", "table"},
        owners=component.owners,
        description=f"All {stream.name} of account `{component.account}`, read page by page and "
        "compared with what is known: new, changed, unchanged, vanished. A scan that was cut "
        "short goes on where it stopped; one whose pages shifted marks nothing as vanished.",
        metadata=table_metadata(view.table, deps),
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
        scans = folder.scans.scans(component.vendor.source, component.account, stream.name)
        landed = scans[-1].path if scans else None
        return scanned(folder, component.account, stream, outcome, lines, deps, landed)

    return scan
