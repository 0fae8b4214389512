"""The states of a row: whatever goes wrong when, nothing is there twice and nothing is lost."""

from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from lead_pipeline.outbox import PUSH, Kind, Next, Row, State, Step, after, next_step
from lead_pipeline.outbox.rows import may_send_again

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
SETTLE = timedelta(minutes=5)
ENDINGS = ("done", "cut after", "cut before", "late", "refused", "busy", "killed", "killed after")
CONTENTS = ("one", "another")

entries = st.lists(
    st.fixed_dictionaries(
        {"step": st.sampled_from(list(Step)), "minutes": st.integers(0, 9)},
        optional={"content": st.sampled_from(CONTENTS), "object_id": st.sampled_from("12")},
    ),
    max_size=12,
)


def entry(step: str, at: datetime = NOW, **more: object) -> dict[str, Any]:
    about = {"kind": PUSH, "push_id": "p", "account": "qontak", "object": Kind.DEAL}
    return about | {"step": step, "at": at.isoformat()} | more


@given(entries)
def test_done_is_for_ever(steps: list[dict[str, Any]]) -> None:
    row: Row | None = None
    for one in steps:
        before = row
        more = {name: one[name] for name in ("content", "object_id") if name in one}
        row = after(row, entry(one["step"], NOW + timedelta(minutes=one["minutes"]), **more))
        if before is not None and before.state == State.DONE:
            assert (row.state, row.attempts, row.done_at) == (
                "done",
                before.attempts,
                before.done_at,
            )
            assert next_step(row, "anything") == Next.NOTHING


@given(entries)
def test_attempts_are_what_was_sent(steps: list[dict[str, Any]]) -> None:
    row: Row | None = None
    sent = 0
    for one in steps:
        sent += one["step"] == Step.SENT and (row is None or row.state != State.DONE)
        row = after(row, entry(one["step"]))
        assert row.attempts == sent
        assert (row.state == State.DONE) == (row.done_at is not None)


class Crm:
    """A CRM that makes two of what it gets twice, sometimes after nobody waits any more."""

    def __init__(self) -> None:
        self.made: list[datetime] = []

    def has(self, now: datetime) -> bool:
        return any(moment <= now for moment in self.made)


@given(st.lists(st.tuples(st.sampled_from(ENDINGS), st.integers(0, 7), st.sampled_from(CONTENTS))))
def test_however_it_ends_it_is_there_once(runs: list[tuple[str, int, str]]) -> None:
    crm, now, row = Crm(), NOW, after(None, entry(Step.DECIDED))
    for ending, minutes, content in [*runs, ("done", 9, "one"), ("done", 9, "another")]:
        now += timedelta(minutes=minutes)
        row = run(crm, row, ending, now, content)
        assert len(crm.made) <= 1
    assert row.state == State.DONE
    assert len(crm.made) == 1


def run(crm: Crm, row: Row, ending: str, now: datetime, content: str) -> Row:
    """One run on one row, as the push does it."""
    step = next_step(row, content)
    if step == Next.NOTHING:
        return row
    if step == Next.LOOK_UP:
        if crm.has(now):
            return after(row, entry(Step.DONE, now, object_id="1"))
        if not may_send_again(row, now, SETTLE):
            return row
    row = after(row, entry(Step.SENT, now, content=content))
    if ending in {"done", "cut after", "killed after"}:
        crm.made.append(now)
    if ending == "late":
        crm.made.append(now + SETTLE - timedelta(minutes=1))
    if ending in {"done", "cut after"}:
        return after(row, entry(Step.DONE, now, object_id="1"))
    if ending == "refused":
        return after(row, entry(Step.REFUSED, now, content=content, reason="no"))
    return after(row, entry(Step.UNSENT, now)) if ending == "busy" else row
