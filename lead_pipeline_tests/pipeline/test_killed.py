"""Killed at any step, the next run makes everything what it would have been."""

import shutil
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from hashlib import sha256
from pathlib import Path
from signal import SIGKILL
from typing import Any

import pytest

from lead_pipeline.journal import Journal
from lead_pipeline.landing import BodyArchive, ReceiptBook
from lead_pipeline.sandbox import Sandbox, SandboxSettings, running_sandbox
from lead_pipeline.warehouse import open_snapshot
from lead_pipeline_tests.pipeline.killed_works import NOW, Job, Workers
from lead_pipeline_tests.pipeline.test_truth import ACCOUNTS, lead_id

DAYS = {"empty": (date(2026, 11, 19),), "loaded": (date(2026, 11, 18), date(2026, 11, 19))}
"""What is asked for in the end. All but the last day is there before anything is killed."""
AREAS = ("fetch", "land", "load", "resolve", "journal", "build", "publish", "pointer")
EACH = 13
"""Kills in each area; a hundred and more in all."""
TABLES = {
    "leads": "SELECT * FROM leads ORDER BY lead_id",
    "people": "SELECT * FROM people ORDER BY person_id",
    "links": "SELECT * FROM person_links ORDER BY ALL",
    "marts": "SELECT * FROM marts.daily_leads ORDER BY ALL",
    "coverage": "SELECT * EXCLUDE (last_loaded_at) FROM ops.coverage ORDER BY ALL",
}


@dataclass(frozen=True)
class Kill:
    """Where a child is killed: at which step of an area, and how long after that step began.

    `at` is how far into the area, or how the first such step begins.
    """

    start: str
    area: str
    at: float | str
    amid: float | None

    def __str__(self) -> str:
        moment = "before" if self.amid is None else f"{self.amid * 1000:.1f} ms into"
        place = self.at if isinstance(self.at, str) else f"{self.at:.0%}"
        return f"{self.start}, {moment} {place} of {self.area}"

    def index(self, steps: list[str]) -> int:
        """Which of the area's steps it is."""
        if isinstance(self.at, float):
            return int(self.at * len(steps))
        return next(n for n, step in enumerate(steps) if step.startswith(self.at))


def _kill(number: int) -> Kill:
    """Areas by turns; the share grows with each round; every third is killed amid a step."""
    turn, area = divmod(number, len(AREAS))
    amid = (turn * 0.0007) if number % 3 == 2 else None
    return Kill(list(DAYS)[turn % 2], AREAS[area], (turn + 0.5) / EACH, amid)


KILLS = [_kill(number) for number in range(EACH * len(AREAS))]
LEDGER = "SELECT nextval('core.load_ids')"
"""What a delivery's line in the ledger begins with, when its leads are in."""
SERIES: dict[str, tuple[tuple[str, float | str], ...]] = {
    "empty": (("load", LEDGER), ("fetch", 0.5), ("land", 0.5), ("journal", 0.5), ("publish", 0.7)),
    "loaded": (("land", 0.9), ("load", 0.9), ("resolve", 0.6), ("build", 0.5), ("pointer", 0.6)),
}
"""Kills one after another in one folder."""


@dataclass(frozen=True)
class World:
    """A sandbox, the workers, folders to begin with, and how all ends where nobody is killed."""

    sandbox: Sandbox
    workers: Workers
    path: Path

    def job(self, work: str, folder: Path, *days: date) -> Job:
        first, last = (days or DAYS["empty"])[0], (days or DAYS["empty"])[-1]
        settings = self.sandbox.environment()
        trace = folder.with_suffix(".trace")
        return Job(work, str(folder), settings, str(first), str(last), str(trace))

    def do(self, job: Job) -> None:
        """To the end."""
        assert self.workers.do(job) == 0, Path(f"{job.trace}.log").read_text()

    def begin(self, start: str, folder: Path) -> None:
        shutil.copytree(self.path / start, folder, symlinks=True)

    def steps(self, work: str, start: str) -> list[tuple[str, str]]:
        """Those of the work where nobody is killed: an area and what is done, each."""
        done = self.path / f"{work} {start}"
        if not done.exists():
            shutil.copytree(self.path / f"run {start}", done, symlinks=True)
            self.do(self.job(work, done, *DAYS[start]))
        return _steps(done.with_suffix(".trace"))

    def kill(self, job: Job, kill: Kill) -> None:
        """Do the job until it is killed there."""
        steps = [what for area, what in self.steps(job.work, kill.start) if area == kill.area]
        ended = self.workers.do(
            replace(job, area=kill.area, index=kill.index(steps), amid=kill.amid)
        )
        log = Path(f"{job.trace}.log").read_text()
        # A timed kill amid the last steps may find all done: that is a kill after the end.
        assert ended == -SIGKILL or (kill.amid and ended == 0), log
        assert log == ""
        if kill.amid is None:
            assert _steps(Path(job.trace))[-1][0] == kill.area


def _steps(trace: Path) -> list[tuple[str, str]]:
    """(area, what) of each step."""
    found = [line.partition("\t") for line in trace.read_text().splitlines()]
    return [(area, what) for area, _, what in found]


def contents(folder: Path) -> dict[str, list[tuple[Any, ...]]]:
    with open_snapshot(folder) as session:
        return {name: session.rows(sql) for name, sql in TABLES.items()}


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    path = tmp_path_factory.mktemp("killed")
    settings = SandboxSettings(now=NOW, leads_per_day=8)
    with running_sandbox(settings) as sandbox, Workers() as workers:
        world = World(sandbox, workers, path)
        (path / "empty").mkdir()
        world.do(world.job("run", path / "loaded", *DAYS["loaded"][:-1]))
        for start in DAYS:
            done = path / f"run {start}"
            world.begin(start, done)
            world.do(world.job("run", done))
        yield world


@pytest.mark.slow
@pytest.mark.parametrize("start", DAYS)
def test_who_is_not_killed_ends_with_the_truth(world: World, start: str) -> None:
    _check(world, world.path / f"run {start}", start)
    assert {area for area, _ in world.steps("run", start)} >= {*AREAS}


@pytest.mark.slow
@pytest.mark.parametrize("start", SERIES)
def test_after_many_kills_the_next_run_makes_it_right(
    world: World, tmp_path: Path, start: str
) -> None:
    folder = tmp_path / "data"
    world.begin(start, folder)
    for number, (area, at) in enumerate(SERIES[start]):
        amid = 0.001 if number % 2 else None
        world.kill(world.job("run", folder), Kill(start, area, at, amid))
    world.do(world.job("run", folder))
    _check(world, folder, start)


@pytest.mark.slow
@pytest.mark.parametrize("kill", KILLS, ids=str)
def test_after_a_kill_the_next_run_makes_it_right(world: World, tmp_path: Path, kill: Kill) -> None:
    folder = tmp_path / "data"
    world.begin(kill.start, folder)
    before = contents(folder) if kill.start == "loaded" else None
    world.kill(world.job("run", folder), kill)
    if before:
        assert contents(folder) in (before, contents(world.path / f"run {kill.start}"))
    world.do(world.job("run", folder))
    _check(world, folder, kill.start)


def test_every_area_is_killed_in_from_both_starts() -> None:
    assert len(KILLS) >= 100
    assert {(kill.area, kill.start) for kill in KILLS} == {
        (area, start) for area in AREAS for start in DAYS
    }
    assert {area for kills in SERIES.values() for area, _ in kills} == {*AREAS}


MENDING = [
    (Kill("loaded", area, share, amid), again)
    for area, shares in {
        "rebuild": (0.05, 0.35, 0.65, 0.95),
        "rebuild warehouse": (0.2, 0.5, 0.7, 0.9),
        "replay": (0.05, 0.35, 0.65, 0.95),
    }.items()
    for share, amid, again in zip(
        shares, (None, 0.001, None, 0.002), ("the same", "the same", "run", "run"), strict=True
    )
]


@pytest.mark.slow
@pytest.mark.parametrize(("kill", "again"), MENDING, ids=str)
def test_a_killed_rebuild_or_replay_loses_nothing(
    world: World, tmp_path: Path, kill: Kill, again: str
) -> None:
    folder = tmp_path / "data"
    shutil.copytree(world.path / f"run {kill.start}", folder, symlinks=True)
    journal = (folder / "journal.jsonl").read_bytes()
    before = contents(folder)
    job = world.job(kill.area.split()[0], folder, *DAYS[kill.start])
    world.kill(job, kill)
    assert contents(folder) == before
    world.do(job if again == "the same" else world.job("run", folder))
    assert contents(folder) == before
    assert (folder / "journal.jsonl").read_bytes() == journal
    _check(world, folder, kill.start)


def _check(world: World, folder: Path, start: str) -> None:
    """Published contents equal the truth, and those of a run that nobody killed; books too."""
    with open_snapshot(folder) as session:
        found = session.rows(
            "SELECT lead_id, account, CAST(CAST(created_at AT TIME ZONE 'UTC' AS DATE) AS VARCHAR),"
            " person_id FROM leads"
        )
        ledger = session.rows(
            "SELECT receipt_id, sha256, received - new - changed - unchanged - stale - repeated "
            "- quarantined FROM ops.deliveries WHERE is_latest"
        )
        ((new,),) = session.rows("SELECT sum(new) FROM ops.deliveries")
    _equal_to_the_truth(world, start, found)
    assert new == len(found)
    _kept(folder, ledger)
    assert contents(folder) == contents(world.path / f"run {start}")
    said = {
        lead: entry["person_id"]
        for entry in Journal(folder / "journal.jsonl").read()
        for lead in entry["lead_ids"]
    }
    assert said == {lead: person for lead, _, _, person in found}


def _equal_to_the_truth(world: World, start: str, found: list[tuple[str, str, str, str]]) -> None:
    days = DAYS[start]
    true = [
        lead
        for lead in world.sandbox.truth(days[0], days[-1])["leads"]
        if lead["account"] in ACCOUNTS
    ]
    asked = [row for row in found if row[2] in {str(day) for day in days}]
    expected = [(lead_id(lead), lead["account"], lead["created_at"][:10]) for lead in true]
    assert sorted(row[:3] for row in asked) == sorted(expected)
    groups, true_groups = defaultdict(set), defaultdict(set)
    for lead, _, _, person in asked:
        groups[person].add(lead)
    for true_lead in true:
        true_groups[true_lead["person"]].add(lead_id(true_lead))
    assert sorted(map(sorted, groups.values())) == sorted(map(sorted, true_groups.values()))


def _kept(folder: Path, ledger: list[tuple[str, str, int]]) -> None:
    """Every receipt is in the ledger once, balanced, and its body is there byte for byte."""
    book = ReceiptBook(folder / "landing" / "receipts")
    bodies = BodyArchive(folder / "landing" / "bodies")
    kept = {
        receipt.receipt_id: receipt
        for account in book.accounts()
        for receipt in map(book.read, book.identifiers(*account).values())
    }
    assert sorted(receipt_id for receipt_id, _, _ in ledger) == sorted(kept)
    for receipt_id, digest, lost in ledger:
        assert (kept[receipt_id].sha256, lost) == (digest, 0)
        with bodies.open(digest) as body:
            assert sha256(body.read()).hexdigest() == digest
