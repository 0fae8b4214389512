"""What is read out of the events of a run that really ran."""

from collections.abc import Callable
from datetime import UTC, datetime

import dagster as dg
import pytest

from lead_pipeline.components.results import Result
from lead_pipeline.defs.run_report import EVENTS, report_of
from lead_pipeline.errors import RunIncomplete, WarehouseBusy
from lead_pipeline.pipeline.trouble import RunReport

ENDED = datetime(2026, 11, 20, 18, 30, tzinfo=UTC)
PERSON = "Asha Example"


def busy() -> None:
    raise WarehouseBusy("it is held", state="nothing was loaded", next_step="wait for it")


def unforeseen() -> None:
    raise ValueError(PERSON)


def incomplete() -> None:
    error = RunIncomplete("days are missing", state="all else is there", next_step="run it")
    raise dg.Failure(str(error), allow_retries=False) from error


def well() -> None:
    """Do nothing."""


def reported(
    *,
    published: Callable[[], None] = well,
    verdict: Callable[[], None] = well,
    dies_in: str | None = None,
    check: dg.AssetCheckResult | None = None,
) -> RunReport:
    """The report of a run of two assets; `dies_in`: all that its process wrote before it died."""

    @dg.asset(name="published", check_specs=[dg.AssetCheckSpec("counts", asset="published")])
    def first() -> Result:
        published()
        return dg.MaterializeResult(check_results=[check or dg.AssetCheckResult(passed=True)])

    @dg.asset(name="verdict", deps=[first])
    def last() -> None:
        verdict()

    with dg.DagsterInstance.ephemeral() as instance:
        result = dg.materialize([first, last], instance=instance, raise_on_error=False)
        run = instance.get_run_by_id(result.run_id)
        assert run
        if dies_in:
            instance.report_run_failed(run)
            run = instance.get_run_by_id(result.run_id)
            assert run
        entries = instance.all_logs(run.run_id, of_type=EVENTS)
    events = [entry.dagster_event for entry in entries if entry.dagster_event]
    if dies_in:
        steps = [(event.step_key, event.is_step_start) for event in events]
        events = events[: steps.index((dies_in, True)) + 1]
    return report_of(run, events, [], ENDED)


def test_a_run_that_ends_well() -> None:
    report = reported()
    assert report.troubles == ()
    assert report.sound == {"step published", "step verdict", "check published, counts", "run"}


def test_an_error_of_ours_speaks_for_itself() -> None:
    (trouble,) = reported(published=busy).troubles
    assert trouble.key == "step published"
    assert trouble.what == "WarehouseBusy: it is held\n  State: nothing was loaded"
    assert trouble.next_step == "wait for it"


def test_another_error_is_named_and_not_quoted() -> None:
    report = reported(published=unforeseen)
    assert "ValueError" in report.troubles[0].what
    assert PERSON not in str(report)


def test_the_verdict_is_no_broken_step() -> None:
    report = reported(verdict=incomplete)
    assert report.troubles == ()
    assert "step verdict" in report.sound


def test_a_verdict_that_cannot_be_reached_is_one() -> None:
    assert [trouble.key for trouble in reported(verdict=busy).troubles] == ["step verdict"]


def test_a_run_that_was_killed() -> None:
    report = reported(dies_in="published")
    assert [trouble.key for trouble in report.troubles] == ["step published"]
    assert report.sound == set()
    later = reported(dies_in="verdict")
    assert [trouble.key for trouble in later.troubles] == ["step verdict"]
    assert "step published" in later.sound
    assert not later.judged


@pytest.mark.parametrize(
    ("severity", "told"),
    [(dg.AssetCheckSeverity.ERROR, True), (dg.AssetCheckSeverity.WARN, False)],
)
def test_a_failed_check(severity: dg.AssetCheckSeverity, told: bool) -> None:
    check = dg.AssetCheckResult(passed=False, severity=severity, description="two are missing")
    report = reported(check=check)
    assert [trouble.what for trouble in report.troubles] == ["two are missing"] * told
    assert ("check published, counts" in report.sound) is not told
