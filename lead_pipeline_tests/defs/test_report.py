"""The report is never in the way: what goes wrong in it is a warning that says what to type."""

from pathlib import Path

import dagster as dg
import pytest

from lead_pipeline.defs.report import report_asset


def test_a_report_that_cannot_be_drawn_is_a_warning(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LEAD_PIPELINE_DATA_DIR", str(tmp_path))
    result = dg.materialize([report_asset()])
    assert result.success
    ((check),) = result.get_asset_check_evaluations()
    assert not check.passed
    assert check.severity is dg.AssetCheckSeverity.WARN
    assert "nothing has been published" in (check.description or "")
    assert "lead-pipeline run --days 7" in (check.description or "")
    ((event),) = result.asset_materializations_for_node("report")
    assert "nothing has been published" in str(event.metadata["failed"].value)
