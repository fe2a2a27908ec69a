"""What people come for, from the home page: evidence for a link, and a query of one's own."""

import csv
import io
import re
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.allow_hosts(["127.0.0.1"])

_MOST_CLICKS = 8
"""What a reader takes in a minute, with time to read."""


class Hand:
    """Clicks as a person does, and counts."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.clicks = 0

    def click(self, name: str, *, role: str = "link", place: int = 0) -> None:
        self.page.get_by_role(role, name=name).nth(place).click()  # type: ignore[arg-type]
        self.clicks += 1


def test_three_papers_on_il7_in_rheumatoid_arthritis_and_their_sentences(
    page: Page, site: str
) -> None:
    hand = Hand(page)
    page.goto(site)
    page.get_by_label("Search entities, papers and sentences").fill("IL-7 rheumatoid arthritis")
    page.keyboard.press("Enter")
    hand.click("What joins")
    expect(page.locator("h1")).to_have_text("IL7 and rheumatoid arthritis")
    section = page.get_by_role("region", name="Sentences that name both")
    papers = section.locator("ol.cited > li")
    assert papers.count() >= 3
    here = page.url
    read = set()
    for number in range(3):
        words = papers.nth(number).locator("blockquote p").first.inner_text()
        sentence = words.partition("in context")[0].strip()
        papers.nth(number).get_by_role("link", name="in context").first.click()
        hand.clicks += 1
        place = page.locator(":target")
        expect(place).to_be_in_viewport()
        assert sentence in " ".join(place.inner_text().split())
        read.add(urlsplit(page.url).path)
        page.goto(here)
    assert len(read) == 3
    assert hand.clicks <= _MOST_CLICKS


def test_a_saved_query_is_changed_and_its_rows_are_taken_away(page: Page, site: str) -> None:
    hand = Hand(page)
    page.goto(site)
    hand.click("Papers that mention an entity")
    page.get_by_label("Entity").fill("regulatory T cell")
    page.keyboard.press("Escape")
    hand.click("Ask", role="button")
    expect(page.get_by_role("table").first).to_be_visible()
    hand.click("Edit this query")
    editor = page.get_by_role("textbox", name="Query")
    expect(editor).to_contain_text(re.compile(r"SELECT.*CL[_:]0000815", re.DOTALL))
    editor.focus()
    page.keyboard.press("Control+End")
    page.keyboard.type("\nLIMIT 1")
    hand.click("Run", role="button")
    expect(page.locator("#results .amount").first).to_contain_text("1 row")
    with page.expect_download() as begun:
        hand.click("CSV")
    rows = list(csv.DictReader(io.StringIO(Path(begun.value.path()).read_text(encoding="utf-8"))))
    assert len(rows) == 1
    assert rows[0]["title"]
    assert hand.clicks <= _MOST_CLICKS
    link = page.get_by_role("link", name="Link to this query").get_attribute("href") or ""
    assert "LIMIT 1" in parse_qs(urlsplit(link).query)["query"][0]
