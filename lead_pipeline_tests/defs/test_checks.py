"""What the checks of a snapshot say of days that are written into it by hand."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from pathlib import Path

import dagster as dg
import pytest

from lead_pipeline.components import HousingAccount, QontakAccount
from lead_pipeline.defs.checks import closing_days, lacking_yesterday, old_scans, unusual_counts
from lead_pipeline.vendors.contract import StreamKind
from lead_pipeline.vendors.qontak import QONTAK
from lead_pipeline.warehouse import Session, Warehouse, publish
from lead_pipeline_tests.marts.scripted import at, insert
from lead_pipeline_tests.warehouse.fixtures import put_warehouse

NOW = at(20, 12)
GONE_AT = at(22, 12)
WEEKDAYS = (date(2026, 10, 29), date(2026, 11, 5), date(2026, 11, 12))
YESTERDAY = date(2026, 11, 19)

COUNTS: Mapping[str, Mapping[date, int]] = {
    "steady": {**dict.fromkeys(WEEKDAYS, 20), YESTERDAY: 6},
    "low": {**dict.fromkeys(WEEKDAYS, 20), YESTERDAY: 5},
    "small": {**dict.fromkeys(WEEKDAYS, 9), YESTERDAY: 1},
    "new": {WEEKDAYS[-1]: 20, YESTERDAY: 1},
    "silent": {date(2026, 11, day): 0 for day in (17, 18, 19)},
    "quiet": {date(2026, 11, day): 0 for day in (18, 19)},
}
"""Enquiries of days that were read whole."""


def _write(session: Session) -> None:
    for account, days in COUNTS.items():
        for day, leads in days.items():
            known = {"account": account, "day": day, "leads": leads}
            insert(session, "ops.coverage", status="complete", **known)
    incomplete = {"account": "closing", "day": date(2026, 11, 14), "leads": 3}
    insert(session, "ops.coverage", status="partial", refetchable_until=GONE_AT, **incomplete)
    for stream in QONTAK.streams:
        if stream.kind is StreamKind.SCANNED:
            scan = {"account": "crm", "stream": stream.name, "complete": True}
            insert(session, "ops.scans", began_at=NOW - timedelta(hours=36), **scan)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("checked")
    with Warehouse(put_warehouse(folder), wait_seconds=0).open() as session:
        _write(session)
        publish(session, folder, NOW)
    return folder


@pytest.fixture(autouse=True)
def _on(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LEAD_PIPELINE_DATA_DIR", str(folder))
    monkeypatch.setenv("ITS_SECRET", "made-up")


def _housing(account: str, secret: str = "ITS_SECRET") -> HousingAccount:
    return HousingAccount(
        account=account, base_url_variable="ITS_URL", id_variable=secret, api_key_variable=secret
    )


def test_counts_far_below_their_weekday_and_silence_are_said() -> None:
    found = unusual_counts(NOW)
    assert not found.passed
    assert found.severity is dg.AssetCheckSeverity.WARN
    assert found.description == (
        "low: 5 enquiries on 2026-11-19, usually 20. "
        "silent: no enquiry for three days up to 2026-11-19, though it answers. "
        "Ask the vendor whether its export is on."
    )
    assert unusual_counts(NOW + timedelta(days=1)).passed


@pytest.mark.parametrize(
    ("left", "severity"),
    [
        (timedelta(days=3), dg.AssetCheckSeverity.WARN),
        (timedelta(days=1, seconds=1), dg.AssetCheckSeverity.WARN),
        (timedelta(days=1), dg.AssetCheckSeverity.ERROR),
        (timedelta(seconds=1), dg.AssetCheckSeverity.ERROR),
    ],
)
def test_a_day_that_will_soon_be_forgotten_is_said(
    left: timedelta, severity: dg.AssetCheckSeverity
) -> None:
    found = closing_days(GONE_AT - left)
    assert not found.passed
    assert found.severity is severity
    assert found.description == (
        "1 days are incomplete and will soon be gone; first closing 2026-11-14, "
        "at 2026-11-22 12:00 UTC. "
        "Next: lead-pipeline run --account closing --from 2026-11-14 --to 2026-11-14"
    )


@pytest.mark.parametrize("now", [GONE_AT - timedelta(days=3, seconds=1), GONE_AT])
def test_a_day_that_is_far_from_it_or_gone_is_no_matter(now: datetime) -> None:
    assert closing_days(now).passed


def test_who_is_on_and_lacks_yesterday_is_named() -> None:
    there, lacking = _housing("steady"), _housing("closing")
    off = _housing("off", secret="NOT_SET")
    assert lacking_yesterday(NOW, [there, off]).description == "2026-11-19 is complete for steady."
    found = lacking_yesterday(NOW, [there, lacking, off])
    assert not found.passed
    assert found.description == (
        "closing: 2026-11-19 is not complete. "
        "Next: lead-pipeline run --account closing --from 2026-11-19 --to 2026-11-19"
    )


def test_a_scan_is_old_after_a_day_and_a_half() -> None:
    crm, never = (
        QontakAccount(
            account=account,
            base_url_variable="ITS_URL",
            client_id_variable="ITS_SECRET",
            client_secret_variable="ITS_SECRET",
            sso_id_variable="ITS_SECRET",
        )
        for account in ("crm", "never")
    )
    assert old_scans(NOW, [crm]).passed
    found = old_scans(NOW + timedelta(seconds=1), [crm])
    assert not found.passed
    assert "crm contacts: last 2026-11-19 00:00 UTC; " in (found.description or "")
    assert "never contacts: never; " in (old_scans(NOW, [crm, never]).description or "")
