"""A headless Chromium, where there is one, and what must hold of every page that it shows."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, ConsoleMessage, Page, Request, sync_playwright

Theme = Literal["light", "dark"]
THEMES: tuple[Theme, ...] = ("light", "dark")
WCAG_AA = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]}}


@dataclass
class Shown:
    """A page, and what it asked for and complained of."""

    page: Page
    complaints: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)

    def violations(self, within: str | None = None) -> list[str]:
        """What axe finds, in short; of the elements that a selector names, or of all."""
        found = Axe().run(self.page, context=within, options=WCAG_AA).response["violations"]
        return [f"{one['id']}: {node['html'][:120]}" for one in found for node in one["nodes"]]

    def is_wider_than_the_window(self) -> bool:
        width = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
        return bool(self.page.evaluate(width))


@contextmanager
def running_browser() -> Iterator[Browser]:
    """Skips the test where no Chromium is installed."""
    path = shutil.which("chromium") or shutil.which("chromium-browser")
    path = path or shutil.which("google-chrome")
    if path is None:
        pytest.skip("no Chromium is installed")
    # The sandbox of its own needs another user than root.
    arguments = ["--no-sandbox"] if os.geteuid() == 0 else []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=arguments)
        try:
            yield browser
        finally:
            browser.close()


@contextmanager
def shown(
    browser: Browser, address: str, width: int, theme: Theme, *, with_policy: bool = False
) -> Iterator[Shown]:
    """The page at that address in a window so many pixels wide.

    A content policy that forbids scripts forbids ours too. Without it, whatever is not escaped
    would run; with it, nothing can be asked of the page, only what it complained of.
    """
    page = browser.new_page(
        viewport={"width": width, "height": 900}, color_scheme=theme, bypass_csp=not with_policy
    )
    found = Shown(page)

    def complain(message: ConsoleMessage) -> None:
        # The browser asks every host for one by itself; no page of ours names any.
        if not message.location["url"].endswith("/favicon.ico"):
            found.complaints.append(message.text)

    def ask(request: Request) -> None:
        found.requests.append(request.url)

    page.on("console", complain)
    page.on("pageerror", lambda error: found.complaints.append(str(error)))
    page.on("dialog", lambda dialog: found.complaints.append(dialog.message))
    page.on("request", ask)
    page.goto(address)
    try:
        yield found
    finally:
        page.close()
