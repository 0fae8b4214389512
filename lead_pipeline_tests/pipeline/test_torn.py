"""Receipts that are cut short: said, passed over, and right again once they are whole."""

import logging
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from lead_pipeline.pipeline.account import Account
from lead_pipeline.pipeline.delivery import load_receipts
from lead_pipeline.pipeline.fetch import fetch_account
from lead_pipeline.pipeline.folder import DataFolder
from lead_pipeline.pipeline.load import load_account
from lead_pipeline.records import day_window
from lead_pipeline.sandbox import Sandbox, SandboxSettings, running_sandbox
from lead_pipeline.settings import Settings
from lead_pipeline.vendors.http import HttpClient
from lead_pipeline_tests.pipeline.conftest import FIRST, NOW
from lead_pipeline_tests.pipeline.faulty_runs import COLUMNS
from lead_pipeline_tests.warehouse.fixtures import put_warehouse

LEADS = "SELECT * EXCLUDE (person_id) FROM leads ORDER BY lead_id"
WINDOW = day_window(FIRST)
(AIMBASE,) = (column for column in COLUMNS if column.vendor.source == "aimbase")


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with running_sandbox(SandboxSettings(now=NOW, leads_per_day=8)) as running:
        yield running


@pytest.fixture
def folder(sandbox: Sandbox, tmp_path: Path) -> DataFolder:
    """What an account answered has landed, in two deliveries, and nothing of it is loaded."""
    folder = folder_at(tmp_path / "data")
    ask(sandbox, folder)
    return folder


def folder_at(path: Path) -> DataFolder:
    put_warehouse(path)
    return DataFolder(path, Settings(data_dir=path, now=NOW))


def ask(sandbox: Sandbox, folder: DataFolder) -> None:
    http = HttpClient(clock=folder.clock)
    client = AIMBASE.client("aimbase", sandbox.environment(), http)
    account = Account("aimbase", AIMBASE.vendor, "loopback", client)
    assert all(receipt.sha256 for receipt in fetch_account(folder, account, WINDOW, "run"))


def load(folder: DataFolder) -> list[str]:
    """The outcome of each delivery."""
    return [line.outcome for line in load_account(folder, AIMBASE.vendor, "aimbase")]


def receipts(folder: DataFolder) -> list[Path]:
    return list(folder.receipts.identifiers("aimbase", "aimbase", "leads").values())


def leads(folder: DataFolder) -> list[tuple[object, ...]]:
    with folder.warehouse.open() as session:
        return session.rows(LEADS)


def test_a_receipt_cut_at_any_byte_is_said_and_not_loaded(
    folder: DataFolder, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.ERROR)
    path = receipts(folder)[0]
    content = path.read_bytes()
    with folder.warehouse.open() as session:
        for cut in range(len(content)):
            path.write_bytes(content[:cut])
            caplog.clear()
            (line,) = load_receipts(folder, session, [(AIMBASE.vendor, path)])
            assert (line.outcome, line.error) == ("unreadable", "LandingError")
            assert str(path) in str(line.message)
            assert str(path) in caplog.text
        assert session.rows("SELECT count(*) FROM ops.deliveries") == [(0,)]


@pytest.mark.parametrize(
    "share", [0.5, *(pytest.param(share, marks=pytest.mark.slow) for share in (0, 1))]
)
def test_the_others_are_loaded_and_all_is_right_once_it_is_restored(
    folder: DataFolder, tmp_path: Path, share: float
) -> None:
    sound = folder_at(tmp_path / "sound")
    shutil.copytree(folder.path / "landing", sound.path / "landing")
    assert load(sound) == ["loaded", "loaded"]
    torn = receipts(folder)[0]
    content = torn.read_bytes()
    torn.write_bytes(content[: int(share * (len(content) - 1))])
    assert load(folder) == ["unreadable", "loaded"]
    assert 0 < len(leads(folder)) < len(leads(sound))
    torn.write_bytes(content)
    assert load(folder) == ["loaded"]
    assert leads(folder) == leads(sound)


def test_asking_again_makes_a_torn_receipt_good(
    sandbox: Sandbox, folder: DataFolder, tmp_path: Path
) -> None:
    sound = folder_at(tmp_path / "sound")
    ask(sandbox, sound)
    load(sound)
    torn = receipts(folder)[0]
    torn.write_bytes(torn.read_bytes()[:-1])
    ask(sandbox, folder)
    assert sorted(load(folder)) == ["loaded", "loaded", "loaded", "unreadable"]
    assert leads(folder) == leads(sound)
    torn.unlink()
    assert load(folder) == []
