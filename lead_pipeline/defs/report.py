"""The report page as an asset: drawn after each publishing, and never in its way."""

from collections.abc import Mapping
from typing import Any

import dagster as dg

from lead_pipeline.components.results import Result
from lead_pipeline.errors import PipelineError
from lead_pipeline.pipeline.folder import open_folder
from lead_pipeline.pipeline.report import write_report
from lead_pipeline.serving.configuration import read_gateway_settings
from lead_pipeline.settings import read_settings

CHECK = "is_current"


def report_asset() -> dg.AssetsDefinition:
    """The asset; what goes wrong in it is a warning of its check."""

    @dg.asset(
        key="report",
        deps=["published"],
        group_name="outlets",
        kinds={"file", "report"},
        owners=["team:leads"],
        backfill_policy=dg.BackfillPolicy.single_run(),
        description="The page for those who look at it: `report.html` in the data folder, and "
        "`/report` of the gateway. What happened in a few sentences, and charts that unfold to "
        "their table and SQL; aggregates only.",
        check_specs=[
            dg.AssetCheckSpec(
                CHECK, asset="report", description="The page is of the newest snapshot."
            )
        ],
    )
    def report() -> Result:
        try:
            metadata = _written()
        except PipelineError as error:
            return _result({"failed": str(error)}, str(error))
        return _result(metadata, None)

    return report


def _written() -> dict[str, Any]:
    path = write_report(open_folder(read_settings()))
    metadata: dict[str, Any] = {
        "file": dg.MetadataValue.path(str(path)),
        "bytes": path.stat().st_size,
    }
    gateway = read_gateway_settings()
    if gateway.report_token.get_secret_value():
        metadata["page"] = dg.MetadataValue.url(f"{gateway.public_url}/report")
    return metadata


def _result(metadata: Mapping[str, Any], failure: str | None) -> Result:
    check = dg.AssetCheckResult(
        check_name=CHECK,
        passed=failure is None,
        severity=dg.AssetCheckSeverity.WARN,
        description=failure or "It is of the newest snapshot.",
    )
    return dg.MaterializeResult(metadata=metadata, check_results=[check])
