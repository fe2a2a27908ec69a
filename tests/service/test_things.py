"""Every IRI of a graph at its address, by a real server and a real client."""

import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote, urlsplit

import pytest
import rdflib
import requests
from lxml import html
from pyoxigraph import BlankNode, NamedNode, QuerySolutions, RdfFormat, parse

from kg.namespaces import DEFAULT_BASE, KG, RDF
from kg.service.pages.addresses import Addresses
from kg.store import open_graph, update_graph
from tests.service.conftest import served

pytestmark = pytest.mark.allow_hosts(["127.0.0.1"])

ASKING = ("queries", "sparql")
"""Addresses of what is to be asked first."""

HOSTILE = "<script>alert(1)</script> \"quoted\" & 'so' on\\u0000\\u202E"
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
MEDIA_TYPES = (
    *("text/turtle", "application/n-triples", "application/rdf+xml"),
    *("application/n-quads", "application/trig", "application/ld+json"),
)
WRITTEN = f"""
INSERT DATA {{
  <{DEFAULT_BASE}paper/evil> a <{KG}Publication> ;
    <http://purl.org/dc/terms/title> "{HOSTILE.replace('"', chr(92) + '"')}" ;
    <{KG}mentions> <javascript:alert(1)> , <http://example.org/a?b="c'> ;
    <{KG}publishedIn> <javascript:alert(2)> ;
    <http://www.w3.org/2000/01/rdf-schema#seeAlso> <javascript:alert(3)> , <data:text/html,x> .
  <javascript:alert(1)> a <{KG}Gene> ; <http://www.w3.org/2000/01/rdf-schema#label> "</bdi><b>x" .
  <{DEFAULT_BASE}sentence/evil.title.0-9> a <{KG}Sentence> ;
    <{KG}inPublication> <{DEFAULT_BASE}paper/evil> ; <{KG}field> "abstract" ; <{KG}start> 0 ;
    <{KG}text> "<b>IL-7</b> & <i>" ; <{KG}mentionAt> 3 ;
    <{KG}hasMention> <{DEFAULT_BASE}mention/evil> .
  <{DEFAULT_BASE}mention/evil> <{KG}exact> "IL-7" ; <{KG}refersTo> <javascript:alert(1)> .
  <https://doi.org/10.1000/a%3Cb%3E> <http://purl.org/dc/terms/isReplacedBy>
    <{DEFAULT_BASE}paper/evil> .
  <{DEFAULT_BASE}paper/caf\u00e9%20au%20lait> a <{KG}Publication> .
  <{DEFAULT_BASE}sparql> <{KG}exact> "where the endpoint is" .
  <http://example.org/old> <http://purl.org/dc/terms/isReplacedBy>
    <http://example.org/1> , <http://example.org/2> ;
    <http://www.w3.org/2002/07/owl#deprecated> true .
}};
INSERT {{ ?paper <http://example.org/tagged> <http://example.org/hub> }}
WHERE {{ ?paper a ?type }}
""".replace("<http://example.org/a?b=\"c'>", "<http://example.org/a?b='c'>")


@pytest.fixture(scope="module")
def folder(il7_graph: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    copy = tmp_path_factory.mktemp("things") / "things.kg"
    shutil.copytree(il7_graph, copy)
    update_graph(copy, WRITTEN)
    return copy


@pytest.fixture(scope="module")
def url(folder: Path) -> Iterator[str]:
    with served(folder, "--processes", "1", "--workers", "2") as address:
        yield address


def get(
    url: str,
    path: str,
    accept: str = "*/*",
    *,
    follow: bool = True,
    host: str = "",
    known: str = "",
) -> requests.Response:
    more = {"host": host, "if-none-match": known}
    return requests.get(
        f"{url}{path}",
        headers={"accept": accept} | {name: value for name, value in more.items() if value},
        timeout=60,
        allow_redirects=follow,
    )


def page_of(answer: requests.Response) -> html.HtmlElement:
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    return html.fromstring(answer.text)


def minted(folder: Path) -> dict[str, list[str]]:
    """Return the IRIs under the base, by kind."""
    found: dict[str, set[str]] = {}
    with open_graph(folder) as graph:
        for quad in graph.quads():
            for term in (*quad.triple, quad.graph_name):
                if isinstance(term, NamedNode) and term.value.startswith(DEFAULT_BASE):
                    path = term.value.removeprefix(DEFAULT_BASE)
                    kind = re.split("[/#]", path)[0] + ("#" if "#" in path else "")
                    found.setdefault(kind, set()).add(term.value)
    return {kind: sorted(iris) for kind, iris in found.items()}


def test_every_kind_of_minted_iri_dereferences(url: str, folder: Path) -> None:
    kinds = minted(folder)
    assert {"paper", "sentence", "mention", "evidence", "assertion", "graph", "ontology#"} <= set(
        kinds
    )
    addresses = Addresses(url, DEFAULT_BASE)
    for iris in kinds.values():
        for iri in {iris[0], iris[len(iris) // 2], iris[-1]}:
            document = addresses.of(iri).partition("#")[0].removeprefix(url)
            answer = get(url, document, "application/n-quads")
            assert answer.status_code == 200, (iri, answer.text)
            assert f"<{iri}>" in answer.text, iri
            assert page_of(get(url, document, "text/html")) is not None


@pytest.mark.filterwarnings("ignore:.* is deprecated, use Dataset:DeprecationWarning")
@pytest.mark.parametrize("media_type", MEDIA_TYPES)
def test_all_formats_say_the_same(url: str, media_type: str) -> None:
    with_quads = media_type in ("application/n-quads", "application/trig", "application/ld+json")
    for path in ("/HGNC:6023", "/dataset", "/paper/evil", "/ontology", "/graph/about"):
        answer = get(url, path, media_type)
        assert answer.headers["content-type"].partition(";")[0] == media_type
        expected = statements(get(url, path, "application/n-quads"), with_quads)
        assert len(expected) > 5
        assert statements(answer, with_quads) == expected, path


def statements(answer: requests.Response, with_graphs: bool) -> set[tuple[str, ...]]:
    """Return what is said, as texts; blank nodes are alike, as each reader names them anew."""
    media_type = answer.headers["content-type"].partition(";")[0]
    if media_type == "application/ld+json":
        read = rdflib.Dataset()
        read.parse(data=answer.text, format="json-ld")
        quads = parse(read.serialize(format="nquads"), format=RdfFormat.N_QUADS)
    else:
        quads = parse(answer.content, format=RdfFormat.from_media_type(media_type))
    return {
        tuple(
            "_" if isinstance(term, BlankNode) else str(term)
            for term in (*quad.triple, *([quad.graph_name] if with_graphs else []))
        )
        for quad in quads
    }


@pytest.mark.parametrize(
    ("accept", "media_type"),
    [
        ("", "text/turtle"),
        ("*/*", "text/turtle"),
        (BROWSER, "text/html"),
        ("application/ld+json, text/turtle;q=0.9", "application/ld+json"),
        ("text/html;q=0.5, application/rdf+xml", "application/rdf+xml"),
        ("text/turtle;q=0, */*;q=0.1", "application/n-triples"),
    ],
)
def test_the_format_is_what_is_accepted_most(url: str, accept: str, media_type: str) -> None:
    answer = get(url, "/HGNC:6023", accept)
    assert answer.headers["content-type"].partition(";")[0] == media_type
    # Pages come packed to who takes them so.
    packed = ", accept-encoding" if media_type == "text/html" else ""
    assert answer.headers["vary"] == f"accept{packed}"
    assert answer.headers["content-location"].startswith(f"{url}/HGNC:6023?format=")


def test_a_format_by_name_goes_before_what_is_accepted(url: str) -> None:
    answer = get(url, "/HGNC:6023?format=jsonld", "text/html")
    assert answer.headers["content-type"] == "application/ld+json"
    page = get(url, "/HGNC:6023?format=html", "text/turtle")
    assert page.headers["content-type"] == "text/html; charset=utf-8"


def test_what_cannot_be_had_is_not_acceptable(url: str) -> None:
    for answer in (
        get(url, "/HGNC:6023", "image/png"),
        get(url, "/HGNC:6023?format=pdf"),
        get(url, "/", "image/png"),
    ):
        assert answer.status_code == 406
        assert "turtle, ntriples" in answer.text


def test_the_head_alone_and_what_is_known_already(url: str) -> None:
    head = requests.head(f"{url}/HGNC:6023", timeout=60)
    assert head.status_code == 200
    assert head.content == b""
    for path in ("/HGNC:6023", "/HGNC:6023?format=html", "/", "/ontology", "/static/style.css"):
        first = get(url, path)
        etag = first.headers["etag"]
        for known in (etag, f'"other", {etag.removeprefix("W/")}', f"W/{etag.removeprefix('W/')}"):
            again = get(url, path, known=known)
            assert again.status_code == 304, path
            assert again.content == b""
            # A browser would take it for that of the page that it has.
            assert "content-security-policy" not in again.headers
        assert get(url, path, known='"other"').status_code == 200


def test_other_methods_are_refused(url: str) -> None:
    answer = requests.post(f"{url}/HGNC:6023", data=b"x", timeout=60)
    assert answer.status_code == 405
    assert answer.headers["allow"] == "GET, HEAD"


@pytest.mark.parametrize(
    ("path", "status", "leads_to"),
    [
        ("/hgnc:6023", 301, "/HGNC:6023"),
        ("/HGNC:HGNC:6023", 301, "/HGNC:6023"),
        ("/hgnc:6023?format=turtle", 301, "/HGNC:6023?format=turtle"),
        ("/cl:0000815", 301, "/CL:0000815"),
        ("/CL:CL_0000815", 301, "/CL:0000815"),
        ("/taxonomy:9606", 301, "/NCBITaxon:9606"),
        ("/https://a.org/b", 301, "/entity?iri=https%3A%2F%2Fa.org%2Fb"),
        ("/entity?iri=HGNC:6023", 303, "/HGNC:6023"),
        ("/entity?iri=http://identifiers.org/hgnc/6023", 303, "/HGNC:6023"),
        ("/entity?iri=https://identifiers.org/hgnc:6023&after=x", 301, "/HGNC:6023?after=x"),
        (f"/entity?iri={DEFAULT_BASE}dataset", 303, "/dataset"),
        (f"/entity?iri={DEFAULT_BASE}ontology", 303, "/ontology"),
        ("/DOI:10.1000/A%3Cb%3E", 404, ""),
        ("/DOI:10.1000/a%3Cb%3E", 303, "/paper/evil"),
        ("/doi:10.1000/a<b>", 301, "/DOI:10.1000/a%3Cb%3E"),
        ("/HGNC:6023", 200, ""),
        ("/UniProt:P13232", 200, ""),
        ("/paper/caf%C3%A9%20au%20lait", 200, ""),
        (f"/entity?iri={DEFAULT_BASE}sparql", 200, ""),
        (f"/entity?iri={quote(KG + 'Gene', safe='')}", 200, ""),
        ("/entity?iri=javascript:alert(1)", 200, ""),
        ("/entity?iri=http://example.org/old", 200, ""),
        ("/HGNC:99999999", 404, ""),
        ("/HGCN:6023", 404, ""),
        ("/paper/none", 404, ""),
        ("/IL-7", 404, ""),
        ("/entity?iri=http://example.org/none", 404, ""),
        ("/entity?iri=IL-7", 400, ""),
        ("/entity", 400, ""),
        ("/entity?iri=a:b&iri=a:c", 400, ""),
        ("/entity?iri=%FF", 400, ""),
        ("/HGNC:6023?predicate=no%20iri", 400, ""),
        ("/HGNC:6023?predicate=http://example.org/none", 404, ""),
        (f"/HGNC:6023?predicate={quote(RDF + 'type')}&direction=up", 400, ""),
        (f"/{'a' * 5000}", 414, ""),
    ],
)  # fmt: skip
def test_where_addresses_lead(url: str, path: str, status: int, leads_to: str) -> None:
    answer = get(url, path, follow=False)
    assert answer.status_code == status, answer.text
    assert answer.headers.get("location", "") == (f"{url}{leads_to}" if leads_to else "")


@pytest.mark.parametrize(
    ("path", "told"),
    [
        ("/HGNC:99999999", "this graph says nothing of HGNC:99999999"),
        ("/HGCN:6023", "did you mean HGNC?"),
        ("/IL-7", "no CURIE such as HGNC:6023"),
    ],
)
def test_who_asks_for_what_is_unknown_is_helped(url: str, path: str, told: str) -> None:
    plain = get(url, path)
    assert told in plain.text
    assert plain.headers["content-type"] == "text/plain; charset=utf-8"
    page = page_of(get(url, path, "text/html"))
    assert told.lower() in page.text_content().lower()
    assert page.xpath("//h1")[0].text == "Not Found"


def test_what_was_replaced_can_be_seen_itself(url: str) -> None:
    answer = get(url, "/DOI:10.1000/a%3Cb%3E?redirect=no", "application/n-triples")
    assert "isReplacedBy" in answer.text
    page = page_of(get(url, "/paper/evil", "text/html"))
    assert f"{url}/DOI:10.1000/a%3Cb%3E?redirect=no" in page.xpath("//a/@href")
    obsolete = page_of(get(url, "/entity?iri=http://example.org/old", "text/html"))
    (notice,) = obsolete.xpath("//*[@class='notice']")
    assert "obsolete" in notice.text_content()
    assert len(notice.xpath(".//a")) == 2


@pytest.mark.parametrize("media_type", ["application/n-triples", "text/html"])
def test_a_hub_is_bounded_and_leads_on_to_its_end(url: str, media_type: str) -> None:
    hub, tagged = "/entity?iri=http://example.org/hub", "http://example.org/tagged"
    whole = get(url, hub, media_type)
    if media_type == "text/html":
        (more,) = page_of(whole).xpath("//p[@class='more']/a/@href")
    else:
        # Where the rest is, is told in the statements.
        (more,) = re.findall(r"^<([^>]+)> <[^>]+/primaryTopic> ", whole.text, re.MULTILINE)
        assert f"{tagged}> <http://example.org/hub>" in whole.text
        assert whole.text.count(f"<{tagged}>") == 200
    seen: set[str] = set()
    while more:
        answer = get("", more, media_type)
        assert answer.status_code == 200
        if media_type == "text/html":
            found = set(page_of(answer).xpath("//ol[@class='listing']/li//@href"))
        else:
            found = set(re.findall(rf"^(<[^>]+>) <{tagged}>", answer.text, re.MULTILINE))
        assert 0 < len(found) <= 200
        assert not found & seen
        seen |= found
        more = answer.links.get("next", {}).get("url", "")
    query = f"SELECT (COUNT(*) AS ?n) {{ ?s <{tagged}> ?o }}"
    rows = requests.get(f"{url}/sparql", params={"query": query}, timeout=60).json()
    assert len(seen) == int(rows["results"]["bindings"][0]["n"]["value"]) > 1000


def test_the_ontology_is_whole_with_its_terms(url: str) -> None:
    quads = list(parse(get(url, "/ontology").content, format=RdfFormat.TURTLE))
    assert any(quad.subject == NamedNode(f"{KG}Gene") for quad in quads)
    # Axioms that need blank nodes, which a graph does not hold.
    assert any("propertyChainAxiom" in quad.predicate.value for quad in quads)
    page = page_of(get(url, "/ontology", "text/html"))
    (gene,) = page.xpath("//*[@id='Gene']")
    assert "A gene together with its products" in gene.text_content()


def test_json_ld_has_the_context_of_the_project(url: str) -> None:
    document = json.loads(get(url, "/HGNC:6023", "application/ld+json").text)
    assert document["@context"]["@base"] == DEFAULT_BASE
    gene = document["@graph"][0]
    assert (gene["id"], gene["type"], gene["label"]) == ("HGNC:6023", "Gene", "IL7")


def test_void_tells_what_is_served_and_where(url: str) -> None:
    void = "http://rdfs.org/ns/void#"
    for path in ("/.well-known/void", "/"):
        found = rdflib.Graph().parse(data=get(url, path).text, format="turtle")
        dataset = rdflib.URIRef(f"{DEFAULT_BASE}dataset")
        told = {
            name: {str(value) for value in found.objects(dataset, rdflib.URIRef(void + name))}
            for name in ("sparqlEndpoint", "uriLookupEndpoint", "exampleResource", "uriSpace")
        }
        assert told["sparqlEndpoint"] == {f"{url}/sparql"}
        assert told["uriLookupEndpoint"] == {f"{url}/entity?iri="}
        assert told["uriSpace"] == {DEFAULT_BASE}
        for example in told["exampleResource"]:
            assert get(url, f"/entity?iri={quote(example, safe='')}").status_code == 200
    for media_type in MEDIA_TYPES:
        answer = get(url, "/.well-known/void", media_type)
        assert answer.headers["content-type"].partition(";")[0] == media_type


def test_the_home_page_tells_what_there_is(url: str) -> None:
    page = page_of(get(url, "/", "text/html"))
    (genes,) = page.xpath("//section[@aria-labelledby='kind-gene']//h3/a")
    assert int(genes.text_content().split()[0]) > 10
    instances = page_of(get("", genes.get("href"), "text/html"))
    assert "IL7" in instances.xpath("//table[@class='counts']//bdi/text()")


def test_a_paper_is_shown_with_its_texts_and_what_they_mention(url: str) -> None:
    query = (
        f"SELECT ?p {{ ?e <{KG}evidenceSentence>/<{KG}inPublication> ?p . "
        f"?p <{KG}mentions> <http://identifiers.org/hgnc/6023> }} ORDER BY ?p LIMIT 1"
    )
    rows = requests.get(f"{url}/sparql", params={"query": query}, timeout=60).json()
    iri = rows["results"]["bindings"][0]["p"]["value"]
    page = page_of(get(url, f"/{iri.removeprefix(DEFAULT_BASE)}", "text/html"))
    assert page.xpath("//p[@class='byline']")
    assert f"{url}/HGNC:6023" in page.xpath("//a[contains(@class, 'mention gene')]/@href")
    assert page.xpath("//ul[@class='claims beside']//a[contains(@href, '/assertion/')]")


def test_an_entity_is_shown_with_its_names_and_what_papers_say(url: str) -> None:
    page = page_of(get(url, "/HGNC:6023", "text/html"))
    assert page.xpath("//h1/text()") == ["IL7"]
    assert "IL-7" in page.xpath("//bdi[@class='name']/text()")
    assert "https://www.uniprot.org/uniprotkb/P13232" in page.xpath("//a/@href")
    assert len(page.xpath("//ol[@class='cited']/li")) == 10


def pages(url: str) -> list[requests.Response]:
    paths = (
        *("/", "/HGNC:6023", "/CL:0000084", "/ontology", "/graph/about", "/dataset"),
        *("/paper/evil", "/sentence/evil.title.0-9", "/mention/evil", "/UniProt:P13232"),
        *("/entity?iri=javascript:alert(1)", f"/entity?iri={quote(KG + 'Publication')}"),
        *("/nothing/%3Cscript%3Ealert(1)%3C/script%3E", "/entity?iri=%3Cb%3E", "/x%00y"),
        f"/HGNC:6023?predicate={quote(KG + 'mentions')}&direction=in",
    )
    return [get(url, path, "text/html") for path in paths]


def test_nothing_that_the_graph_says_runs_or_leads_astray(url: str) -> None:
    for answer in pages(url):
        policy = answer.headers["content-security-policy"]
        assert policy.startswith("default-src 'none'; style-src 'self';")
        assert "unsafe" not in policy
        page = page_of(answer)
        assert not page.xpath(
            "//script[not(@src)] | //style | //iframe | //base | //@style | //b | //i"
        )
        assert not page.xpath("//@*[starts-with(name(), 'on')]")
        for address in page.xpath("//@href | //@src | //@action"):
            assert address.startswith("#") or urlsplit(address).scheme in ("http", "https"), address
        for loaded in page.xpath("//link[@rel='stylesheet' or @rel='icon']/@href | //@src"):
            assert loaded.startswith(f"{url}/static/")
        assert "\x00" not in answer.text


def test_what_is_hostile_is_shown_as_it_is(url: str) -> None:
    page = page_of(get(url, "/paper/evil", "text/html"))
    assert page.xpath("//h1")[0].text.startswith("<script>alert(1)</script> \"quoted\" & 'so' on")
    (mention,) = page.xpath("//a[contains(@class, 'mention')]")
    assert mention.text == "IL-7"
    assert mention.get("href") == f"{url}/entity?iri=javascript%3Aalert%281%29"
    assert "<b>IL-7</b> & <i>" in page.text_content()


def test_pages_can_be_read_by_all(url: str) -> None:
    for answer in pages(url):
        page = page_of(answer)
        assert page.get("lang") == "en"
        assert len(page.xpath("//h1")) == len(page.xpath("//main[@id='content']")) == 1
        assert page.xpath("//body/a[1]/@href") == ["#content"]
        assert page.xpath("//title")[0].text
        for field in page.xpath("//input"):
            assert field.xpath("//label[@for=$id]", id=field.get("id"))
        assert all(image.get("alt") is not None for image in page.xpath("//img"))
        ids = page.xpath("//@id")
        assert len(ids) == len(set(ids)), answer.url
        for place in page.xpath("//a[starts-with(@href, '#')]/@href | //@aria-labelledby"):
            assert place.removeprefix("#") in ids, (answer.url, place)


def test_links_of_pages_lead_to_pages(url: str) -> None:
    links: set[str] = set()
    for answer in pages(url):
        if answer.status_code == 200:
            own = page_of(answer).xpath("//main//a[starts-with(@href, $url)]/@href", url=url)
            own = [link for link in own if urlsplit(link).path.split("/")[1] not in ASKING]
            links |= {link.partition("#")[0] for link in own[:: max(1, len(own) // 12)]}
    assert len(links) > 60
    for link in sorted(links):
        assert get("", link, BROWSER).ok, link


def test_files_that_pages_use(url: str) -> None:
    style = get(url, "/static/style.css")
    assert style.headers["content-type"] == "text/css; charset=utf-8"
    assert "url(" not in style.text
    assert "@import" not in style.text
    for path in ("/static/none.css", "/static/..%2Frendering.py", "/static/", "/static/style.cs"):
        assert get(url, path).status_code == 404


def test_below_a_path_all_links_begin_with_it(folder: Path) -> None:
    public = "https://example.org/kg"
    with served(folder, "--processes", "1", "--public-url", public) as url:
        for path in ("/HGNC:6023", "/", "/none", "/ontology"):
            page = page_of(get(f"{url}/kg", path, "text/html", host="example.org"))
            own = [
                address
                for address in page.xpath("//@href | //@src | //@action")
                if urlsplit(address).netloc == "example.org"
            ]
            assert len(own) > 5
            assert all(address.startswith(f"{public}/") for address in own)
            assert "127.0.0.1" not in html.tostring(page, encoding="unicode")
        moved = get(f"{url}/kg", "/hgnc:6023", follow=False, host="example.org")
        assert moved.headers["location"] == f"{public}/HGNC:6023"
        assert get(f"{url}/kg", "/static/style.css", host="example.org").status_code == 200
        void = get(f"{url}/kg", "/.well-known/void", host="example.org")
        assert f"<{public}/sparql>" in void.text


def test_without_texts_a_paper_shows_what_its_sentences_mention(
    sample_graph: Path, tmp_path: Path
) -> None:
    copy = tmp_path / "sample.kg"
    shutil.copytree(sample_graph, copy)
    with open_graph(copy) as graph:
        query = (
            f"SELECT ?p ?t {{ ?s <{KG}inPublication> ?p ; <{KG}text> ?t ; <{KG}field> ?f "
            'FILTER(?f != "title") }'
        )
        rows = graph.query(query)
        assert isinstance(rows, QuerySolutions)
        row = next(rows)
        paper, text = row["p"].value, row["t"].value
    with served(copy, "--processes", "1", "--no-text") as url:
        page = page_of(get(url, f"/entity?iri={quote(paper)}", "text/html"))
    assert "The words of this text are not served" in page.text_content()
    assert text not in page.text_content()
