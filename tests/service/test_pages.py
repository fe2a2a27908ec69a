"""The pages for reading, by a real server: what they show, and that every number leads to it."""

import re
import shutil
import time
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from urllib.parse import parse_qs, quote, urlsplit

import html5lib
import pytest
import requests
from lxml import html

from kg.namespaces import KG, RDFS
from kg.store import update_graph
from tests.service import hostile
from tests.service.conftest import served

pytestmark = pytest.mark.allow_hosts(["127.0.0.1"])

BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
ADDRESSES = (
    *("/", "/about", "/papers", "/papers?year=2009", "/papers?mentions=HGNC:6023"),
    *("/papers?mentions=CL:0000084&below=yes", "/entities?type=Gene", "/connect"),
    *("/connect?a=IL-7&b=STAT5", "/connect?a=IL-7&b=%3Cb%3Exyzzy", "/connect?a=IL7&b=IL-7"),
    *("/search?q=IL-7", "/search?q=%3Cscript%3E", "/HGNC:6023", "/CL:0000084", "/paper/evil"),
    *("/assertion/evil", "/sentence/evil.abstract.0-30", "/entity?iri=javascript:alert(1)"),
    *("/HGNC:6023?view=statements", "/papers?mentions=javascript:alert(1)"),
    f"/connect?a=IL-7&b={quote(hostile.GENE)}",
)


@pytest.fixture(scope="module")
def url(il7_graph: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    copy = tmp_path_factory.mktemp("pages") / "pages.kg"
    shutil.copytree(il7_graph, copy)
    update_graph(copy, hostile.WRITTEN)
    with served(copy, "--processes", "1", "--workers", "2") as address:
        for _ in range(300):
            if requests.get(f"{address}/search?q=IL7", timeout=30).json()["index"] == "current":
                break
            time.sleep(0.1)
        yield address


@pytest.fixture(scope="module")
def pages(url: str) -> dict[str, html.HtmlElement]:
    return {path: page_of(get(url, path)) for path in ADDRESSES}


def get(url: str, path: str, **headers: str) -> requests.Response:
    return requests.get(f"{url}{path}", headers={"accept": BROWSER, **headers}, timeout=60)


def page_of(answer: requests.Response) -> html.HtmlElement:
    assert answer.headers["content-type"] == "text/html; charset=utf-8", answer.text[:500]
    return html.fromstring(answer.text)


def words_of(element: html.HtmlElement) -> str:
    return " ".join(element.text_content().split())


def numbers(text: str) -> list[int]:
    return [int(each.replace(",", "")) for each in re.findall(r"\d[\d,]*", text)]


@pytest.mark.parametrize("path", ADDRESSES)
def test_what_a_page_is_written_in_is_html(url: str, path: str) -> None:
    answer = get(url, path)
    html5lib.HTMLParser(strict=True).parse(answer.text)
    assert len(answer.content) < 150_000
    assert "traceback" not in answer.text.lower()


def test_nothing_that_a_paper_says_runs_or_leads_astray(
    url: str, pages: dict[str, html.HtmlElement]
) -> None:
    for path, page in pages.items():
        for script in page.xpath("//script"):
            assert script.get("src", "").startswith(f"{url}/static/"), path
            assert not (script.text or "").strip()
        assert not page.xpath("//b | //i | //img[not(@alt)] | //@style | //style | //iframe"), path
        assert not page.xpath("//@*[starts-with(name(), 'on')]"), path
        for address in page.xpath("//@href | //@src | //@action"):
            assert address.startswith("#") or urlsplit(address).scheme in ("http", "https")
    policy = get(url, "/").headers["content-security-policy"]
    assert "script-src 'self'" in policy
    assert "unsafe" not in policy


@pytest.mark.parametrize(
    ("path", "shown"),
    [
        ("/paper/evil", hostile.TITLE[:40]),
        ("/paper/evil", hostile.SENTENCE),
        ("/paper/evil", hostile.AUTHOR),
        ("/paper/evil", hostile.SOURCE),
        ("/", hostile.SOURCE),
        ("/HGNC:6023", hostile.GENE),
        ("/HGNC:6023", hostile.TITLE[:40]),
        ("/papers", hostile.JOURNAL),
        ("/papers?mentions=HGNC:6023", hostile.SENTENCE),
        ("/entities?type=Gene", hostile.GENE),
        ("/assertion/evil", hostile.GENE),
        (f"/connect?a=IL-7&b={quote(hostile.GENE)}", hostile.SENTENCE),
        ("/search?q=%3Cscript%3E", "<script>"),
    ],
)
def test_what_is_hostile_is_shown_as_it_is(
    pages: dict[str, html.HtmlElement], path: str, shown: str
) -> None:
    assert " ".join(shown.split()) in words_of(pages[path])


def test_pages_can_be_read_by_all(pages: dict[str, html.HtmlElement]) -> None:
    for path, page in pages.items():
        assert page.get("lang") == "en"
        assert len(page.xpath("//h1")) == len(page.xpath("//main[@id='content']")) == 1, path
        assert page.xpath("//body/a[1]/@href") == ["#content"]
        for field in page.xpath("//input"):
            assert field.xpath("//label[@for=$id]", id=field.get("id")), path
        ids = page.xpath("//@id")
        assert len(ids) == len(set(ids)), (path, sorted(ids))
        for place in page.xpath("//a[starts-with(@href, '#')]/@href | //@aria-labelledby"):
            assert place.removeprefix("#") in ids, (path, place)
        assert all(link.text_content().strip() for link in page.xpath("//a[not(.//svg|.//rect)]"))
        levels = [int(heading.tag[1]) for heading in page.xpath("//h1|//h2|//h3")]
        assert all(after - before <= 1 for before, after in pairwise(levels))


def test_home_tells_what_there_is_and_each_number_leads_to_it(
    pages: dict[str, html.HtmlElement],
) -> None:
    home = pages["/"]
    (papers,) = home.xpath("//p[@class='lead']/a")
    listed = page_of(get("", papers.get("href")))
    assert numbers(papers.text)[0] == numbers(listed.xpath("//p[@class='lead']")[0].text)[0] > 60
    genes = home.xpath("//section[@aria-labelledby='kind-gene']")[0]
    all_genes = page_of(get("", genes.xpath(".//h3/a/@href")[0]))
    told = numbers(all_genes.xpath("//p[@class='lead']")[0].text)[0]
    # The one that was written by hand is not among those that the build counted.
    assert told == numbers(words_of(genes.xpath(".//h3")[0]))[0] + 1
    for row in genes.xpath(".//li"):
        count = row.xpath("a[@class='amount']")[0]
        found = page_of(get("", count.get("href")))
        assert numbers(count.text)[0] == numbers(found.xpath("//p[@class='lead']")[0].text)[0]
    assert home.xpath("//ul[@class='cards']//a[contains(@href, '/queries/papers-connecting')]")
    assert "sha256:" in words_of(home.xpath("//p[@class='citation']")[0])
    # What is asked there is to be given first.
    for link in home.xpath("//main//a[not(contains(@href, '/sparql'))]/@href")[::7]:
        assert get("", link).ok, link


def test_years_are_a_chart_and_a_table_with_the_same_numbers(
    pages: dict[str, html.HtmlElement],
) -> None:
    for path in ("/", "/HGNC:6023", "/papers?mentions=HGNC:6023"):
        (figure,) = pages[path].xpath("//figure[@class='chart']")
        bars = {
            int(year): int(papers)
            for title in figure.xpath(".//*[local-name()='title']/text()")
            for year, papers in [re.findall(r"\d+", title)]
        }
        rows = {
            int(row.xpath("th/text()")[0]): row.xpath("td/a")[0]
            for row in figure.xpath(".//tbody/tr[th != 'no year']")
        }
        assert bars == {year: numbers(link.text)[0] for year, link in rows.items()}
        assert len(bars) > 3
        year, link = next(iter(rows.items()))
        listed = page_of(get("", link.get("href")))
        assert numbers(listed.xpath("//p[@class='lead']")[0].text)[0] == bars[year]
        assert figure.xpath(".//*[local-name()='svg']/@aria-hidden") == ["true"]
        assert set(figure.xpath(".//*[local-name()='svg']//a/@tabindex")) == {"-1"}


def test_an_entity_has_names_links_claims_company_and_papers(
    url: str, pages: dict[str, html.HtmlElement]
) -> None:
    page = pages["/HGNC:6023"]
    assert page.xpath("//h1/text()") == ["IL7"]
    assert "interleukin 7" in page.xpath("//bdi[@class='name']/text()")
    outside = {words_of(each) for each in page.xpath("//ul[@class='outside']//a")}
    assert "NCBI Gene NCBIGene:3574" in outside
    evil = page.xpath("//section[@aria-labelledby='as-subject']//li")[0]
    assert "IL7 does not inhibit" in words_of(evil)
    assert "negative effect" in words_of(evil)
    assert [words_of(each) for each in evil.xpath("p//span[contains(@class, 'flag')]")] == [
        "✕ negated",
        "? speculative",
    ]
    assert evil.xpath(".//blockquote//mark/a[@href=$iri]", iri=f"{url}/HGNC:6023")
    assert evil.xpath(".//mark[@class='trigger']/text()") == ["acts"]
    together = page.xpath("//section[@aria-labelledby='with-gene']//li")
    assert together[0].xpath("a[@class='amount']/@href")[0].startswith(f"{url}/connect?a=HGNC")
    years = [
        int(numbers(words_of(each))[-1])
        for each in page.xpath("//ol[@class='cited']//p[@class='source']")
    ]
    assert years[0] == 2031
    assert years == sorted(years, reverse=True)
    (below,) = page.xpath("//dt[starts-with(., 'members')]/following-sibling::dd//li/a[1]")
    assert below.text_content() == hostile.GENE


def test_a_family_leads_down_and_a_member_up(url: str) -> None:
    query = (
        f"SELECT ?e {{ ?c <{RDFS}subClassOf> ?e . ?e a <{KG}CellType> . ?p <{KG}mentions> ?c }} "
        "ORDER BY ?e LIMIT 1"
    )
    rows = requests.get(f"{url}/sparql", params={"query": query}, timeout=60).json()
    iri = rows["results"]["bindings"][0]["e"]["value"]
    family = page_of(get(url, f"/entity?iri={quote(iri)}"))
    below = family.xpath("//dt[starts-with(., 'kinds of it')]/following-sibling::dd//li")
    (named, *_) = [row for row in below if row.xpath("a[@class='amount']")]
    member = page_of(get("", named.xpath("a/@href")[0]))
    here = family.xpath("//li[@aria-current='page']")[0].text_content()
    assert here in member.xpath("//dt[.='kind of']/following-sibling::dd//bdi/text()")
    count = named.xpath("a[@class='amount']")[0]
    listed = page_of(get("", count.get("href")))
    assert numbers(listed.xpath("//p[@class='lead']")[0].text)[0] == numbers(count.text)[0]


def test_papers_are_paged_by_key_to_their_end(url: str) -> None:
    address = f"{url}/papers?mentions=HGNC:6023"
    seen: list[str] = []
    while address:
        page = page_of(get("", address))
        seen += page.xpath("//ol[@class='cited']/li/p[@class='cite']/a/@href")
        total = numbers(page.xpath("//p[@class='lead']")[0].text)[0]
        address = next(iter(page.xpath("//a[@rel='next']/@href")), "")
    assert len(seen) == len(set(seen)) == total > 40


def test_papers_with_what_is_under_an_entity_are_more(
    pages: dict[str, html.HtmlElement], url: str
) -> None:
    below = numbers(
        pages["/papers?mentions=CL:0000084&below=yes"].xpath("//p[@class='lead']")[0].text
    )
    alone = page_of(get(url, "/papers?mentions=CL:0000084"))
    assert below[0] > numbers(alone.xpath("//p[@class='lead']")[0].text)[0]
    assert alone.xpath("//ol[@class='cited']//mark")


@pytest.mark.parametrize(
    ("path", "status", "told"),
    [
        ("/papers?mentions=HGNC:99999", 404, "says nothing of HGNC:99999"),
        ("/papers?mentions=IL-7%20x", 400, "neither a CURIE"),
        ("/papers?year=last", 400, "year is a number"),
        ("/entities?type=Car", 400, "type is one of Gene"),
        ("/entities", 400, "type is one of Gene"),
        ("/connect?a=x&a=y", 400, "given twice"),
        (f"/connect?a={'x' * 600}", 422, "500 characters"),
        ("/search?q=", 400, "what is looked for"),
        ("/search?q=IL7&type=car", 422, "type is entity"),
        ("/HGNC:6023?format=bibtex", 406, "is no paper"),
        ("/assertion/none", 404, "nothing"),
    ],
)
def test_what_cannot_be_shown_is_told_on_a_page(
    url: str, path: str, status: int, told: str
) -> None:
    answer = get(url, path)
    assert answer.status_code == status
    assert told.lower() in words_of(page_of(answer)).lower()


def test_pages_are_for_people_and_programs_are_told_so(url: str) -> None:
    for path in ("/papers", "/connect", "/about", "/entities?type=Gene"):
        assert get(url, path, accept="text/turtle").status_code == 406
        assert requests.post(f"{url}{path}", timeout=30).status_code == 405
        etag = get(url, path).headers["etag"]
        again = get(url, path, **{"if-none-match": etag})
        assert (again.status_code, again.content) == (304, b"")


def test_a_paper_has_its_claims_beside_their_sentences(url: str) -> None:
    page = page_of(get(url, "/paper/evil"))
    (sentence,) = page.xpath("//div[@class='sentence says']")
    assert sentence.xpath("p/@id") == ["s.abstract.0-30"]
    assert "IL7 does not inhibit" in words_of(sentence.xpath("ul")[0])
    # "<b>IL-7</b>" is one mention, and "IL-7" within it another.
    links = sentence.xpath("p/a[contains(@class, 'mention')]")
    assert [link.text for link in links] == ["<b>", "IL-7", "</b>"]
    assert [("nested" in link.get("class")) for link in links] == [False, True, False]
    assert links[1].get("href") == f"{url}/HGNC:6023"
    assert hostile.GENE in links[1].get("title")
    assert "line 3" in words_of(page.xpath("//section[@aria-labelledby='whence']")[0])
    quoted = page_of(get(url, "/assertion/evil"))
    assert f"{url}/paper/evil#s.abstract.0-30" in quoted.xpath("//blockquote//a/@href")


def test_a_citation_can_be_taken_away(url: str) -> None:
    bibtex = get(url, "/paper/evil?format=bibtex")
    assert bibtex.headers["content-type"] == "application/x-bibtex"
    assert r"\textbraceleft{}x\textbraceright{}" in bibtex.text
    ris = get(url, "/paper/evil", accept="application/x-research-info-systems")
    assert ris.headers["content-type"] == "application/x-research-info-systems"
    assert ris.text.startswith("TY  - JOUR\r\n")
    page = page_of(get(url, "/paper/evil"))
    assert page.xpath("//pre/code/text()")[0] == bibtex.text
    assert f"{url}/paper/evil?format=turtle" in page.xpath("//a/@href")


def test_connecting_tells_sentences_claims_and_what_stands_between(
    url: str, pages: dict[str, html.HtmlElement]
) -> None:
    page = pages["/connect?a=IL-7&b=STAT5"]
    assert words_of(page.xpath("//h1")[0]) == "IL7 and STAT5"
    said = page.xpath("//section[@aria-labelledby='asserted']")[0]
    assert "IL7 activates STAT5" in words_of(said)
    sentences = page.xpath("//section[@aria-labelledby='sentences']//blockquote")
    assert len(sentences) >= 4
    for each in sentences:
        assert {"STAT5"} < {words_of(mark) for mark in each.xpath(".//mark")}
    (edit,) = page.xpath("//section[@aria-labelledby='sentences']//a[.='Edit this query']/@href")
    text = parse_qs(urlsplit(edit).query)["query"][0]
    assert urlsplit(edit).path == "/editor"
    rows = requests.get(f"{url}/sparql", params={"query": text}, timeout=60).json()
    assert len(rows["results"]["bindings"]) == len(sentences)
    (csv,) = page.xpath("//section[@aria-labelledby='sentences']//a[.='CSV']/@href")
    assert get("", csv, accept="*/*").text.count("\r\n") > len(sentences)
    third = page.xpath("//table[contains(@class, 'through')]//tbody//td/a/@href")[0]
    assert get("", third).ok


def test_connecting_offers_what_may_be_meant(url: str) -> None:
    answer = get(url, "/connect?a=IL-7+recep&b=STAT5")
    assert answer.status_code == 422
    page = page_of(answer)
    choices = page.xpath("//ul[@class='choices']//a")
    assert "IL7R" in [words_of(each) for each in choices]
    assert page.xpath("//input[@id='a']/@aria-invalid") == ["true"]
    assert not page.xpath("//input[@id='b']/@aria-invalid")
    chosen = page_of(get("", choices[0].get("href")))
    assert words_of(chosen.xpath("//h1")[0]).endswith("and STAT5")


def test_connecting_with_itself_with_nothing_and_with_what_is_far_away(
    url: str, pages: dict[str, html.HtmlElement]
) -> None:
    assert "Both names are those of IL7" in words_of(pages["/connect?a=IL7&b=IL-7"])
    unknown = words_of(pages["/connect?a=IL-7&b=%3Cb%3Exyzzy"])
    assert "Nothing is called '<b>xyzzy'" in unknown
    far = page_of(get(url, "/connect?a=PARK7&b=IL7"))
    assert "The vocabularies know PARK7" in words_of(far)
    assert "No paper of this graph names both" in words_of(far)
    assert not far.xpath("//h1//a[contains(@href, '16369')]")
    chosen = get(url, "/connect?a=IL7+(HGNC:6023)&b=STAT5+(FPLX:STAT5)")
    assert words_of(page_of(chosen).xpath("//h1")[0]) == "IL7 and STAT5"


def test_searching_finds_entities_papers_and_sentences(
    url: str, pages: dict[str, html.HtmlElement]
) -> None:
    page = pages["/search?q=IL-7"]
    tabs = {words_of(each).split()[0]: each for each in page.xpath("//nav[@class='tabs']//a")}
    assert list(tabs) == ["everything", "entities", "papers", "sentences"]
    counts = {name: numbers(words_of(each))[0] for name, each in tabs.items()}
    assert counts["everything"] == sum(counts.values()) / 2
    first = page.xpath("//ol[@class='hits']/li")[0]
    assert first.xpath(".//a/@href")[0] == f"{url}/HGNC:6023"
    address, seen = tabs["sentences"].get("href"), 0
    while address:
        found = page_of(get("", address))
        assert found.xpath("//ol[@class='hits']/li/@class")[0] == "sentence"
        assert found.xpath("//li[@class='sentence'][1]//mark")
        seen += len(found.xpath("//ol[@class='hits']/li"))
        address = next(iter(found.xpath("//a[@rel='next']/@href")), "")
    assert seen == counts["sentences"]
    place = page_of(get("", tabs["sentences"].get("href"))).xpath("//ol//p[@class='cite']/a/@href")[
        0
    ]
    paper = page_of(get("", place))
    assert paper.xpath("//*[@id=$id]", id=place.partition("#")[2])
    nothing = page_of(get(url, "/search?q=xyzzyqqq"))
    assert "Nothing was found" in words_of(nothing)
    assert get(url, "/search?q=IL-7", accept="*/*").json()["query"] == "IL-7"


def test_about_tells_inputs_versions_and_licences(pages: dict[str, html.HtmlElement]) -> None:
    page = pages["/about"]
    assert "interleukin-7.txt" in words_of(page.xpath("//section[@aria-labelledby='inputs']")[0])
    rows = page.xpath("//table[@class='vocabularies']/tbody/tr")
    assert len(rows) > 5
    assert all(words_of(cell) for row in rows for cell in row)
    assert "https://creativecommons.org/licenses/by/4.0/" in page.xpath("//a/@href")
    for link in page.xpath("//section[@aria-labelledby='addresses']//a/@href"):
        assert get("", link, accept="*/*").ok, link


def test_below_a_path_all_links_begin_with_it(il7_graph: Path) -> None:
    public = "https://example.org/kg"
    with served(il7_graph, "--processes", "1", "--public-url", public) as url:
        for path in ("/HGNC:6023", "/", "/connect?a=IL7&b=STAT5", "/papers", "/about"):
            page = page_of(get(f"{url}/kg", path, host="example.org"))
            own = page.xpath("//@href | //@src | //@action | //@data-suggest | //@data-open")
            own = [address for address in own if urlsplit(address).netloc == "example.org"]
            assert len(own) > 5
            assert all(address.startswith(f"{public}/") for address in own)
            assert "127.0.0.1" not in html.tostring(page, encoding="unicode")


def test_a_graph_without_any_papers_has_pages_too(people: Path) -> None:
    with served(people, "--processes", "1") as url:
        for path in ("/", "/papers", "/entities?type=Gene", "/about", "/connect"):
            page = page_of(get(url, path))
            assert page.xpath("//h1"), path
        assert "There are none" in words_of(page_of(get(url, "/papers")))
        assert "not say which files" in words_of(page_of(get(url, "/about")))
