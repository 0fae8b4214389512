"""What a scan shows in Dagster: how it ended, what changed, how many objects there are."""

from collections.abc import Sequence
from pathlib import Path

import dagster as dg

from lead_pipeline.components.columns import column_lineage
from lead_pipeline.components.lineage import Deps
from lead_pipeline.components.presentation import load_counts, paragraphs, readable
from lead_pipeline.components.results import Result
from lead_pipeline.crm_tables import CRM_VIEWS, CrmView
from lead_pipeline.errors import scan_command
from lead_pipeline.pipeline.folder import DataFolder
from lead_pipeline.pipeline.scan import ScanOutcome
from lead_pipeline.vendors.contract import Stream
from lead_pipeline.warehouse.load import LedgerLine

THERE = """
SELECT count(*), count(*) FILTER (WHERE vanished_at IS NOT NULL)
FROM core.objects
WHERE account = ? AND list_contains(?, kind)
"""


def published_view(kind: str) -> CrmView:
    """The table that shows the objects of a kind."""
    return next(view for view in CRM_VIEWS if view.kind == kind)


def scanned(
    folder: DataFolder,
    account: str,
    stream: Stream,
    outcome: ScanOutcome,
    lines: Sequence[LedgerLine],
    deps: Deps,
    landed: Path | None,
) -> Result:
    """How a scan and the load after it went, and where its pages are kept."""
    with folder.warehouse.open() as session:
        ((known, vanished),) = session.rows(THERE, (account, list(stream.record_kinds)))
    return dg.MaterializeResult(
        metadata={
            "dagster/row_count": known,
            "of these vanished": vanished,
            "pages": outcome.pages,
            "bytes": outcome.length,
            "verdict": outcome.verdict.reason if outcome.verdict else "none yet",
            "landed": dg.MetadataValue.path(str(landed.resolve())) if landed else "nothing",
            **load_counts(lines),
            **column_lineage(deps),
        },
        check_results=[_answered(account, outcome), readable(lines)],
    )


def _answered(account: str, outcome: ScanOutcome) -> dg.AssetCheckResult:
    verdict = outcome.verdict
    if outcome.failure:
        said = paragraphs(outcome.failure.message)
    elif verdict and not verdict.complete:
        said = (
            f"Not whole: {verdict.reason}. Nothing was marked as vanished. "
            f"Next: {scan_command(account)}"
        )
    else:
        said = "The scan is whole."
    return dg.AssetCheckResult(
        check_name="answered",
        passed=verdict is not None and verdict.complete,
        severity=dg.AssetCheckSeverity.ERROR,
        description=said,
    )
