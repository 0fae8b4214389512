"""What the events of a Dagster run say: which steps and checks failed, and which are well."""

from collections.abc import Iterator, Sequence
from datetime import datetime

import dagster as dg
from dagster import DagsterEventType as EventType

from lead_pipeline import errors
from lead_pipeline.components.account import AccountComponent
from lead_pipeline.defs.stages import judged_accounts
from lead_pipeline.pipeline.trouble import RunReport, Trouble

LAST_STEP = "verdict"
RUN = "run"
"""The key of a run that died between two steps, or before the first."""

EVENTS = {
    EventType.STEP_START,
    EventType.STEP_SUCCESS,
    EventType.STEP_FAILURE,
    EventType.ASSET_CHECK_EVALUATION,
}

OUR_ERRORS = {
    name
    for name, kind in vars(errors).items()
    if isinstance(kind, type) and issubclass(kind, errors.PipelineError)
}


def report_of(
    run: dg.DagsterRun,
    events: Sequence[dg.DagsterEvent],
    accounts: Sequence[AccountComponent],
    ended_at: datetime,
) -> RunReport:
    """What a run showed that ended at `ended_at` (UTC); `accounts` are all that there are."""
    failures = {event.step_key: event for event in events if event.is_step_failure}
    worked = {event.step_key for event in events if event.is_step_success}
    if LAST_STEP in failures and _words(failures[LAST_STEP])[0] == errors.RunIncomplete.__name__:
        del failures[LAST_STEP]
        worked.add(LAST_STEP)
    died = run.is_failure and not failures and LAST_STEP not in worked
    checks = list(_checks(events))
    return RunReport(
        ended_at,
        troubles=(
            *(_failed(event, run) for event in failures.values()),
            *(_dead(key, run) for key in _died_in(events) if died),
            *(_wrong(check) for check in checks if _is_wrong(check)),
        ),
        sound=frozenset(
            {_step(key) for key in worked}
            | {_check(check) for check in checks if not _is_wrong(check)}
            | (set() if died else {RUN})
        ),
        judged=tuple(judged_accounts(run, accounts)) if LAST_STEP in worked else (),
    )


def _step(key: str | None) -> str:
    return f"step {(key or '').replace('__', '/')}"


def _failed(event: dg.DagsterEvent, run: dg.DagsterRun) -> Trouble:
    """An error of ours in its own words; of another only its name, as it may quote a record."""
    name, words = _words(event)
    if name in OUR_ERRORS:
        what, _, next_step = words.partition("\n  Next:")
        return Trouble(_step(event.step_key), f"{name}: {what}", next_step.strip())
    return Trouble(_step(event.step_key), f"{name}, which nobody foresaw", _look_at(run))


def _words(event: dg.DagsterEvent) -> tuple[str, str]:
    """Name and words of the first error of ours that led to a failed step, or of the error."""
    error = event.step_failure_data.error
    chain = []
    while error:
        chain.append(error)
        error = error.cause
    chosen = next((e for e in chain if e.cls_name in OUR_ERRORS), chain[:2][-1] if chain else None)
    if chosen is None:
        return "an unknown error", ""
    name = chosen.cls_name or "an unknown error"
    return name, chosen.message.strip().removeprefix(f"{errors.__name__}.{name}: ")


def _died_in(events: Sequence[dg.DagsterEvent]) -> list[str]:
    """Keys of the steps that began and did not end; else that of the run."""
    began = {event.step_key for event in events if event.is_step_start}
    ended = {event.step_key for event in events if event.is_step_success}
    return sorted(map(_step, began - ended)) or [RUN]


def _dead(key: str, run: dg.DagsterRun) -> Trouble:
    where = "between two steps or before the first" if key == RUN else f"in {key}"
    return Trouble(key, f"the run's process died {where}", _look_at(run))


def _look_at(run: dg.DagsterRun) -> str:
    return f"lead-pipeline dev, and look at run {run.run_id[:8]}; then lead-pipeline status"


def _checks(events: Sequence[dg.DagsterEvent]) -> Iterator[dg.AssetCheckEvaluation]:
    """Checks of what all accounts share; for each account the verdict speaks."""
    for event in events:
        if event.event_type is EventType.ASSET_CHECK_EVALUATION:
            check = event.asset_check_evaluation_data
            if len(check.asset_key.path) == 1:
                yield check


def _is_wrong(check: dg.AssetCheckEvaluation) -> bool:
    return not check.passed and check.severity is dg.AssetCheckSeverity.ERROR


def _check(check: dg.AssetCheckEvaluation) -> str:
    return f"check {check.asset_key.to_user_string()}, {check.check_name}"


def _wrong(check: dg.AssetCheckEvaluation) -> Trouble:
    return Trouble(
        _check(check),
        check.description or "it failed",
        "docs/how-to/when-it-fails.md says what each check means",
    )
