"""The card over the words that name an entity: by pointer, by keyboard, by touch, and without."""

import re
from collections.abc import Callable
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.conftest import violations

pytestmark = pytest.mark.allow_hosts(["127.0.0.1"])

PAPER = "/papers?mentions=CL:0000815"
PLACES = (
    "/HGNC:6023",
    "/connect?a=IL-7&b=STAT5",
    "/search?q=rheumatoid+arthritis&type=sentence",
    "/papers?mentions=HGNC:6023",
)


def mention_of(page: Page, identifier: str) -> Locator:
    return page.locator(f"a.mention[href$='/{identifier}']").first


@pytest.fixture
def paper(page: Page, site: str) -> Page:
    """The page of a paper on regulatory T cells."""
    page.goto(f"{site}{PAPER}")
    page.locator("p.cite a").first.click()
    expect(page.locator("section.text a.mention").first).to_be_visible()
    # Where it clicked, a word with a card may stand now.
    page.mouse.move(0, 0)
    return page


def test_a_pointer_opens_a_card_that_it_can_enter_and_leave(paper: Page) -> None:
    mention = mention_of(paper, "CL:0000815")
    title = mention.get_attribute("title")
    mention.hover()
    card = paper.locator(".card")
    expect(card).to_contain_text("cell type")
    expect(card).to_contain_text("Cell Ontology CL:0000815")
    expect(card).to_contain_text("A T cell which regulates overall immune responses")
    expect(card.get_by_role("link", name="mention")).to_be_visible()
    # The browser would show a title over it.
    assert mention.get_attribute("title") is None
    card.hover()
    paper.wait_for_timeout(700)
    expect(card).to_be_visible()
    paper.locator("h2").first.hover()
    expect(card).to_have_count(0)
    assert mention.get_attribute("title") == title
    assert mention.get_attribute("aria-describedby") is None


def test_escape_sends_a_card_away_without_a_move(paper: Page) -> None:
    mention_of(paper, "CL:0000815").hover()
    card = paper.locator(".card")
    expect(card).to_be_visible()
    paper.keyboard.press("Escape")
    expect(card).to_have_count(0)
    paper.wait_for_timeout(600)
    expect(card).to_have_count(0)


def test_the_keyboard_opens_a_card_enters_it_and_comes_back(paper: Page) -> None:
    mention = mention_of(paper, "CL:0000815")
    paper.locator("body").press("Tab")
    mention.focus()
    card = paper.locator(".card")
    expect(card).to_contain_text("regulatory T cell")
    # All of it, and not a name of its own that would stand in its place.
    expect(mention).to_have_accessible_description(re.compile("cell type .* A T cell which"))
    paper.keyboard.press("Tab")
    expect(card.get_by_role("link").first).to_be_focused()
    paper.keyboard.press("Tab")
    expect(card.get_by_role("link").last).to_be_focused()
    paper.keyboard.press("Escape")
    expect(card).to_have_count(0)
    expect(mention).to_be_focused()
    paper.keyboard.press("Tab")
    paper.keyboard.press("Shift+Tab")
    expect(card).to_be_visible()
    paper.keyboard.press("Shift+Tab")
    # What stands before it may have a card too.
    expect(mention).not_to_have_attribute("aria-describedby", "card")
    mention.focus()
    paper.keyboard.press("Enter")
    paper.wait_for_url("**/CL:0000815")


def test_a_first_tap_opens_a_card_and_a_second_one_follows(
    open_page: Callable[..., Page], site: str
) -> None:
    page = open_page(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    page.goto(f"{site}/HGNC:6023")
    here = page.url
    mention = page.locator("blockquote a.mention").first
    mention.tap()
    card = page.locator(".card")
    expect(card).to_contain_text("gene")
    assert page.url == here
    box = card.bounding_box()
    assert box is not None
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 390
    page.locator("h2").first.tap()
    expect(card).to_have_count(0)
    mention.tap()
    card.get_by_role("link", name="mention").tap()
    page.wait_for_url("**/papers?mentions=*")
    page.go_back()
    expect(card).to_have_count(0)
    other = page.locator("blockquote a.mention.celltype").first
    other.tap()
    expect(card).to_contain_text("cell type")
    other.tap()
    page.wait_for_url("**/CL:*")


@pytest.mark.parametrize("path", PLACES)
def test_quotes_have_cards_wherever_they_are(page: Page, site: str, path: str) -> None:
    page.goto(f"{site}{path}")
    mention = page.locator("blockquote a.mention, .hits a.mention").first
    name = (mention.get_attribute("title") or "").partition(" (")[0]
    mention.hover()
    expect(page.locator(".card .cardname")).to_have_text(name)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_page_with_a_card_is_accessible(
    open_page: Callable[..., Page], site: str, scheme: str
) -> None:
    page = open_page(color_scheme=scheme, bypass_csp=True)
    page.goto(f"{site}/HGNC:6023")
    page.locator("blockquote a.mention").first.hover()
    expect(page.locator(".card .cardname")).to_be_visible()
    assert violations(page) == []


def test_pages_of_sentences_are_accessible(open_page: Callable[..., Page], site: str) -> None:
    for width in (320, 1280):
        page = open_page(viewport={"width": width, "height": 800}, bypass_csp=True)
        page.goto(f"{site}/papers?mentions=CL:0000815")
        page.locator("p.cite a").first.click()
        page.locator("section.text a.anchor").first.click()
        expect(page.locator("h1.sentence")).to_be_visible()
        assert violations(page) == []
        wide = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
        assert not page.evaluate(wide)


def test_a_card_is_asked_for_once(paper: Page) -> None:
    asked: list[str] = []
    paper.on("request", lambda request: asked.append(request.url))
    for _ in range(2):
        mention_of(paper, "CL:0000815").hover()
        expect(paper.locator(".card")).to_be_visible()
        paper.keyboard.press("Escape")
        paper.locator("h1").hover(position={"x": 1, "y": 1})
    assert [urlsplit(each).query for each in asked] == ["view=card"]


def test_where_no_card_is_to_be_had_the_name_is_told(paper: Page) -> None:
    paper.route("**/*view=card", lambda route: route.abort())
    mention_of(paper, "CL:0000815").hover()
    card = paper.locator(".card")
    expect(card).to_have_text("regulatory T cell (CL:0000815)")
    expect(card.get_by_role("link")).to_have_attribute("href", f"{_origin(paper)}/CL:0000815")


def test_without_scripts_a_mention_is_a_link(browser: Browser, site: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{site}/HGNC:6023")
    mention = page.locator("blockquote a.mention").first
    assert "(" in (mention.get_attribute("title") or "")
    mention.click()
    page.wait_for_url(f"{site}/*:*")
    context.close()


def _origin(page: Page) -> str:
    parts = urlsplit(page.url)
    return f"{parts.scheme}://{parts.netloc}"
