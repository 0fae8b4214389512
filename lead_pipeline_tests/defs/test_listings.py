"""The sensor starts a run as long as something waits, and one at a time."""

from pathlib import Path

import dagster as dg
import pytest

from lead_pipeline.definitions import load_definitions
from lead_pipeline.defs.listings import LISTINGS_JOB_NAME, listings_job_and_sensor
from lead_pipeline.pipeline.folder import open_folder
from lead_pipeline.settings import Settings, read_settings
from lead_pipeline.warehouse import open_snapshot
from lead_pipeline_tests.pipeline.test_drain import generation, receive


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    monkeypatch.setenv("LEAD_PIPELINE_DATA_DIR", str(tmp_path / "data"))
    return read_settings()


def test_it_waits_for_webhooks(settings: Settings) -> None:
    (sensor,) = listings_job_and_sensor().sensors or ()
    assert isinstance(sensor, dg.SensorDefinition)
    with dg.DagsterInstance.ephemeral() as instance:
        context = dg.build_sensor_context(instance=instance)
        assert isinstance(sensor(context), dg.SkipReason)
        receive(open_folder(settings), generation(1))
        assert isinstance(sensor(context), dg.RunRequest)
        instance.create_run_for_job(_job(), status=dg.DagsterRunStatus.STARTED)
        assert isinstance(sensor(context), dg.SkipReason)


def test_the_job_publishes_what_waits(settings: Settings) -> None:
    receive(open_folder(settings), generation(1))
    job = load_definitions().resolve_job_def(LISTINGS_JOB_NAME)
    result = job.execute_in_process(raise_on_error=True)
    assert result.success
    with open_snapshot(settings.data_dir) as session:
        assert session.rows("SELECT property_id, result FROM listings") == [("P1", "copy 1")]


def _job() -> dg.JobDefinition:
    @dg.op
    def nothing() -> None: ...

    @dg.job(name=LISTINGS_JOB_NAME)
    def job() -> None:
        nothing()

    return job
