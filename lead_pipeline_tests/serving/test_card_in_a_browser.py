"""From a search to the card in headless Chromium, whatever people are called."""

import time
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser

from lead_pipeline.pipeline.folder import DataFolder, open_folder
from lead_pipeline.sandbox.callers import signed_query
from lead_pipeline.settings import Settings
from lead_pipeline_tests.browser import THEMES, Theme, running_browser, shown
from lead_pipeline_tests.serving.people import publish_people
from lead_pipeline_tests.serving.wire import IFRAME_SECRET, Asker, running_gateway

pytestmark = pytest.mark.slow

HOSTILE = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "</style></main><svg onload=alert(1)>",
    "javascript:alert(1)",
    "{{ 7 * 7 }}",
    "\u202egnp.exe \u2066\u2067 \u05d0\u05d1",
    "W" * 400,
    "\u0e33" * 60 + "Z\u0335\u0321\u0353" * 40,
    "<base href=//evil.example><meta http-equiv=refresh content=0;url=//evil.example>",
]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with running_browser() as running:
        yield running


@pytest.fixture(scope="module")
def gateway(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Asker]:
    folder: DataFolder = open_folder(Settings(data_dir=tmp_path_factory.mktemp("card") / "data"))
    folder.path.mkdir(parents=True)
    publish_people(folder, [_ann(), *(_hostile(n, text) for n, text in enumerate(HOSTILE))])
    with running_gateway(folder) as running:
        yield running


def _ann() -> dict[str, Any]:
    return {
        "person_id": "P000000001",
        "full_name": "Ann Example",
        "phone": "+919876543210",
        "email": "ann@shop.example",
        "interest_name": "Mohan Greens",
        "comments": "Please call\nin the evening",
        "marketing_consent": False,
    }


def _hostile(number: int, text: str) -> dict[str, Any]:
    return {
        "person_id": f"H{number}",
        "full_name": f"Target{number} {text}",
        "interest_name": text,
        "interest_locality": text,
        "request_type": text,
        "comments": text,
        "email": text,
        "status": text,
    }


def card_of(gateway: Asker, name: str) -> str:
    """The address that an inbox puts into its frame, by way of the search."""
    found = gateway.search(name).json()["results"]
    assert len(found) == 1
    said = {"id": found[0]["id"], "expires": str(int(time.time()) + 600)}
    query = signed_query(list(said.items()), IFRAME_SECRET)
    return f"http://127.0.0.1:{gateway.port}/socialsignin/iframe?{query}"


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("width", [320, 760])
def test_the_card(browser: Browser, gateway: Asker, width: int, theme: Theme) -> None:
    with shown(browser, card_of(gateway, "ann exa"), width, theme) as found:
        assert found.page.locator("h1").inner_text() == "Ann Example"
        assert found.page.get_by_text("refused: do not write").is_visible()
        assert found.violations() == []
        assert not found.is_wider_than_the_window()
        assert (found.complaints, len(found.requests)) == ([], 1)


def test_its_content_policy_hinders_nothing_of_its_own(browser: Browser, gateway: Asker) -> None:
    address = card_of(gateway, "ann exa")
    with shown(browser, address, 320, "light", with_policy=True) as found:
        assert (found.complaints, found.requests) == ([], [address])


@pytest.mark.parametrize("number", range(len(HOSTILE)))
def test_a_hostile_name_runs_nothing_and_breaks_nothing(
    browser: Browser, gateway: Asker, number: int
) -> None:
    with shown(browser, card_of(gateway, f"target{number}"), 320, "light") as found:
        assert found.page.locator("h1").inner_text().startswith(f"Target{number}")
        assert found.page.locator("script, img, base, iframe, svg, style ~ style").count() == 0
        assert found.page.locator("footer").is_visible()
        assert found.violations() == []
        assert not found.is_wider_than_the_window()
        assert (found.complaints, len(found.requests)) == ([], 1)
