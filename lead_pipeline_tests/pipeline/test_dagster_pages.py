"""Dagster's pages of a loaded folder, in headless Chromium: nothing breaks, nothing leaves."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from urllib.error import URLError
from urllib.parse import urlsplit
from urllib.request import urlopen

import pytest
from playwright.sync_api import Browser

from lead_pipeline_tests.browser import running_browser, shown
from lead_pipeline_tests.pipeline.conftest import World, environment

pytestmark = pytest.mark.slow

PAGES = {
    "asset-groups": "outlets",
    "assets/marts/lead_funnel": "lead_funnel",
    "assets/housing/leads": "leads",
    "assets/published?view=checks": "every_account_has_yesterday",
    "jobs": "all_leads",
    "automation": "nightly",
    "runs": "all_leads",
}
"""Path to what must be read there."""
PATIENCE_SECONDS = 120


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with running_browser() as running:
        yield running


@pytest.fixture(scope="module")
def address(loaded: World) -> Iterator[str]:
    """Dagster on the loaded folder, as `lead-pipeline dev` starts it."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "lead_pipeline.cli", "dev", "--port", str(port)]
    with environment(loaded.variables):
        process = subprocess.Popen(command, start_new_session=True)
    address = f"http://127.0.0.1:{port}"
    try:
        _wait_for(address)
        yield address
    finally:
        os.kill(process.pid, signal.SIGINT)
        process.wait(PATIENCE_SECONDS)


def _wait_for(address: str) -> None:
    until = time.monotonic() + PATIENCE_SECONDS
    while True:
        try:
            with urlopen(f"{address}/server_info"):
                return
        except URLError:
            if time.monotonic() > until:
                raise


@pytest.mark.parametrize("path", PAGES)
def test_a_page(browser: Browser, address: str, path: str) -> None:
    with shown(browser, f"{address}/{path}", 1600, "light") as found:
        found.page.get_by_text(PAGES[path]).first.wait_for(timeout=60_000)
        hosts = {urlsplit(url).hostname for url in found.requests if not url.startswith("data:")}
        assert hosts <= {"127.0.0.1", None}
        # Dagster's own pages tell of their own deprecations so.
        ours = [one for one in found.complaints if "go.apollo.dev" not in one]
        assert [one for one in ours if "error" in one.lower()] == []


def test_the_days_are_a_click_away(browser: Browser, address: str) -> None:
    """From the job to its backfill, without a manual."""
    job = f"{address}/locations/lead_pipeline/jobs/all_leads"
    with shown(browser, job, 1600, "light") as found:
        found.page.get_by_text("Materialize all").first.click(timeout=60_000)
        found.page.get_by_text("Last 7 days").first.click(timeout=60_000)
        assert found.page.get_by_text("Launch").first.is_visible()
