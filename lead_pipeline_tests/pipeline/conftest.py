"""A world whose clock stands still: the sandbox, and a data folder of its own."""

import fcntl
import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from lead_pipeline.cli import main
from lead_pipeline.sandbox import Sandbox, SandboxSettings, running_sandbox
from lead_pipeline.warehouse import open_snapshot

NOW = datetime(2026, 11, 20, 18, 30, tzinfo=UTC)
FIRST, LAST = date(2026, 11, 14), date(2026, 11, 20)
ALL_DAYS = ("--from", str(FIRST), "--to", str(LAST))


@dataclass
class World:
    """A sandbox, a data folder and the variables that tie them."""

    sandbox: Sandbox
    folder: Path
    variables: dict[str, str]

    def command(self, *arguments: str, **variables: str) -> Result:
        """Run `lead-pipeline` in this process."""
        with environment({**self.variables, **variables}):
            return CliRunner().invoke(main, arguments, catch_exceptions=False)

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        """Ask the published snapshot."""
        with open_snapshot(self.folder) as session:
            return session.rows(sql)


@contextmanager
def environment(variables: Mapping[str, str]) -> Iterator[None]:
    """Exactly these variables beside the process's own, which come back afterwards."""
    before = dict(os.environ)
    ours = (
        *("HOUSING_", "AIMBASE_", "QONTAK_", "LISTSMRT_", "SOCIALSIGNIN_"),
        *("LEAD_PIPELINE_", "DAGSTER_HOME"),
    )
    for name in before:
        if name.startswith(ours):
            del os.environ[name]
    os.environ.update(variables)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


def new_world(sandbox: Sandbox, folder: Path) -> World:
    """A fresh data folder pointed at the sandbox."""
    variables = {
        **sandbox.environment(),
        "LEAD_PIPELINE_DATA_DIR": str(folder),
        "LEAD_PIPELINE_NOW": NOW.isoformat(),
        "LEAD_PIPELINE_WINDOW_DEADLINE_SECONDS": "3",
    }
    return World(sandbox, folder, variables)


@pytest.fixture(scope="session")
def sandbox() -> Iterator[Sandbox]:
    with running_sandbox(SandboxSettings(now=NOW, leads_per_day=30)) as running:
        yield running


@pytest.fixture
def world(sandbox: Sandbox, tmp_path: Path) -> World:
    """Two accounts: the CRM's is off."""
    world = new_world(sandbox, tmp_path / "data")
    for name in [name for name in world.variables if name.startswith("QONTAK_")]:
        del world.variables[name]
    return world


@pytest.fixture(scope="session")
def loaded(sandbox: Sandbox, tmp_path_factory: pytest.TempPathFactory) -> World:
    """Seven days of all accounts, loaded once; tests that use it only read."""
    world = new_world(sandbox, tmp_path_factory.mktemp("loaded") / "data")
    with _shared(tmp_path_factory) as place:
        known = place / "loaded"
        if known.exists():
            shutil.copytree(known, world.folder, symlinks=True)
        else:
            result = world.command("run", *ALL_DAYS)
            assert result.exit_code == 0, result.output
            shutil.copytree(world.folder, place / "part", symlinks=True).rename(known)
    return world


@contextmanager
def _shared(factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A folder of all processes that run these tests, for one of them at a time."""
    own = factory.getbasetemp()
    place = own.parent if "PYTEST_XDIST_WORKER" in os.environ else own
    with (place / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield place
