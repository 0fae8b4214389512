"""The report in headless Chromium: reads well with axe and with keys alone, asks for nothing."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from lead_pipeline.marts import build_marts
from lead_pipeline.pipeline.folder import open_folder
from lead_pipeline.pipeline.outcome import publish_snapshot
from lead_pipeline.pipeline.report import write_report
from lead_pipeline.settings import Settings
from lead_pipeline_tests.browser import THEMES, Theme, running_browser, shown
from lead_pipeline_tests.serving.people import NOW, publish_people
from lead_pipeline_tests.serving.wire import running_gateway

pytestmark = pytest.mark.slow

COVERAGE = """
INSERT INTO ops.coverage (source, account, day, status, leads, last_asked_at, refetchable_until)
SELECT
    source, source, DATE '2026-11-20' - back::INTEGER,
    CASE WHEN back = 0 THEN 'partial' WHEN back IN (3, 9) THEN 'missing' ELSE 'complete' END,
    2, TIMESTAMPTZ '2026-11-20 12:00:00+00',
    CASE WHEN back > 2
        THEN TIMESTAMPTZ '2026-11-28 12:00:00+00' - INTERVAL 1 DAY * back::INTEGER
    END
FROM (VALUES ('housing'), ('aimbase'), ('a-source-with-a-name-of-some-length')) AS sources (source)
CROSS JOIN range(28) AS days (back)
"""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with running_browser() as running:
        yield running


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A report with something in most of its charts."""
    path: Path = tmp_path_factory.mktemp("shown") / "data"
    folder = open_folder(Settings(data_dir=path, now=NOW))
    path.mkdir(parents=True)
    sources = ("housing", "aimbase", "a-source-with-a-name-of-some-length")
    publish_people(
        folder,
        [
            {
                "person_id": f"P{number % 40}",
                "source": sources[number % 3],
                "account": sources[number % 3],
                "full_name": "Ann Example",
            }
            for number in range(60)
        ],
    )
    with folder.warehouse.open() as session:
        session.run(COVERAGE)
        build_marts(session)
        session.run("INSERT INTO ops.deliveries (load_id) SELECT nextval('core.load_ids')")
    assert publish_snapshot(folder)
    return write_report(folder).resolve()


@pytest.fixture(scope="module")
def address(written: Path) -> str:
    return written.as_uri()


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("width", [320, 1400])
def test_it_is_clean_at_every_width_in_both_themes(
    browser: Browser, address: str, width: int, theme: Theme
) -> None:
    with shown(browser, address, width, theme) as found:
        assert found.requests == [address]
        assert not found.is_wider_than_the_window()
        found.page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
        assert found.violations() == []
        assert not found.is_wider_than_the_window()
        assert found.complaints == []


def test_the_gateway_shows_it_whole_to_who_has_the_token(browser: Browser, written: Path) -> None:
    folder = open_folder(Settings(data_dir=written.parent))
    with running_gateway(folder, report_token="token") as gateway:
        address = f"http://anybody:token@127.0.0.1:{gateway.port}/report"
        with shown(browser, address, 1400, "light", with_policy=True) as found:
            assert (found.complaints, len(found.requests)) == ([], 1)
            behind_the_gateway = found.page.screenshot()
    with shown(browser, written.as_uri(), 1400, "light") as found:
        assert found.page.screenshot() == behind_the_gateway


def test_keys_alone_unfold_every_chart(browser: Browser, address: str) -> None:
    with shown(browser, address, 390, "light") as found:
        count = found.page.locator("details").count()
        assert count == 7
        for _ in range(5 * count):
            found.page.keyboard.press("Tab")
            if found.page.evaluate("document.activeElement.matches('details:not([open]) summary')"):
                found.page.keyboard.press("Enter")
        assert found.page.locator("details[open]").count() == count


def test_no_texts_of_a_drawing_lie_upon_each_other(browser: Browser, address: str) -> None:
    overlaps = """() => [...document.querySelectorAll('.panel svg')].flatMap(svg => {
        const boxes = [...svg.querySelectorAll('text')].map(
            text => [text.textContent, text.getBoundingClientRect()])
        return boxes.flatMap(([one, a], index) => boxes.slice(index + 1)
            .filter(([, b]) => a.left < b.right - 1 && b.left < a.right - 1
                && a.top < b.bottom - 3 && b.top < a.bottom - 3)
            .map(([other]) => `${one} | ${other}`))
    })"""
    for width in (320, 1400):
        with shown(browser, address, width, "light") as found:
            assert found.page.evaluate(overlaps) == []
