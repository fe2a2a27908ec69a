"""Saved queries in a browser: filled in, understood, answered, taken away."""

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from pyoxigraph import RdfFormat, parse

from tests.browser.conftest import violations

pytestmark = pytest.mark.allow_hosts(["127.0.0.1"])

ROWS = "table.results tbody tr"


def download(page: Page, name: str, folder: Path) -> bytes:
    with page.expect_download() as found:
        page.get_by_role("link", name=name, exact=True).click()
    file = folder / found.value.suggested_filename
    found.value.save_as(file)
    return file.read_bytes()


def test_a_saved_query_is_found_asked_and_taken_away(page: Page, site: str, tmp_path: Path) -> None:
    page.goto(f"{site}/queries")
    page.get_by_role("link", name="Papers that connect two entities").click()
    assert page.locator(ROWS).count() == 0
    page.get_by_label("Entity A").fill("IL-7")
    page.get_by_label("Entity B").fill("STAT5")
    page.get_by_role("button", name="Ask").click()
    expect(page.locator(".taken").first).to_contain_text("taken for IL7")
    page.get_by_label("Filter").fill("activates")
    matching = page.locator(ROWS)
    expect(matching).not_to_have_count(0)
    assert all("activates" in text for text in matching.all_inner_texts())
    page.get_by_label("Filter").fill("")
    shown = page.locator(ROWS).count()
    table = list(csv.reader(io.StringIO(download(page, "CSV", tmp_path).decode())))
    assert table[0][:3] == ["paper", "title", "year"]
    assert len(table) == shown + 1
    document = json.loads(download(page, "JSON", tmp_path))
    assert len(document["rows"]) == shown
    assert list(parse(download(page, "Turtle", tmp_path), format=RdfFormat.TURTLE))


def test_the_permanent_link_keeps_the_question_and_the_build(page: Page, site: str) -> None:
    page.goto(f"{site}/queries/papers-by-year?entity=IL-7&subtypes=false")
    link = page.get_by_role("link", name="Permanent link").get_attribute("href") or ""
    page.goto(link)
    assert page.get_by_label("Subtypes").input_value() == "false"
    assert not page.get_by_text("This link was made for build").count()
    head, _, build = link.rpartition("build=")
    assert build.startswith("000001-")
    page.goto(f"{head}build=000000-ffffffffffff")
    expect(page.get_by_text("This link was made for build 000000-ffffffffffff")).to_be_visible()


def test_an_unclear_name_offers_what_it_may_mean(open_page: Callable[..., Page], site: str) -> None:
    page = open_page(java_script_enabled=False)
    page.goto(f"{site}/queries/papers-mentioning?entity=PD&subtypes=false")
    page.get_by_role("link", name="Parkinson disease MONDO:0005180").click()
    assert "entity=MONDO%3A0005180" in page.url
    assert "subtypes=false" in page.url
    assert page.get_by_text("Nothing was found").is_visible()
    assert page.get_by_text("No paper in this graph names").is_visible()
    page.goto(f"{site}/queries/papers-mentioning?entity=xyzzyx")
    assert "xyzzyx" in page.get_by_role("alert").inner_text()


def test_rows_are_sorted_and_further_pages_taken_in(page: Page, site: str) -> None:
    page.goto(f"{site}/queries/names-used?entity=IL-7")
    page.get_by_role("button", name="papers").click()
    column = page.locator(f"{ROWS} td:nth-child(4)").all_inner_texts()
    assert len(column) > 2
    assert column == sorted(column, key=int)
    page.goto(f"{site}/queries/most-mentioned?limit=30")
    first = page.locator(ROWS).all_inner_texts()
    assert len(first) == 30
    page.get_by_role("button", name="Read all rows").click()
    expect(page.get_by_text("These are all rows")).to_be_visible()
    said = page.locator(".tablebar [role=status]").first.inner_text()
    assert int(said.split()[0]) > 100
    page.get_by_role("button", name="name").click()
    labels = page.locator(f"{ROWS} td:nth-child(2)").all_inner_texts()
    begins = [label[0].casefold() for label in labels if label[0].isalpha()]
    assert begins == sorted(begins)


def test_pages_follow_each_other_without_scripts(open_page: Callable[..., Page], site: str) -> None:
    page = open_page(java_script_enabled=False)
    page.goto(f"{site}/queries/most-mentioned?limit=40")
    first = page.locator(ROWS).all_inner_texts()
    page.get_by_role("link", name="Next page").click()
    second = page.locator(ROWS).all_inner_texts()
    assert len(first) == len(second) == 40
    assert not set(first) & set(second)
    assert page.get_by_text("Rows 41 to 80").is_visible()
    page.get_by_role("link", name="First page").click()
    assert page.locator(ROWS).all_inner_texts() == first


def test_a_query_opens_in_the_editor_with_its_values(page: Page, site: str) -> None:
    page.goto(f"{site}/queries/papers-by-year?entity=STAT5")
    page.get_by_role("link", name="Edit this query in SPARQL").click()
    expect(page.get_by_role("textbox", name="SPARQL query")).to_contain_text("fplx:STAT5")


def test_statements_are_drawn(page: Page, site: str) -> None:
    page.goto(f"{site}/queries/regulatory-neighbourhood?entity=IL-7")
    page.get_by_role("button", name="Draw as a network").click()
    expect(page.locator(".network[data-settled=true]")).to_be_visible()


def test_what_asks_the_internet_is_not_asked_unless_it_may_be(page: Page, site: str) -> None:
    page.goto(f"{site}/queries/uniprot-of-gene?gene=IL-7")
    expect(page.get_by_text("over the internet, which this server does not")).to_be_visible()
    assert page.locator(ROWS).count() == 0


def test_all_saved_queries_are_listed_and_their_examples_lead_to_answers(
    open_page: Callable[..., Page], site: str
) -> None:
    page = open_page(java_script_enabled=False)
    page.goto(f"{site}/queries")
    cards = page.locator(".questions li")
    assert cards.count() == 38
    examples = [
        each.get_attribute("href") or ""
        for each in cards.filter(has_not_text="asks the internet").locator("p a").all()
    ]
    assert len(examples) == 34
    for address in examples[1::6]:
        page.goto(address)
        assert page.locator(ROWS).count() > 0, address


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_pages_are_for_all(open_page: Callable[..., Page], site: str, scheme: str) -> None:
    page = open_page(color_scheme=scheme, viewport={"width": 390, "height": 844})
    for path in (
        "/queries",
        "/queries/papers-connecting?entity_a=IL-7&entity_b=STAT5",
        "/queries/papers-mentioning?entity=PD",
        "/queries/most-mentioned?limit=40",
    ):
        page.goto(f"{site}{path}")
        assert violations(page) == [], path
        assert page.evaluate("document.documentElement.scrollWidth") <= 390, path
