"""Dagster's pages of a loaded folder, in headless Chromium: nothing breaks, nothing leaves.

What the pages say is ours, in descriptions and metadata, and must be free of what axe finds. What
Dagster draws around it is not in our hands.
"""

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
from playwright.sync_api import Browser, Locator, Page

from lead_pipeline_tests.browser import THEMES, Theme, running_browser, shown
from lead_pipeline_tests.pipeline.conftest import World, environment

pytestmark = pytest.mark.slow

PAGES = {
    "asset-groups": "outlets",
    "assets/marts/lead_funnel": "lead_funnel",
    "assets/housing/leads": "leads",
    "assets/housing/raw": "lead_phone",
    "assets/qontak/raw_objects": "contact.first_name",
    "assets/published?view=checks": "every_account_has_yesterday",
    "jobs": "all_leads",
    "automation": "nightly",
    "runs": "all_leads",
}
"""Path to what must be read there."""
WIDTHS = (1600, 1200, 1000)
"""Below, Dagster's own two columns leave no room for a third: it is not made for phones."""
LOOKED_AT = {
    "assets/marts/lead_funnel": "week",
    "assets/housing/leads": "lead_id",
    "assets/housing/raw?view=events": "landed",
    "locations/lead_pipeline/jobs/all_leads": "Every account",
}
OURS = "[class*=Markdown_container]"
"""What Dagster draws of text that it is given: descriptions, and metadata in markdown."""
DAGSTERS_OWN = {
    "aria-allowed-attr",
    "aria-input-field-name",
    "aria-required-attr",
    "aria-valid-attr-value",
    "color-contrast",
    "label",
    "link-in-text-block",
    "nested-interactive",
    "scrollable-region-focusable",
}
"""Rules that Dagster's own buttons, sliders, check boxes and headings break."""
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


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("path", LOOKED_AT)
def test_what_we_say_can_be_read(browser: Browser, address: str, path: str, theme: Theme) -> None:
    with shown(browser, f"{address}/{path}", WIDTHS[0], theme) as found:
        found.page.get_by_text(LOOKED_AT[path]).first.wait_for(timeout=60_000)
        found.page.locator(OURS).first.wait_for(timeout=60_000)
        of_dagster = {violation.partition(":")[0] for violation in found.violations()}
        assert of_dagster <= DAGSTERS_OWN
        for width in WIDTHS:
            found.page.set_viewport_size({"width": width, "height": 900})
            assert found.violations(OURS) == []
            assert not found.is_wider_than_the_window()


def test_a_column_is_followed_to_the_vendors_field_with_keys_alone(
    browser: Browser, address: str
) -> None:
    steps = (
        ("marts/lead_funnel", "week", "marts/enquiry_outcomes"),
        ("marts/enquiry_outcomes", "week", "leads"),
        ("leads", "created_at", "housing/leads"),
        ("housing/leads", "created_at", "housing/raw"),
    )
    with shown(browser, f"{address}/assets/marts/lead_funnel", 1600, "light") as found:
        for asset, column, origin in steps:
            assert found.page.url.endswith(f"/assets/{asset}")
            _row(found.page, column).get_by_role("link", name=origin, exact=True).focus()
            with found.page.expect_navigation():
                found.page.keyboard.press("Enter")
        assert "created_at" in _row(found.page, "lead_date").inner_text()


def _row(page: Page, column: str) -> Locator:
    """The row of a column in the table of all columns."""
    row = page.get_by_role("row").filter(has=page.get_by_text(column, exact=True)).first
    row.wait_for(timeout=60_000)
    return row


def test_a_run_names_the_files_that_it_landed(
    browser: Browser, address: str, loaded: World
) -> None:
    with shown(browser, f"{address}/assets/housing/raw?view=events", 1600, "light") as found:
        body = found.page.get_by_text("landing/bodies/").first
        body.wait_for(timeout=60_000)
        assert (loaded.folder / body.inner_text()).is_file()
        assert found.page.get_by_text(str(loaded.folder)).first.is_visible()
        box = body.bounding_box()
        assert box is not None
        assert box["x"] + box["width"] <= 1600


def test_seven_days_are_found_as_the_job_says(browser: Browser, address: str) -> None:
    """From the job to its backfill, without a manual: by the words of its description."""
    job = f"{address}/locations/lead_pipeline/jobs/all_leads"
    with shown(browser, job, 1600, "light") as found:
        page = found.page
        page.get_by_text("To start it here").first.wait_for(timeout=60_000)
        said = page.locator(OURS).filter(has_text="To start it here").locator("em")
        start, longer, days, everything, launch = said.all_inner_texts()
        # Without the three dots the page does not know yet that there are days to choose.
        page.get_by_role("button", name=start).click(timeout=60_000)
        # Dagster asks whether that is meant, as long as the CRM has never been scanned.
        page.get_by_role("button", name="Confirm").click(timeout=60_000)
        page.get_by_role("button", name=longer).click(timeout=60_000)
        page.get_by_role("menuitem", name=days).click()
        page.get_by_role("button", name=everything, exact=True).click()
        # Today, too: the day of a partition set that ends with it.
        page.get_by_text("8 partitions", exact=True).wait_for()
        assert page.get_by_role("button", name=launch).is_enabled()
