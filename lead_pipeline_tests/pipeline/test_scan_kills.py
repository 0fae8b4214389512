"""Killed at any step of a scan, the next run goes on with it, and all is as if nobody had died."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from signal import SIGKILL
from typing import Any

import httpx
import pytest

from lead_pipeline.landing.verdicts import VERDICT
from lead_pipeline.sandbox import Sandbox, SandboxSettings, running_sandbox
from lead_pipeline_tests.pipeline.killed_works import NOW, Job, Workers
from lead_pipeline_tests.pipeline.scanning import DAY, LOST, SMALL, Crm, pages_of

CONTACTS = "/qontak/qontak/crm/contacts"
PUBLISHED = (
    "SELECT * FROM crm_contacts ORDER BY contact_id",
    "SELECT * FROM leads ORDER BY lead_id",
    "SELECT * FROM people ORDER BY person_id",
    "SELECT DISTINCT * EXCLUDE scan_id FROM ops.scans WHERE complete ORDER BY ALL",
)
AREAS = ("scan", "scan files", "load", "build", "publish")
SHARES = {
    "scan": (0.1, 0.25, 0.4, 0.55, 0.7, 0.85, 0.95),
    "scan files": (0.05, 0.2, 0.35, 0.5, 0.65, 0.8, 0.9, 0.97, 0.999),
    "load": (0.3, 0.9, 0.999),
    "build": (0.5,),
    "publish": (0.6,),
}


@dataclass(frozen=True)
class Kill:
    """How far into an area a child is killed, and how long after that step began."""

    area: str
    share: float
    amid: float | None

    def __str__(self) -> str:
        moment = "before" if self.amid is None else f"{self.amid * 1000:.1f} ms into"
        return f"{moment} {self.share:.1%} of {self.area}"


KILLS = [
    Kill(area, share, None if number % 3 else 0.0007)
    for number, (area, share) in enumerate(
        (area, share) for area, shares in SHARES.items() for share in shares
    )
]


@dataclass(frozen=True)
class World:
    """A sandbox, the workers, a folder with the scan of the day before, and one with both."""

    sandbox: Sandbox
    workers: Workers
    before: Path
    after: Path

    def crm(self, folder: Path) -> Crm:
        return Crm(folder, self.sandbox.environment())

    def job(self, folder: Path) -> Job:
        variables, day = self.sandbox.environment(), str(NOW.date())
        return Job("scan", str(folder), variables, day, day, str(folder.with_suffix(".trace")))

    def do(self, job: Job) -> None:
        """To the end."""
        assert self.workers.do(job) == 0, Path(f"{job.trace}.log").read_text()

    def kill(self, folder: Path, kill: Kill) -> None:
        """Do the job until it is killed there."""
        steps = [step.partition("\t")[0] for step in _trace(self.after)]
        index = int(kill.share * steps.count(kill.area))
        ended = self.workers.do(
            replace(self.job(folder), area=kill.area, index=index, amid=kill.amid)
        )
        # A timed kill amid the last steps may find all done: that is a kill after the end.
        assert ended == -SIGKILL or (kill.amid and ended == 0)

    def requests(self) -> int:
        """How often a page of contacts was ever answered."""
        answered = httpx.get(f"{self.sandbox.base_url}/state").json()["answered"]
        return sum(answered.get(CONTACTS, {}).values())


def _trace(folder: Path) -> list[str]:
    return folder.with_suffix(".trace").read_text().splitlines()


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    path = tmp_path_factory.mktemp("killed-scans")
    settings = SandboxSettings(now=NOW - DAY, qontak=SMALL)
    with running_sandbox(settings) as sandbox, Workers() as workers:
        world = World(sandbox, workers, path / "before", path / "after")
        world.before.mkdir()
        world.do(replace(world.job(world.before), now=(NOW - DAY).isoformat()))
        sandbox.set_clock(NOW)
        shutil.copytree(world.before, world.after, symlinks=True)
        world.do(world.job(world.after))
        yield world


def contents(crm: Crm) -> list[list[tuple[Any, ...]]]:
    return [crm.published(sql) for sql in PUBLISHED]


def landed(folder: Path) -> int:
    """How many pages of the scan that was cut short are safe; 0: it has ended, or not begun."""
    scans = (folder / "landing/scans").glob("*/*/*/*/*")
    lines = [
        line
        for scan in scans
        if not (scan / VERDICT).exists()
        for file in scan.glob("*.jsonl")
        for line in file.read_bytes().splitlines(keepends=True)
    ]
    return sum(line.endswith(b"\n") for line in lines)


@pytest.mark.slow
def test_who_is_not_killed_has_everything(world: World) -> None:
    crm = world.crm(world.after)
    truth = world.sandbox.crm_truth(NOW - DAY, NOW)["qontak"]["contacts"]
    assert crm.alive() == truth["alive"].keys()
    assert crm.gone() == dict.fromkeys(truth["vanished"], NOW)
    assert {step.partition("\t")[0] for step in _trace(world.after)} >= {*AREAS}


@pytest.mark.slow
@pytest.mark.parametrize("kill", KILLS, ids=str)
def test_after_a_kill_the_next_run_goes_on(world: World, tmp_path: Path, kill: Kill) -> None:
    folder = tmp_path / "data"
    shutil.copytree(world.before, folder, symlinks=True)
    world.kill(folder, kill)
    safe, asked = landed(folder), world.requests()
    world.do(world.job(folder))
    crm, pages = world.crm(folder), pages_of(world.crm(world.after).kept()[-1])
    assert world.requests() - asked == len(pages) - safe
    # One that was killed before its first page is given up, and has none.
    assert {*map(tuple, map(pages_of, crm.kept()[1:]))} - {()} == {tuple(pages)}
    assert contents(crm) == contents(world.crm(world.after))
    assert crm.contents() == world.crm(world.after).contents()
    assert crm.rows(LOST) == []


def test_there_are_twenty_kills() -> None:
    assert len(KILLS) >= 20
