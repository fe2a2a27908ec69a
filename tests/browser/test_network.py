"""Entities drawn with what joins them: read, filtered, expanded, taken away."""

from collections.abc import Callable
from pathlib import Path

import pytest
from lxml import etree
from playwright.sync_api import Page, expect
from pyoxigraph import RdfFormat, Store, parse

from kg.namespaces import KG
from tests.browser.conftest import violations

pytestmark = pytest.mark.allow_hosts(["127.0.0.1"])

SETTLED = ".network[data-settled=true]"


def draw(page: Page, address: str) -> None:
    page.goto(address)
    expect(page.locator(SETTLED)).to_be_visible()


def edges(page: Page) -> int:
    return int(page.locator("#results > .amount").inner_text().split()[0].replace(",", ""))


def test_an_edge_leads_to_its_sentences(page: Page, site: str) -> None:
    draw(page, f"{site}/graph?entity=IL-7")
    page.get_by_label("Filter").fill("IL7 activates STAT5")
    page.get_by_role("row", name="STAT5").get_by_role("button", name="activates").click()
    panel = page.get_by_label("What is chosen")
    expect(panel.get_by_role("heading")).to_contain_text("IL7 activates STAT5")
    quotes = panel.locator("blockquote")
    expect(quotes.first).to_contain_text("STAT5")
    assert quotes.locator("strong").count() > 0
    panel.get_by_role("link", name="papers,").click()
    assert "/assertion/" in page.url


def test_a_click_on_the_drawing_chooses(page: Page, site: str) -> None:
    draw(page, f"{site}/graph?entity=IL-7")
    page.locator(".network").scroll_into_view_if_needed()
    box = page.locator(".network").bounding_box()
    assert box is not None
    panel = page.get_by_label("What is chosen")
    # The entity in the middle is the largest node: a spiral from the middle comes upon it soon.
    for step in range(120):
        page.mouse.click(
            box["x"] + box["width"] / 2 + (step % 11 - 5) * 14,
            box["y"] + box["height"] / 2 + (step // 11 - 5) * 14,
        )
        if panel.get_by_role("heading").count():
            break
    expect(panel.get_by_role("heading")).to_be_visible()


def test_types_and_years_filter(page: Page, site: str) -> None:
    draw(page, f"{site}/graph?entity=IL-7")
    every = edges(page)
    page.get_by_label("disease").check()
    expect(page.locator("#results > .amount")).to_contain_text("left out by type or year")
    diseases = edges(page)
    assert 0 < diseases < every
    page.get_by_label("from").fill("2008")
    expect(page.locator("#results > .amount")).not_to_contain_text(f"{diseases} edges between")
    assert edges(page) < diseases
    # What is shown is what the server gives for the same filters.
    page.goto(f"{site}/graph?entity=IL-7&type=disease")
    assert edges(page) == diseases


def test_a_node_is_expanded(page: Page, site: str) -> None:
    draw(page, f"{site}/graph?entity=STAT5")
    before = edges(page)
    page.locator(".network").scroll_into_view_if_needed()
    page.get_by_label("Filter").fill("IL7 activates STAT5")
    page.get_by_role("row", name="STAT5").get_by_role("button", name="activates").click()
    panel = page.get_by_label("What is chosen")
    panel.get_by_role("button", name="Expand IL7").click()
    expect(panel.get_by_role("status")).to_contain_text("edges more")
    assert edges(page) > before
    assert page.url.count("entity=") == 2


def test_what_is_shown_is_taken_away(page: Page, site: str, tmp_path: Path) -> None:
    draw(page, f"{site}/graph?entity=IL-7")
    page.get_by_label("gene family").check()
    expect(page.locator("#results > .amount")).to_contain_text("left out")
    shown = edges(page)
    files = {}
    for name in ("PNG", "SVG", "GraphML", "Turtle"):
        with page.expect_download() as download:
            page.get_by_role("button", name=name, exact=True).click()
        files[name] = tmp_path / name
        download.value.save_as(files[name])
    assert files["PNG"].read_bytes().startswith(b"\x89PNG")
    assert b"STAT5" in etree.tostring(etree.parse(files["SVG"]))
    graphml = etree.parse(files["GraphML"])
    space = {"g": "http://graphml.graphdrawing.org/xmlns"}
    assert len(graphml.findall(".//g:edge", space)) == shown
    store = Store()
    store.extend(parse(path=str(files["Turtle"]), format=RdfFormat.TURTLE))
    rows = store.query(f"SELECT (COUNT(?a) AS ?n) {{ ?a a <{KG}Assertion> }}")
    assert int(next(iter(rows))["n"].value) == shown  # type: ignore[arg-type]
    assert store.query(f"ASK {{ ?a <{KG}activates> ?b }}")


def test_without_scripts_there_is_a_table(open_page: Callable[..., Page], site: str) -> None:
    page = open_page(java_script_enabled=False)
    page.goto(f"{site}/graph")
    page.get_by_label("Entity").fill("IL-7")
    page.get_by_label("disease").check()
    page.get_by_role("button", name="Draw").click()
    assert page.locator("table.results tbody tr").count() == edges(page) > 5
    assert page.get_by_text("negated").count() > 0
    page.get_by_label("Entity").fill("PD")
    page.get_by_role("button", name="Draw").click()
    assert page.get_by_role("link", name="Parkinson disease MONDO:0005180").is_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_page_is_for_all(open_page: Callable[..., Page], site: str, scheme: str) -> None:
    page = open_page(color_scheme=scheme, viewport={"width": 390, "height": 844})
    draw(page, f"{site}/graph?entity=IL-7")
    page.get_by_role("row").nth(1).get_by_role("button").click()
    expect(page.locator(".quotes blockquote").first).to_be_visible()
    page.get_by_text("What shapes and lines mean").click()
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
