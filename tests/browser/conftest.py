"""A real browser (Debian's Chromium, by Playwright) before a real server, for tests of pages."""

import shutil
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from kg.store import update_graph
from tests.service import hostile
from tests.service.conftest import served

playwright = pytest.importorskip(
    "playwright.sync_api", reason="the tests in a browser need playwright for Python"
)

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
AXE = Path(__file__).parents[2] / "frontend/node_modules/axe-core/axe.min.js"


@pytest.fixture(scope="session")
def browser() -> Iterator["playwright.Browser"]:
    if CHROMIUM is None:
        pytest.skip("there is no chromium here; apt-get install chromium")
    with playwright.sync_playwright() as started:
        launched = started.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield launched
        launched.close()


@pytest.fixture(scope="session")
def site(il7_graph: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A server of the reading list's graph with a hostile paper in it; its index is ready."""
    copy = tmp_path_factory.mktemp("site") / "site.kg"
    shutil.copytree(il7_graph, copy)
    update_graph(copy, hostile.WRITTEN)
    with served(copy, "--processes", "1", "--workers", "2") as url:
        for _ in range(300):
            if requests.get(f"{url}/search?q=IL7", timeout=30).json()["index"] == "current":
                break
            time.sleep(0.1)
        yield url
