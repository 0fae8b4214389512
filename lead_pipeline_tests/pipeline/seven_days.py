"""A CRM over seven simulated days: what was there each day, and what a reader made of it."""

import re
from collections.abc import Iterator, Sequence, Set
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from lead_pipeline.errors import RunIncomplete
from lead_pipeline.sandbox import Fault, FaultKind, Sandbox
from lead_pipeline.sandbox.qontak.truth import StreamTruth
from lead_pipeline_tests.pipeline.scanning import DAY, FIRST, KINDS, Crm
from lead_pipeline_tests.sandbox import crm
from lead_pipeline_tests.sandbox.reader import Reader

DAYS = [FIRST + number * DAY for number in range(7)]
LATER = timedelta(minutes=2)
"""A second run on a day; the vendor's clock allows five minutes."""

NOISE = (
    Fault(FaultKind.SERVER_ERROR, vendor="qontak", rate=0.1),
    Fault(FaultKind.CUT_IN_BODY, vendor="qontak", rate=0.1),
    Fault(FaultKind.UNAVAILABLE, vendor="qontak", rate=0.1, retry_after="0"),
)
"""What retries absorb."""


def _of(stream: str, kind: FaultKind, query: str, **more: Any) -> tuple[str, Fault]:  # noqa: ANN401 - a fault's own fields
    return stream, Fault(kind, vendor="qontak", path=f"/crm/{stream}", query=query, **more)


TROUBLES: dict[int, tuple[tuple[str, Fault], ...]] = {
    1: (_of("contacts", FaultKind.SERVER_ERROR, "page=4&per"),),
    2: (
        _of("contacts", FaultKind.PAGE_SKIPS, "page=5&per", share=0.4, times=1),
        _of("deals", FaultKind.PAGE_REPEATS, "page=2&per", share=0.4, times=1),
    ),
    3: (_of("tasks", FaultKind.PAGE_SKIPS, "page=2&per", share=0.4),),
    4: (_of("contacts", FaultKind.TRUNCATED, "page=3&per", times=1),),
    5: (
        _of("companies", FaultKind.TOTALS_MISSING, "page="),
        _of("deals", FaultKind.EXPIRED_KEY, "page=3&per", times=1),
    ),
    6: (
        _of("tasks", FaultKind.TOTALS_WRONG, "page="),
        _of("contacts", FaultKind.EMPTY, "page=2&per", times=1),
    ),
}
"""By day, what no retry absorbs, and of which stream: it fails, or its pages cannot be trusted."""
RED = {1: {"contacts"}, 3: {"tasks"}, 4: {"contacts"}, 5: {"deals"}, 6: {"contacts", "tasks"}}
"""By day, the streams that the first run does not read whole; then a second run does."""
BEGAN_LATER = {(3, "tasks"), (6, "tasks")}
"""A scan that had ended begins anew; one that was cut short goes on."""


@dataclass
class History:
    """What the vendor had, day by day: records by stream and id, and what it says of itself."""

    records: list[dict[str, dict[str, crm.Record]]] = field(default_factory=list)
    truths: list[dict[str, StreamTruth]] = field(default_factory=list)

    def seen(self, stream: str) -> dict[str, list[tuple[int, crm.Record]]]:
        """By id, on which days it was there, and what it said then."""
        found: dict[str, list[tuple[int, crm.Record]]] = {}
        for number, records in enumerate(self.records):
            for key, record in records[stream].items():
                found.setdefault(key, []).append((number, record))
        return found

    def newest(self, stream: str) -> dict[str, crm.Record]:
        """By id, what each object said last."""
        return {key: days[-1][1] for key, days in self.seen(stream).items()}

    def vanished(
        self, stream: str, late: Set[tuple[int, str]] = frozenset()
    ) -> dict[str, datetime]:
        """By id, when a scan first missed it: at the beginning of the scan of the day after."""
        missed = {key: days[-1][0] + 1 for key, days in self.seen(stream).items()}
        return {
            key: DAYS[day] + (LATER if (day, stream) in late else timedelta())
            for key, day in missed.items()
            if day < len(self.records)
        }


def lived_through(sandbox: Sandbox, days: Sequence[datetime]) -> History:
    """These days by an independent reader, who asks for all that there is."""
    history = History()
    for number, now in enumerate(days):
        sandbox.set_clock(now)
        truth = sandbox.crm_truth(DAYS[max(0, number - 1)], now)["qontak"]
        with Reader(sandbox, now) as reader:
            records = {
                stream: {str(record["id"]): record for record in crm.scan(reader, stream)}
                for stream in KINDS
            }
        history.records.append(records)
        history.truths.append(truth)
        for stream, found in records.items():
            digests = {key: crm.content_digest(record) for key, record in found.items()}
            assert digests == truth[stream]["alive"]
    return history


def read_soundly(
    sandbox: Sandbox, reader: Crm, streams: Sequence[str], days: Sequence[datetime]
) -> None:
    """A scan of each stream and the window of creations, every day."""
    for number, now in enumerate(days):
        sandbox.set_clock(now)
        reader.scan(now, *streams, run=f"day {number}")
        reader.read_window(now, run=f"day {number}")
        reader.load(now)
        assert reader.verdict(now) is None


def read_under_faults(
    sandbox: Sandbox, reader: Crm, streams: Sequence[str], days: Sequence[datetime]
) -> None:
    """The same, with noise all the time and troubles of its own each day; then what was red again.

    A stream that is red is named, with the command that reads it again.
    """
    for number, now in enumerate(days):
        sandbox.set_clock(now)
        run, red = f"day {number}", RED.get(number, set()) & {*streams}
        troubles = [fault for name, fault in TROUBLES.get(number, ()) if name in streams]
        with faults(sandbox, *troubles, *NOISE):
            outcomes = reader.scan(now, *streams, run=run)
            reader.read_window(now, run=run)
        bad = {name for name, one in outcomes.items() if not (one.verdict and one.verdict.complete)}
        assert bad == red, outcomes
        reader.load(now)
        _is_red(reader.verdict(now), red)
        if red:
            with faults(sandbox, *NOISE):
                reader.scan(now + LATER, *red, run=run)
            reader.load(now + LATER)
            assert reader.verdict(now + LATER) is None


def _is_red(verdict: RunIncomplete | None, streams: set[str]) -> None:
    assert (verdict is not None) == bool(streams)
    if verdict:
        assert {*re.findall(r"\n  - (\w+): ", verdict.what)} == streams
        assert "lead-pipeline run --scan --account qontak" in verdict.next_step


@contextmanager
def faults(sandbox: Sandbox, *given: Fault) -> Iterator[None]:
    """These faults for the block, and none after it; each of them is given."""
    sandbox.set_faults(given)
    try:
        yield
        untouched = [one.fault for one in sandbox.faults_given() if not one.given]
    finally:
        sandbox.clear_faults()
    assert [fault for fault in untouched if fault not in NOISE] == []
