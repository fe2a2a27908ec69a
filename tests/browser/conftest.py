"""A real Chromium, to which nothing but this machine is there, on a real server."""

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from kg.resources import resource_path
from kg.service.pages.built import is_built
from tests.service.conftest import served

pytest.importorskip("playwright", reason="playwright is not installed")

from playwright.sync_api import Browser, Page, sync_playwright

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser"))), "")
AXE = resource_path("frontend", "node_modules", "axe-core", "axe.min.js")
# Nothing resolves, so that a page cannot reach what is not here even where a test looks away.
OFFLINE = "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1"


def needed(thing: object, missing: str) -> None:
    """Skip where something is missing; where the tests are to be complete, fail."""
    if not thing and os.environ.get("CI"):
        pytest.fail(missing)
    elif not thing:
        pytest.skip(missing)


# For a module and no longer: while it is there, an event loop is, and no other one can begin.
@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    needed(CHROMIUM, "there is no chromium on this machine")
    needed(is_built(), "the scripts of pages are not built: make frontend")
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu", OFFLINE]
        )
        yield opened
        opened.close()


@pytest.fixture(scope="session")
def site(il7_graph: Path) -> Iterator[str]:
    with served(il7_graph, "--processes", "1", "--timeout", "20") as address:
        yield address


@pytest.fixture
def open_page(browser: Browser) -> Iterator[Callable[..., Page]]:
    """Open pages with options of a browser; each request they make is to this machine."""
    contexts = []
    elsewhere: list[str] = []
    faults: list[str] = []

    def new(**options: Any) -> Page:
        context = browser.new_context(**options)
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(20_000)

        def note(address: str) -> None:
            if urlsplit(address).hostname != "127.0.0.1" and not address.startswith("data:"):
                elsewhere.append(address)

        page.on("request", lambda request: note(request.url))
        page.on("pageerror", lambda error: faults.append(str(error)))
        return page

    yield new
    for context in contexts:
        context.close()
    assert not elsewhere, f"requests that leave the machine: {elsewhere}"
    assert not faults, f"errors in scripts: {faults}"


@pytest.fixture
def page(open_page: Callable[..., Page]) -> Page:
    return open_page()


def violations(page: Page) -> list[str]:
    """Return what axe-core finds against WCAG 2.2 AA on a page."""
    needed(AXE.is_file(), "axe-core is not installed: make frontend")
    page.evaluate(AXE.read_text(encoding="utf-8"))
    tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
    found = page.evaluate("tags => axe.run({runOnly: tags})", tags)
    return [
        f"{each['id']}: {each['help']} ({node['target']}: {node['failureSummary']})"
        for each in found["violations"]
        for node in each["nodes"]
    ]
