"""Cards of entities, pages of sentences, and quotes that lead to the sentence they are of."""

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote, urlsplit

import pytest
import requests
from lxml import html

from kg.service.pages.card import first_sentence
from kg.service.pages.charts import draw_years
from tests.service.conftest import served

pytestmark = pytest.mark.allow_hosts(["127.0.0.1"])

PAGE = {"accept": "text/html"}
SENTENCES = """SELECT ?s ?text WHERE { ?s a kg:Sentence ; kg:text ?text ; kg:field ?field ;
  kg:inPublication ?paper ; kg:start ?start . ?other kg:inPublication ?paper ; kg:field ?field ;
  kg:start ?later . FILTER(?later > ?start && ?field != "title") } ORDER BY ?s LIMIT 1"""


@pytest.fixture(scope="module")
def url(il7_graph: Path) -> Iterator[str]:
    with served(il7_graph, "--processes", "1", "--workers", "1") as address:
        yield address


def get(address: str, **headers: str) -> requests.Response:
    return requests.get(address, headers={**PAGE, **headers}, timeout=60)


def page_of(address: str) -> html.HtmlElement:
    answer = get(address)
    assert answer.status_code == 200, answer.text[:500]
    return html.fromstring(answer.text)


def words_of(element: html.HtmlElement) -> str:
    return " ".join(element.text_content().split())


def rows_of(url: str, query: str) -> list[dict[str, dict[str, str]]]:
    answer = requests.get(f"{url}/sparql", params={"query": query, "format": "json"}, timeout=60)
    rows: list[dict[str, dict[str, str]]] = answer.json()["results"]["bindings"]
    return rows


def test_a_card_tells_what_an_entity_is_and_leads_on(url: str) -> None:
    answer = get(f"{url}/CL:0000815?view=card")
    card = html.fragment_fromstring(answer.text, create_parent="div")
    told = words_of(card)
    for each in ("cell type", "regulatory T cell", "Cell Ontology CL:0000815", "mention"):
        assert each in told
    definitions = [words_of(each) for each in card.xpath("p[@dir]")]
    (definition,) = definitions
    assert definition.startswith("A T cell which regulates overall immune responses")
    assert definition.endswith("cytokine release.")
    links = card.xpath(".//a/@href")
    assert links == [f"{url}/CL:0000815", f"{url}/papers?mentions=CL%3A0000815"]
    assert not card.xpath(".//*[@style]|.//script")
    again = get(f"{url}/CL:0000815?view=card", **{"if-none-match": answer.headers["etag"]})
    assert again.status_code == 304
    assert get(f"{url}/CL:0000815").headers["etag"] != answer.headers["etag"]


def test_a_card_counts_the_papers_that_its_link_lists(url: str) -> None:
    card = html.fragment_fromstring(get(f"{url}/HGNC:6023?view=card").text, create_parent="div")
    (link,) = [each for each in card.xpath(".//a") if "mention" in words_of(each)]
    number = words_of(link).partition(" ")[0]
    assert words_of(page_of(link.get("href")).xpath("//p[@class='lead']")[0]).startswith(number)


def test_a_card_is_had_by_any_name_of_an_entity(url: str) -> None:
    wanted = get(f"{url}/HGNC:6023?view=card").text
    for given in ("hgnc:6023", "http://identifiers.org/hgnc/6023"):
        assert get(f"{url}/entity?iri={quote(given)}&view=card").text == wanted


def test_what_is_no_entity_has_no_card(url: str) -> None:
    (row,) = rows_of(url, SENTENCES)
    path = urlsplit(row["s"]["value"]).path.removeprefix("/litkg")
    answer = get(f"{url}{path}?view=card")
    assert answer.status_code == 404
    assert "no entity" in answer.text
    data = requests.get(f"{url}/HGNC:6023?view=card", headers={"accept": "text/turtle"}, timeout=60)
    assert "IL7" in data.text


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("A T cell (e.g. Treg). It helps.", "A T cell (e.g. Treg)."),
        ("No full stop", "No full stop"),
        ("", ""),
    ],
)
def test_the_first_sentence_of_a_definition(text: str, first: str) -> None:
    assert first_sentence(text) == first


def test_a_sentence_has_a_page_with_its_paper_and_its_neighbours(url: str) -> None:
    (row,) = rows_of(url, SENTENCES)
    path = urlsplit(row["s"]["value"]).path.removeprefix("/litkg")
    page = page_of(f"{url}{path}")
    assert words_of(page.xpath("//h1")[0]) == " ".join(row["text"]["value"].split())
    assert "Sentence 1 of" in words_of(page.xpath("//p[@class='kind']")[0])
    (cite,) = page.xpath("//p[@class='cite']/a/@href")
    (button,) = page.xpath("//a[text()='Read it in the paper']/@href")
    paper, _, anchor = button.partition("#")
    assert paper == cite
    (place,) = page_of(paper).xpath(f"//*[@id='{anchor}']")
    assert row["text"]["value"][:40] in place.text_content()
    (after,) = page.xpath("//a[@rel='next']/@href")
    assert not page.xpath("//a[@rel='prev']")
    beyond = page_of(after)
    assert beyond.xpath("//a[@rel='prev']/@href") == [f"{url}{path}"]
    words = words_of(beyond.xpath("//h1")[0])
    assert words in words_of(page.xpath("//blockquote")[0])
    (every,) = page.xpath("//a[text()='All statements']/@href")
    assert "What is said of it" in page_of(every).text_content()


def test_a_sentence_tells_what_it_says_and_names(url: str) -> None:
    query = """SELECT ?s ?name WHERE { ?e kg:evidenceSentence ?s . ?a kg:evidence ?e ;
      kg:subject HGNC:6023 ; kg:object ?o . ?o rdfs:label ?name } ORDER BY ?s LIMIT 1"""
    (row,) = rows_of(url, query)
    path = urlsplit(row["s"]["value"]).path.removeprefix("/litkg")
    page = page_of(f"{url}{path}")
    said = words_of(page.xpath("//section[@aria-labelledby='says']")[0])
    assert "IL7" in said
    assert row["name"]["value"] in said
    named = page.xpath("//section[@aria-labelledby='mentioned']//a/@href")
    assert f"{url}/HGNC:6023" in named
    assert page.xpath("//h1//a[contains(@class, 'mention')]")


@pytest.mark.parametrize(
    "path",
    [
        "/connect?a=IL-7&b=STAT5",
        "/connect?a=IL-7&b=rheumatoid+arthritis",
        "/papers?mentions=HGNC:6023&year=2009",
        "/HGNC:6024",
        "/search?q=IL-7&type=sentence",
    ],
)
def test_quotes_lead_to_the_sentence_that_they_are_of(url: str, path: str) -> None:
    page = page_of(f"{url}{path}")
    quotes = page.xpath("//blockquote") or page.xpath("//ol[@class='hits']/li")
    assert quotes
    papers: dict[str, html.HtmlElement] = {}
    for each in quotes[:12]:
        (link,) = [href for href in each.xpath(".//a/@href") if "#s." in href]
        paper, _, anchor = link.partition("#")
        if paper not in papers:
            papers[paper] = page_of(paper)
        (place,) = papers[paper].xpath(f"//*[@id='{anchor}']")
        words = words_of(each.xpath(".//p[@dir]")[0]).partition(" in context")[0][:60]
        assert words in words_of(place), (path, link)


def test_what_has_no_direction_is_told_once(url: str) -> None:
    page = page_of(f"{url}/connect?a=IL-7&b=rheumatoid+arthritis")
    facts = page.xpath("//section[@aria-labelledby='asserted']//p[@class='claim']/a/@href")
    assert facts
    assert len(facts) == len(set(facts))


def test_where_nothing_joins_two_their_own_papers_are_at_hand(url: str) -> None:
    page = page_of(f"{url}/connect?a=rheumatoid+arthritis&b=PAX5")
    section = page.xpath("//section[@aria-labelledby='sentences']")[0]
    assert "No paper of this graph names both" in words_of(section)
    papers = section.xpath(".//a/@href")
    assert papers
    for each in papers:
        assert page_of(each).xpath("//ol[@class='cited']/li")


def test_a_search_for_two_entities_leads_to_what_joins_them(url: str) -> None:
    page = page_of(f"{url}/search?q=IL-7+rheumatoid+arthritis")
    (link,) = page.xpath("//a[contains(text(), 'What joins')]/@href")
    assert words_of(page_of(link).xpath("//h1")[0]) == "IL7 and rheumatoid arthritis"
    assert not page_of(f"{url}/search?q=IL-7").xpath("//a[contains(text(), 'What joins')]")


def test_a_few_years_are_told_in_numbers() -> None:
    few = draw_years({2020: 1, 2021: 4}, str)
    many = draw_years({2015: 1, 2021: 4}, str)
    assert few is not None
    assert few.is_small
    assert many is not None
    assert not many.is_small
