"""What breaks is told once, and once when it is whole again."""

import logging
import multiprocessing
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from multiprocessing.synchronize import Barrier
from pathlib import Path

import dagster as dg
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr

from lead_pipeline.cli.accounts import load_accounts
from lead_pipeline.defs.alerts import tell_of_run
from lead_pipeline.pipeline.alert import MOST_CHARACTERS, AlertError, deliver, message
from lead_pipeline.pipeline.folder import DataFolder, open_folder
from lead_pipeline.pipeline.incidents import report_run
from lead_pipeline.pipeline.trouble import RunReport, Trouble
from lead_pipeline.settings import Settings
from lead_pipeline_tests.pipeline.conftest import NOW, World, environment
from lead_pipeline_tests.pipeline.webhook import SECRET, Webhook, running_webhook

TEN = datetime(2026, 11, 20, 10, tzinfo=UTC)
HOUR = timedelta(hours=1)
DISK = Trouble("step published", "LandingError: the disk is full", "free the disk")
SHELF = Trouble("step leads", "WarehouseBusy: it is held", "wait")
TWO_DAYS = ("run", "--from", "2026-11-19", "--to", "2026-11-20")


@pytest.fixture
def webhook() -> Iterator[Webhook]:
    with running_webhook() as running:
        yield running


@pytest.fixture
def folder(webhook: Webhook, tmp_path: Path) -> DataFolder:
    return folder_with(tmp_path / "data", webhook.url)


def folder_with(path: Path, url: str | None, now: datetime = NOW) -> DataFolder:
    secret = None if url is None else SecretStr(url)
    return open_folder(Settings(data_dir=path, alert_webhook_url=secret, now=now))


def failed(*troubles: Trouble, at: datetime = TEN) -> RunReport:
    return RunReport(at, troubles)


def worked(*keys: str, at: datetime = TEN + HOUR) -> RunReport:
    return RunReport(at, sound=frozenset(keys))


def test_an_incident_is_told_once_and_so_is_its_end(folder: DataFolder, webhook: Webhook) -> None:
    report_run(folder, failed(DISK))
    (text,) = webhook.new()
    assert text == (
        "lead-pipeline, data folder data: 1 failed\n"
        "• failed: step published, since 2026-11-20 10:00 UTC\n"
        "  LandingError: the disk is full\n"
        "  Next: free the disk"
    )
    report_run(folder, failed(DISK, at=TEN + HOUR))
    report_run(folder, worked("step leads", at=TEN + HOUR))
    assert webhook.new() == []

    report_run(folder, failed(DISK, SHELF, at=TEN + HOUR))
    (text,) = webhook.new()
    assert "step leads" in text
    assert "step published" not in text

    over = worked("step published", "step leads", at=TEN + 26 * HOUR)
    report_run(folder, over)
    (text,) = webhook.new()
    heading, leads, published = text.splitlines()
    assert heading.endswith(": 2 recovered")
    assert leads.startswith("• recovered: step leads, after 1 day, 1 hour, 0 minutes")
    assert published == (
        "• recovered: step published, after 1 day, 2 hours, 0 minutes (failed 2026-11-20 10:00 UTC)"
    )
    report_run(folder, over)
    assert webhook.new() == []
    report_run(folder, failed(DISK, at=TEN + 27 * HOUR))
    assert len(webhook.new()) == 1


def test_what_comes_late_changes_nothing(folder: DataFolder, webhook: Webhook) -> None:
    report_run(folder, worked("step published", at=TEN + HOUR))
    report_run(folder, failed(DISK, at=TEN))
    assert webhook.asked == []
    report_run(folder, failed(DISK, at=TEN + 2 * HOUR))
    report_run(folder, worked("step published", at=TEN + HOUR))
    assert len(webhook.new()) == 1


@pytest.mark.parametrize("status", [302, 404, 500])
def test_what_the_webhook_did_not_take_is_told_by_the_next_run(
    folder: DataFolder, webhook: Webhook, status: int, caplog: pytest.LogCaptureFixture
) -> None:
    webhook.status = status
    report_run(folder, failed(DISK))
    assert f"it answered {status}" in caplog.text
    assert "/elsewhere" not in webhook.asked
    webhook.status = 200
    report_run(folder, failed(DISK, at=TEN + HOUR))
    report_run(folder, failed(DISK, at=TEN + HOUR))
    assert len(webhook.new()) == 1

    webhook.status = status
    report_run(folder, worked("step published"))
    webhook.status = 200
    report_run(folder, worked("step leads"))
    report_run(folder, worked("step leads"))
    assert len(webhook.new()) == 1
    assert SECRET not in caplog.text


def test_a_webhook_that_is_not_there(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    with running_webhook() as gone:
        url = gone.url
    report_run(folder_with(tmp_path, url), failed(DISK))
    assert "ConnectionRefusedError" in caplog.text
    assert SECRET not in caplog.text
    assert "127.0.0.1" not in caplog.text


def test_a_webhook_that_says_nothing(webhook: Webhook) -> None:
    webhook.is_stalled = True
    with pytest.raises(AlertError, match="no answer"):
        deliver(webhook.url, "text", seconds=0.1)


def test_this_machine_is_asked_without_a_proxy(
    webhook: Webhook, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    monkeypatch.delenv("no_proxy", raising=False)
    deliver(webhook.url, "text")
    assert webhook.new() == ["text"]


def test_without_a_webhook_the_log_has_it_once(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    folder = folder_with(tmp_path, None)
    for _ in range(2):
        report_run(folder, failed(DISK))
    assert [record.levelno for record in caplog.records] == [logging.ERROR]
    assert "step published: LandingError: the disk is full" in caplog.text
    report_run(folder, worked("step published"))
    assert "incident over: step published, after 1 hour, 0 minutes" in caplog.text


def _report(path: Path, url: str, ready: Barrier) -> None:
    ready.wait()
    report_run(folder_with(path, url), failed(DISK))


@pytest.mark.slow
def test_two_processes_at_once_tell_it_once(tmp_path: Path, webhook: Webhook) -> None:
    spawn = multiprocessing.get_context("spawn")
    ready = spawn.Barrier(2)
    other = spawn.Process(target=_report, args=(tmp_path, webhook.url, ready))
    other.start()
    _report(tmp_path, webhook.url, ready)
    other.join()
    assert other.exitcode == 0
    assert len(webhook.new()) == 1


def test_what_cannot_be_remembered_is_told_all_the_same(
    folder: DataFolder, webhook: Webhook
) -> None:
    for name in ("incidents.json", "incidents.lock"):
        (folder.path / name).mkdir(parents=True)
    report_run(folder, failed(DISK))
    assert len(webhook.new()) == 1


def test_a_damaged_file_is_begun_anew(folder: DataFolder, webhook: Webhook) -> None:
    report_run(folder, failed(DISK))
    file = folder.path / "incidents.json"
    assert file.stat().st_mode & 0o777 == 0o640
    file.write_bytes(file.read_bytes()[:-5])
    report_run(folder, failed(DISK))
    report_run(folder, failed(DISK))
    assert len(webhook.new()) == 2


@given(st.lists(st.text(max_size=600), max_size=30))
def test_a_message_is_escaped_and_short(paragraphs: list[str]) -> None:
    text = message("a & b", paragraphs)
    assert text.startswith("a &amp; b")
    assert len(text) <= MOST_CHARACTERS
    assert not {"<", ">"} & set(text)
    assert all(part.startswith(("amp;", "lt;", "gt;")) for part in text.split("&")[1:])


def test_what_does_not_fit_is_counted() -> None:
    text = message("heading", ["<" * 600] * 5)
    assert text.endswith("\nand 4 more: lead-pipeline status")


@pytest.mark.slow
def test_accounts_that_miss_days(
    world: World, webhook: Webhook, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    world.variables["LEAD_PIPELINE_ALERT_WEBHOOK_URL"] = webhook.url
    aimbase_down = {"AIMBASE_PRIVATE_KEY": "wrong-key"}
    assert world.command(*TWO_DAYS, **aimbase_down).exit_code == 1
    (text,) = webhook.new()
    assert "1 failed" in text
    assert "account aimbase, since 2026-11-20 18:30 UTC" in text
    assert "VendorRefused" in text
    command = "lead-pipeline run --account aimbase --from 2026-11-18 --to 2026-11-20"
    assert f"Next: mend the cause, then {command}" in text
    leads = world.rows("SELECT full_name, email_raw, phone_raw FROM leads")
    assert not [value for lead in leads for value in lead if value and value in text]
    aged = tmp_path / "aged"
    shutil.copytree(world.folder, aged, symlinks=True)

    both_down = {**aimbase_down, "HOUSING_API_KEY": "wrong-key"}
    assert world.command(*TWO_DAYS, **both_down).exit_code == 1
    (text,) = webhook.new()
    assert "account housing" in text
    assert "account aimbase" not in text

    assert world.command(*TWO_DAYS, "--account", "housing").exit_code == 0
    (text,) = webhook.new()
    assert "recovered: account housing" in text
    assert "aimbase" not in text
    seen_by_the_daemon(world)
    assert webhook.new() == []

    assert world.command(*TWO_DAYS).exit_code == 0
    (text,) = webhook.new()
    assert "recovered: account aimbase" in text
    assert "not read again" not in text

    _a_failure_that_nobody_repeated(aged, webhook)
    _no_secret_is_kept(world.folder, caplog.text + text)


def seen_by_the_daemon(world: World) -> None:
    """Report every run once more, newest first."""
    with environment({**world.variables, "DAGSTER_HOME": str(world.folder / "dagster")}):
        _, accounts = load_accounts()
        with dg.DagsterInstance.get() as instance:
            runs = instance.get_runs()
            assert len(runs) == 3
            for run in runs:
                tell_of_run(instance, run.run_id, accounts)


def _a_failure_that_nobody_repeated(path: Path, webhook: Webhook) -> None:
    """The verdict forgets it after a day, and then so does the incident, but not silently."""
    later = NOW + timedelta(hours=25)
    folder = folder_with(path, webhook.url, later)
    report_run(folder, RunReport(later, judged=("housing",)))
    assert webhook.new() == []
    report_run(folder, RunReport(later, judged=("aimbase",)))
    (text,) = webhook.new()
    assert "account aimbase, after 1 day, 1 hour" in text
    assert "but not read again: 2026-11-18 to 2026-11-20; Next: lead-pipeline run" in text


def _no_secret_is_kept(folder: Path, said: str) -> None:
    assert SECRET not in said
    assert "wrong-key" not in said
    files = [path for path in folder.rglob("*") if path.is_file()]
    assert [path for path in files if SECRET.encode() in path.read_bytes()] == []
