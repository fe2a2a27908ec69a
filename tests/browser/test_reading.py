"""Reading in a browser: from a search to a sentence, by keyboard, narrow, dark, without scripts."""

import re
import shutil
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import requests

from kg.resources import resource_path
from kg.store import update_graph
from tests.service import hostile
from tests.service.conftest import served

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page

playwright = pytest.importorskip(
    "playwright.sync_api", reason="the tests in a browser need playwright for Python"
)

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
AXE = resource_path("frontend", "node_modules", "axe-core", "axe.min.js")

pytestmark = pytest.mark.allow_hosts(["127.0.0.1"])

PAGES = (
    *("/", "/HGNC:6023", "/CL:0000084", "/paper/evil", "/assertion/evil", "/papers", "/about"),
    *("/papers?mentions=HGNC:6023", "/entities?type=Gene", "/search?q=IL-7", "/search?q=qqxyz"),
    *("/connect", "/connect?a=IL-7&b=STAT5", "/connect?a=IL-7+recep&b=p70"),
    *("/HGNC:6023?view=statements", "/nothing/here"),
)

# What reaches beyond the right edge of a page that can be scrolled sideways.
WIDE = """() => {
  const most = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= most) return [];
  const beyond = [...document.querySelectorAll("body *")].filter(
    (each) => each.getBoundingClientRect().right > most + 0.5);
  return ["too wide", ...beyond.map((each) => each.outerHTML.slice(0, 150))];
}"""


@pytest.fixture(scope="module")
def browser() -> Iterator["Browser"]:
    if CHROMIUM is None:
        pytest.skip("there is no chromium here; apt-get install chromium")
    with playwright.sync_playwright() as started:
        launched = started.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield launched
        launched.close()


@pytest.fixture(scope="module")
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


@pytest.fixture
def context(browser: "Browser") -> Iterator["BrowserContext"]:
    opened = browser.new_context(viewport={"width": 1280, "height": 900})
    yield opened
    opened.close()


@pytest.fixture
def page(context: "BrowserContext", site: str) -> Iterator["Page"]:
    """A page that fails the test when it asks for anything elsewhere, or a script fails."""
    opened = context.new_page()
    opened.set_default_timeout(15_000)
    wrong: list[str] = []
    opened.on(
        "request", lambda asked: None if asked.url.startswith(site) else wrong.append(asked.url)
    )
    opened.on("pageerror", lambda error: wrong.append(str(error)))
    opened.on("console", lambda said: wrong.append(said.text) if "Policy" in said.text else None)
    opened.on("dialog", lambda dialog: wrong.append(dialog.message))
    yield opened
    assert not wrong


def test_from_a_search_to_an_entity_to_a_sentence_to_its_paper(page: "Page", site: str) -> None:
    page.goto(site)
    page.get_by_label("Search entities, papers and sentences").fill("rheumatoid arthritis")
    page.get_by_role("button", name="Search").click()
    page.locator("ol.hits a.entity").first.click()
    assert page.locator("h1").inner_text() == "rheumatoid arthritis"
    connect = page.get_by_role("link", name="Connect it with")
    connect.click()
    page.get_by_label("The other").fill("IL-7")
    page.get_by_role("button", name="Connect").click()
    quotes = page.locator("section[aria-labelledby=sentences] blockquote")
    assert quotes.count() >= 2
    assert "arthritis" in quotes.first.inner_text()
    page.locator("section[aria-labelledby=sentences] p.cite a").first.click()
    assert page.locator("p.kind").inner_text().lower() == "publication"


def test_a_sentence_leads_to_its_place_in_the_paper(page: "Page", site: str) -> None:
    page.goto(f"{site}/HGNC:6023")
    page.locator("section[aria-labelledby=as-subject] blockquote footer a").first.click()
    place = page.url.partition("#")[2]
    assert page.locator(f"[id='{place}']").is_visible()
    assert page.evaluate("document.querySelector(':target') !== null")


def test_suggestions_are_a_combobox_that_the_keyboard_rules(page: "Page", site: str) -> None:
    page.goto(site)
    field = page.get_by_role("combobox")
    field.focus()
    page.keyboard.type("interleukin 7 rec")
    options = page.get_by_role("option")
    options.first.wait_for()
    assert field.get_attribute("aria-expanded") == "true"
    page.keyboard.press("ArrowDown")
    chosen = field.get_attribute("aria-activedescendant")
    assert page.locator(f"#{chosen}").get_attribute("aria-selected") == "true"
    page.keyboard.press("Escape")
    assert field.get_attribute("aria-expanded") == "false"
    assert not options.first.is_visible()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url("**/HGNC:6024")


def test_who_chooses_no_suggestion_searches(page: "Page", site: str) -> None:
    page.goto(f"{site}/about")
    page.get_by_role("combobox").fill("STAT5")
    page.get_by_role("option").first.wait_for()
    page.keyboard.press("Enter")
    page.wait_for_url("**/search?q=STAT5")


def test_connecting_by_suggestions_takes_what_was_chosen(page: "Page", site: str) -> None:
    page.goto(f"{site}/connect")
    for name, typed in (("One", "IL-7"), ("The other", "STAT5")):
        page.get_by_label(name, exact=True).focus()
        page.keyboard.type(typed)
        page.get_by_role("option").first.wait_for()
        page.keyboard.press("ArrowDown")
        page.keyboard.press("Enter")
    assert re.fullmatch(r".+ \(HGNC:6023\)", page.get_by_label("One", exact=True).input_value())
    page.keyboard.press("Enter")
    page.wait_for_url("**/connect?a=*")
    assert page.locator("h1").inner_text() == "IL7 and STAT5"
    page.get_by_role("link", name="Edit this query").first.wait_for()


def test_a_page_can_be_read_by_keyboard_alone(page: "Page", site: str) -> None:
    page.goto(f"{site}/HGNC:6023")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    seen = []
    for _ in range(12):
        page.keyboard.press("Tab")
        seen.append(page.evaluate("document.activeElement.textContent.trim()"))
        ring = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
        assert ring != "none", seen
        assert not page.evaluate("document.activeElement.closest('svg') !== null")
    assert any("mention it" in each for each in seen)
    page.locator("section[aria-labelledby=as-subject] summary").nth(1).focus()
    page.keyboard.press("Enter")
    assert (
        page.locator("section[aria-labelledby=as-subject] details").nth(1).get_attribute("open")
        is not None
    )


def test_what_can_be_copied_is_copied(page: "Page", context: "BrowserContext", site: str) -> None:
    context.grant_permissions(["clipboard-read", "clipboard-write"], origin=site)
    page.goto(f"{site}/paper/evil")
    page.get_by_text("BibTeX", exact=True).last.click()
    page.get_by_role("button", name="Copy").first.click()
    page.get_by_role("button", name="Copied").wait_for()
    assert page.evaluate("navigator.clipboard.readText()").startswith("@article{")


def test_all_reading_works_without_scripts(browser: "Browser", site: str) -> None:
    opened = browser.new_context(java_script_enabled=False)
    page = opened.new_page()
    page.goto(site)
    page.get_by_label("Search entities, papers and sentences").fill("IL-7")
    page.get_by_role("button", name="Search").click()
    page.locator("ol.hits a.entity").first.click()
    assert page.locator("h1").inner_text() == "IL7"
    page.locator("figure.chart summary").click()
    assert page.locator("figure.chart tbody tr").count() > 3
    page.locator("section[aria-labelledby=with-genefamily] a.amount").first.click()
    assert " and " in page.locator("h1").inner_text()
    page.locator("section[aria-labelledby=sentences] p.cite a").first.click()
    assert page.locator("a.mention").count() > 1
    page.get_by_text("RIS", exact=True).last.click()
    assert "TY  - JOUR" in page.locator("pre").last.inner_text()
    opened.close()


@pytest.mark.parametrize("width", [320, 390, 1280, 1920])
def test_nothing_is_wider_than_the_screen(browser: "Browser", site: str, width: int) -> None:
    opened = browser.new_context(viewport={"width": width, "height": 800})
    page = opened.new_page()
    for path in PAGES:
        page.goto(f"{site}{path}")
        wide = page.evaluate(WIDE)
        assert not wide, (path, wide)
    opened.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_amiss(browser: "Browser", site: str, scheme: str) -> None:
    if not AXE.exists():
        pytest.skip("axe-core is not there; npm ci in frontend/ brings it")
    # By way of the debugger, so that the policy of pages stays as it is.
    opened = browser.new_context(color_scheme=scheme, bypass_csp=True)  # type: ignore[arg-type]
    page = opened.new_page()
    for path in PAGES:
        page.goto(f"{site}{path}")
        page.add_script_tag(path=AXE)
        found = page.evaluate("axe.run(document)")["violations"]
        told = [(each["id"], [node["html"][:200] for node in each["nodes"][:3]]) for each in found]
        assert not told, (path, told)
    opened.close()


def test_dark_is_dark(browser: "Browser", site: str) -> None:
    colours = {}
    for scheme in ("light", "dark"):
        opened = browser.new_context(color_scheme=scheme)
        page = opened.new_page()
        page.goto(f"{site}/HGNC:6023")
        colours[scheme] = page.evaluate("getComputedStyle(document.body).backgroundColor")
        opened.close()
    light, dark = (
        sum(map(int, re.findall(r"\d+", colours[scheme])[:3])) for scheme in ("light", "dark")
    )
    assert light > 700
    assert dark < 150
