"""What ListSMRT sends: an asset that empties the spool, and a sensor that starts it."""

import dagster as dg

from lead_pipeline.components.columns import column_lineage, sent_columns, table_metadata
from lead_pipeline.components.lineage import Deps, columns_of_one, view_made_of
from lead_pipeline.components.presentation import load_counts, readable
from lead_pipeline.components.results import Result
from lead_pipeline.defs.marts import MART_KEYS
from lead_pipeline.listing_tables import LISTING_VERSIONS, LISTINGS
from lead_pipeline.pipeline.drain import drain
from lead_pipeline.pipeline.folder import open_folder
from lead_pipeline.settings import read_settings
from lead_pipeline.vendors.listsmrt.lineage import OBJECT_FIELDS

LISTINGS_JOB_NAME = "new_listings"
SECONDS_BETWEEN_LOOKS = 30

WEBHOOKS = dg.AssetKey(["listsmrt", "webhooks"])
_FIELDS = OBJECT_FIELDS[LISTING_VERSIONS.kind]
_MADE_OF = view_made_of(LISTING_VERSIONS, _FIELDS)


def webhooks_spec() -> dg.AssetSpec:
    """What the gateway receives, by the vendor's own fields."""
    columns = sent_columns(_FIELDS, _MADE_OF, LISTING_VERSIONS.table)
    return dg.AssetSpec(
        WEBHOOKS,
        group_name="listsmrt",
        kinds={"listsmrt", "file"},
        owners=["team:leads"],
        description="What ListSMRT sends unasked: the gateway keeps it in the spool. Nothing runs "
        "here. Its columns are the vendor's own fields, each with what becomes of it.",
        metadata={"dagster/column_schema": dg.TableSchema(columns=columns)},
    )


def lineage_of_listings() -> Deps:
    """Of the newest generation the webhook's fields; the enquiries are counted in `leads`."""
    of_webhook = columns_of_one(WEBHOOKS, {**_MADE_OF, "versions": _MADE_OF["property_id"]})
    of_both = of_webhook | {"leads": [dg.TableColumnDep("leads", "interest_id")]}
    return {column.name: of_both.get(column.name, []) for column in LISTINGS.columns}


def listings_asset() -> dg.AssetsDefinition:
    """The asset; `published` comes after it."""

    @dg.asset(
        key="listings",
        deps=[WEBHOOKS],
        group_name="listsmrt",
        kinds={"duckdb", "table"},
        owners=["team:leads"],
        backfill_policy=dg.BackfillPolicy.single_run(),
        description="What the gateway received from ListSMRT since the last time: landed without "
        "the secrets in it, loaded once each, and gone from the spool. The newest copy of every "
        "property; `listing_versions` has every generation.",
        metadata=table_metadata(LISTINGS, lineage_of_listings()),
        check_specs=[
            dg.AssetCheckSpec(
                "readable",
                asset="listings",
                description="Every webhook could be read, and no field was new.",
            )
        ],
    )
    def listings() -> Result:
        folder = open_folder(read_settings())
        lines = drain(folder)
        with folder.warehouse.open() as session:
            rows = session.rows(f"SELECT count(*) FROM {LISTINGS.name}")[0][0]
        return dg.MaterializeResult(
            metadata={
                "dagster/row_count": rows,
                **load_counts(lines),
                **column_lineage(lineage_of_listings()),
            },
            check_results=[readable(lines)],
        )

    return listings


def listings_job_and_sensor() -> dg.Definitions:
    """The job that publishes what came, and its sensor, which starts by itself."""
    job = dg.define_asset_job(
        LISTINGS_JOB_NAME,
        selection=["listings", "person_links", "people", *MART_KEYS, "published", "report"],
        description="Loads what the gateway received from ListSMRT, then people, reports and "
        "snapshot, so that what is published fits together.",
    )

    @dg.sensor(
        name="webhooks_wait",
        job=job,
        minimum_interval_seconds=SECONDS_BETWEEN_LOOKS,
        default_status=dg.DefaultSensorStatus.RUNNING,
        description="Empties the spool as soon as the gateway has put something into it.",
    )
    def webhooks_wait(context: dg.SensorEvaluationContext) -> dg.RunRequest | dg.SkipReason:
        if not open_folder(read_settings()).spool.segments():
            return dg.SkipReason("Nothing waits in the spool.")
        going = dg.RunsFilter(
            job_name=LISTINGS_JOB_NAME,
            statuses=[
                dg.DagsterRunStatus.QUEUED,
                dg.DagsterRunStatus.NOT_STARTED,
                dg.DagsterRunStatus.STARTING,
                dg.DagsterRunStatus.STARTED,
            ],
        )
        if context.instance.get_runs_count(going):
            return dg.SkipReason("The last run has not ended yet.")
        return dg.RunRequest()

    return dg.Definitions(jobs=[job], sensors=[webhooks_wait])
