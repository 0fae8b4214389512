from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from pydantic import ValidationError

from lead_pipeline.errors import ConfigError
from lead_pipeline.settings import Settings, read_settings


@pytest.fixture(autouse=True)
def _nothing_set(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in Settings.model_fields:
        monkeypatch.delenv(f"LEAD_PIPELINE_{name.upper()}", raising=False)


def test_with_nothing_set() -> None:
    settings = read_settings()
    assert settings.data_dir == Path("data")
    assert settings.lookback_days == 7
    assert not settings.accept_environment
    assert settings.moment.tzinfo is UTC


def test_every_variable_is_read(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    written = {
        "DATA_DIR": str(tmp_path),
        "NOW": "2026-11-20T10:00:00+05:30",
        "LOOKBACK_DAYS": "3",
        "WINDOW_DEADLINE_SECONDS": "12.5",
        "SCAN_DEADLINE_SECONDS": "60",
        "WAREHOUSE_WAIT_SECONDS": "0",
        "MOST_MEMORY_MEGABYTES": "512",
        "BUSINESS_TIME_ZONE": "Asia/Kolkata",
        "DONE_TASK_STATUSES": "3, 7",
        "ACCEPT_ENVIRONMENT": "true",
        "MASK_KEY": "sixteen characters, not-to-be-shown",
        "PUBLISH_MASKED": "true",
        "ALERT_WEBHOOK_URL": "https://chat.example/hooks/not-to-be-shown",
    }
    assert {name.upper() for name in Settings.model_fields} == written.keys()
    for name, value in written.items():
        monkeypatch.setenv(f"LEAD_PIPELINE_{name}", value)
    settings = read_settings()
    assert settings.data_dir == tmp_path
    assert settings.lookback_days == 3
    assert settings.window_deadline_seconds == 12.5
    assert settings.warehouse_wait_seconds == 0
    assert settings.accept_environment
    assert settings.business_time_zone == "Asia/Kolkata"
    assert settings.done_task_status_ids == ("3", "7")
    assert settings.publish_masked
    assert settings.mask_key is not None
    assert settings.mask_key.get_secret_value() == written["MASK_KEY"]
    assert settings.alert_webhook_url is not None
    assert settings.alert_webhook_url.get_secret_value() == written["ALERT_WEBHOOK_URL"]
    assert "not-to-be-shown" not in f"{settings!r} {settings}"


@pytest.mark.parametrize("zone", ["", "Bombay/Poona", "../etc/passwd", "UTC' OR 1", "Asia"])
def test_a_time_zone_that_there_is_not_is_refused(
    monkeypatch: pytest.MonkeyPatch, zone: str
) -> None:
    monkeypatch.setenv("LEAD_PIPELINE_BUSINESS_TIME_ZONE", zone)
    with pytest.raises(ConfigError, match="LEAD_PIPELINE_BUSINESS_TIME_ZONE"):
        read_settings()


@pytest.mark.parametrize(
    "url",
    [
        "",
        "chat.example/hooks/not-to-be-shown",
        "file:///not-to-be-shown",
        "https:///not-to-be-shown",
        "https://chat.example:port/not-to-be-shown",
        "https://[chat.example/not-to-be-shown",
        "https://chat.example/not to-be-shown",
        "https://chat.example/not-to-be-shown\n",
        "https://chat.example/é-not-to-be-shown",
    ],
)
def test_a_wrong_webhook_is_refused_without_being_shown(
    monkeypatch: pytest.MonkeyPatch, url: str
) -> None:
    monkeypatch.setenv("LEAD_PIPELINE_ALERT_WEBHOOK_URL", url)
    with pytest.raises(ConfigError, match="ALERT_WEBHOOK_URL") as refused:
        read_settings()
    assert "to-be-shown" not in str(refused.value)


def test_a_held_clock_stands_still_in_utc(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LEAD_PIPELINE_NOW", "2026-11-20T10:00:00+05:30")
    settings = read_settings()
    assert settings.moment == settings.clock() == datetime(2026, 11, 20, 4, 30, tzinfo=UTC)
    assert settings.moment.utcoffset() == timedelta(0)


def test_the_clock_runs_unless_it_is_held() -> None:
    before = datetime.now(UTC)
    assert before <= read_settings().moment <= datetime.now(UTC)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("NOW", "2026-11-20T10:00:00"),
        ("NOW", "yesterday"),
        ("LOOKBACK_DAYS", "0"),
        ("LOOKBACK_DAYS", "32"),
        ("WINDOW_DEADLINE_SECONDS", "0"),
        ("WAREHOUSE_WAIT_SECONDS", "-1"),
        ("MOST_MEMORY_MEGABYTES", "100"),
        ("ACCEPT_ENVIRONMENT", "perhaps"),
    ],
)
def test_a_wrong_value_is_refused_by_name(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(f"LEAD_PIPELINE_{name}", value)
    with pytest.raises(ConfigError) as refused:
        read_settings()
    assert f"LEAD_PIPELINE_{name}" in refused.value.what
    assert ".env.example" in refused.value.next_step


def test_every_wrong_variable_is_named_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LEAD_PIPELINE_LOOKBACK_DAYS", "none")
    monkeypatch.setenv("LEAD_PIPELINE_NOW", "now")
    with pytest.raises(ConfigError, match=r"(?s)NOW.*LOOKBACK_DAYS"):
        read_settings()


def test_settings_cannot_be_changed() -> None:
    with pytest.raises(ValidationError):
        setattr(read_settings(), "lookback_days", 1)  # noqa: B010  a plain one fails type checks
