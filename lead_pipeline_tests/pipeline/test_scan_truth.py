"""What is known of the CRM after seven days equals what is true of it, to the row."""

from collections import Counter
from collections.abc import Iterator, Set
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from random import Random
from typing import Any

import pytest

from lead_pipeline import normalise
from lead_pipeline.pipeline.delivery import load_receipts
from lead_pipeline.pipeline.load import pending
from lead_pipeline.pipeline.rebuild import rebuild
from lead_pipeline.pipeline.scan_verdicts import judge_scans
from lead_pipeline.sandbox import Sandbox, SandboxSettings, running_sandbox
from lead_pipeline.vendors.qontak import QONTAK
from lead_pipeline_tests.pipeline.scanning import EVERYTHING, KINDS, LOST, SCANNED, SMALL, Crm
from lead_pipeline_tests.pipeline.seven_days import (
    BEGAN_LATER,
    DAYS,
    LATER,
    History,
    lived_through,
    read_soundly,
    read_under_faults,
)

SOME = (("contacts", "tasks"), DAYS[:4])
"""What is read when time is short."""
ALL = (tuple(SCANNED), DAYS)
CHANGES = "SELECT sum(new), sum(changed) FROM ops.deliveries WHERE run_id = ? AND stream IN (?, ?)"
HISTORY = "SELECT natural_key, count(*) FROM core.object_history WHERE kind = ? GROUP BY ALL"


@dataclass(frozen=True)
class Week:
    """A sandbox, what was in it, and a data folder into which it was read under faults."""

    sandbox: Sandbox
    history: History
    faulty: Crm
    read: tuple[str, ...]
    days: list[datetime]

    @property
    def end(self) -> datetime:
        """When the last of it was read."""
        return self.days[-1] + LATER

    @property
    def streams(self) -> list[str]:
        """Those that the sandbox tells the truth of."""
        return [name for name in self.read if name in KINDS]

    def reader(self, path: Path) -> Crm:
        """Somebody with an empty data folder."""
        return Crm(path, self.sandbox.environment())


@pytest.fixture(
    scope="module",
    params=[SOME, pytest.param(ALL, marks=pytest.mark.slow)],
    ids=["half a week", "a week"],
)
def week(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Week]:
    with running_sandbox(SandboxSettings(now=DAYS[0], qontak=SMALL)) as sandbox:
        streams, days = request.param
        history = lived_through(sandbox, days)
        reader = Crm(tmp_path_factory.mktemp("week") / "data", sandbox.environment())
        read_under_faults(sandbox, reader, streams, days)
        yield Week(sandbox, history, reader, streams, days)


def test_something_happens_in_these_days(week: Week) -> None:
    for stream in week.streams:
        for truth in week.history.truths[1:]:
            assert truth[stream]["changed"]
        assert any(truth[stream]["created"] for truth in week.history.truths)
        assert any(truth[stream]["vanished"] for truth in week.history.truths)


def test_what_is_there_and_what_is_gone(week: Week) -> None:
    _there_and_gone(week, week.faulty, BEGAN_LATER)


def _there_and_gone(week: Week, reader: Crm, late: Set[tuple[int, str]]) -> None:
    for stream in week.streams:
        kind = KINDS[stream]
        assert reader.alive(kind) == week.history.truths[-1][stream]["alive"].keys()
        assert reader.gone(kind) == week.history.vanished(stream, late)
        everything = reader.rows("SELECT natural_key FROM core.objects WHERE kind = ?", (kind,))
        assert sorted(key for (key,) in everything) == sorted(week.history.seen(stream))


def test_every_version_that_was_seen_is_kept_once(week: Week) -> None:
    _versions(week, week.faulty)


def _versions(week: Week, reader: Crm) -> None:
    for stream in week.streams:
        others = {
            key: len({str(record) for _, record in days}) - 1
            for key, days in week.history.seen(stream).items()
        }
        assert dict(reader.rows(HISTORY, (KINDS[stream],))) == +Counter(others)


def test_the_ledger_counts_what_was_created_and_what_changed(week: Week) -> None:
    _counts(week, week.faulty)


def _counts(week: Week, reader: Crm) -> None:
    for stream in week.streams:
        also = "contacts_created" if stream == "contacts" else stream
        for number, truth in enumerate(week.history.truths):
            new = truth[stream]["created"] if number else truth[stream]["alive"]
            counts = reader.rows(CHANGES, (f"day {number}", stream, also))
            assert counts == [(len(new), len(truth[stream]["changed"]))], (stream, number)


def test_every_contact_is_an_enquiry_by_its_source(week: Week) -> None:
    _enquiries(week, week.faulty)


def _enquiries(week: Week, reader: Crm) -> None:
    found = reader.rows(
        "SELECT source_lead_id, channel, status, email_raw, vanished_at FROM core.enquiries"
    )
    gone = week.history.vanished("contacts")
    expected = [
        (
            key,
            said["crm_source_name"],
            said["crm_status_name"],
            said["email"] and said["email"].strip(),
            gone.get(key),
        )
        for key, said in week.history.newest("contacts").items()
    ]
    assert sorted(found, key=str) == sorted(expected, key=str)


def test_the_books_balance(week: Week) -> None:
    assert week.faulty.rows(LOST) == []


@pytest.mark.slow
def test_without_faults_all_of_it_is_the_same(week: Week, tmp_path: Path) -> None:
    reader = Crm(tmp_path / "data", week.sandbox.environment())
    read_soundly(week.sandbox, reader, week.read, week.days)
    _there_and_gone(week, reader, frozenset())
    _versions(week, reader)
    _counts(week, reader)
    _enquiries(week, reader)
    assert reader.rows(LOST) == []
    assert [_unmarked(rows) for rows in reader.contents()] == [
        _unmarked(rows) for rows in week.faulty.contents()
    ]


def _unmarked(rows: list[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    """Without `vanished_at`: a scan that was repeated began later."""
    moments = {*DAYS, *(DAYS[day] + LATER for day, _ in BEGAN_LATER)}
    return [tuple(value for value in row if value not in moments) for row in rows]


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(3))
def test_in_any_order_the_same_comes_of_it(week: Week, tmp_path: Path, seed: int) -> None:
    """Scans are judged now and then meanwhile."""
    random, reader = Random(seed), week.faulty.copied(tmp_path / "data")
    folder = reader.folder(week.end)
    before = list(map(reader.rows, EVERYTHING))
    folder.warehouse.remove()
    with folder.warehouse.open() as session:
        normalise.install(session)
        landed = list(pending(folder, session, QONTAK, "qontak"))
        random.shuffle(landed)
        for one in landed:
            list(load_receipts(folder, session, [one]))
            if random.random() < 0.2:
                judge_scans(folder, session, QONTAK, "qontak")
        judge_scans(folder, session, QONTAK, "qontak")
    assert list(map(reader.rows, EVERYTHING)) == before
    assert reader.rows(LOST) == []


def test_a_second_run_changes_nothing(week: Week, tmp_path: Path) -> None:
    reader, now = week.faulty.copied(tmp_path / "data"), week.end + LATER
    before = reader.contents()
    reader.scan(now, *week.read, run="again")
    reader.read_window(now, run="again")
    reader.load(now)
    assert reader.contents() == before
    assert reader.rows(
        "SELECT sum(new), sum(changed), sum(stale), count(*) FILTER (WHERE outcome <> 'loaded') "
        "FROM ops.deliveries WHERE run_id = 'again'"
    ) == [(0, 0, 0, 0)]
    assert reader.rows(LOST) == []


@pytest.mark.slow
def test_a_rebuild_makes_the_same(week: Week, tmp_path: Path) -> None:
    reader, now = week.faulty.copied(tmp_path / "data"), week.end
    before = list(map(reader.rows, EVERYTHING))
    rebuild(reader.folder(now), [reader.account(now)], lambda landed: landed)
    assert list(map(reader.rows, EVERYTHING)) == before
