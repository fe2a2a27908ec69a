"""The pages to ask and draw with, as clients get them: what is negotiated, bounded, escaped."""

import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
import requests
from lxml import html
from pyoxigraph import RdfFormat, parse

from kg.resources import resource_path
from tests.endpoints import free_port
from tests.service.conftest import served

pytestmark = pytest.mark.allow_hosts(["127.0.0.1"])

BROWSER = {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}
HOSTILE = '</textarea><script>alert(1)</script>"&'


@pytest.fixture(scope="module")
def site(il7_graph: Path) -> Iterator[str]:
    with served(il7_graph, "--processes", "1", "--timeout", "20") as address:
        yield address


def page_of(response: requests.Response) -> html.HtmlElement:
    assert response.headers["content-type"] == "text/html; charset=utf-8"
    policy = response.headers["content-security-policy"]
    assert "unsafe" not in policy
    assert "script-src 'self'" in policy
    page: html.HtmlElement = html.fromstring(response.text)
    assert not page.xpath("//script[not(@src)] | //@style | //@onclick")
    return page


def test_the_endpoint_stays_one_for_those_who_speak_the_protocol(site: str) -> None:
    # A browser without a query gets the page, whoever else the description.
    page_of(requests.get(f"{site}/sparql", headers=BROWSER, timeout=20))
    for accept in ("*/*", "text/turtle", "application/rdf+xml, text/html;q=0.5", ""):
        answer = requests.get(f"{site}/sparql", headers={"Accept": accept}, timeout=20)
        assert answer.headers["content-type"].split(";")[0] in (
            "text/turtle",
            "application/rdf+xml",
        )
    # A browser that follows a link with a query gets results, as it always did.
    query = {"query": "SELECT ?s { ?s kg:activates ?o }"}
    answer = requests.get(f"{site}/sparql", query, headers=BROWSER, timeout=20)
    assert answer.headers["content-type"] == "application/sparql-results+xml"


def test_an_answer_on_a_page_is_bounded_and_says_so(site: str) -> None:
    asked = {"query": "SELECT * { ?s ?p ?o }", "format": "html"}
    page = page_of(requests.post(f"{site}/sparql", asked, headers=BROWSER, timeout=20))
    assert len(page.xpath("//table[@class='results']/tbody/tr")) == 1000
    assert "there are more" in page.xpath("string(//p[@class='notice'])")
    asked["query"] = "CONSTRUCT WHERE { ?s kg:activates ?o }"
    page = page_of(requests.post(f"{site}/sparql", asked, headers=BROWSER, timeout=20))
    assert len(page.xpath("//table[@class='results']/tbody/tr")) == 11
    turtle = page.xpath("//p[@class='downloads']/a[.='Turtle']/@href")[0]
    answer = requests.get(turtle, timeout=20)
    assert len(list(parse(answer.content, format=RdfFormat.TURTLE))) == 11


def test_a_query_is_shown_as_it_was_sent(site: str) -> None:
    for response in (
        requests.get(f"{site}/editor", {"query": HOSTILE}, timeout=20),
        requests.post(f"{site}/sparql", {"query": HOSTILE, "format": "html"}, timeout=20),
    ):
        page = page_of(response)
        assert page.xpath("string(//textarea)").strip() == HOSTILE
    assert response.status_code == 400
    assert "Line 1, column" in page.xpath("string(//*[@role='alert'])")


def test_saved_queries_come_into_the_editor_with_their_values(site: str) -> None:
    def text(**asked: str) -> str:
        page = page_of(requests.get(f"{site}/editor", asked, timeout=20))
        return str(page.xpath("string(//textarea)"))

    assert "hgnc/5977" in text(saved="papers-by-year")
    bound = text(saved="papers-by-year", entity="IL-7", subtypes="false")
    assert "hgnc/6023" in bound
    assert re.search(r"VALUES \?subtypes \{\s*\"?false", bound)
    assert not bound.startswith("#+")
    unclear = requests.get(f"{site}/editor?saved=papers-by-year&entity=xyzzyx", timeout=20)
    assert "xyzzyx" in page_of(unclear).xpath("string(//*[@role='alert'])")
    assert requests.get(f"{site}/editor?saved=nothing", timeout=20).status_code == 404
    assert requests.get(f"{site}/editor?query=a&query=b", timeout=20).status_code == 400
    assert requests.post(f"{site}/editor", timeout=20).status_code == 405


def test_the_editor_knows_what_the_graph_holds(site: str) -> None:
    response = requests.get(f"{site}/editor.json", timeout=20)
    known = response.json()
    assert known["prefixes"]["HGNC"] == "http://identifiers.org/hgnc/"
    terms = {each["curie"]: each for each in known["terms"]}
    assert terms["kg:activates"]["count"] == 11
    assert terms["kg:activates"]["kind"] == "property"
    assert terms["kg:Gene"]["kind"] == "class"
    assert terms["kg:Gene"]["label"] == "gene"
    again = requests.get(
        f"{site}/editor.json", headers={"If-None-Match": response.headers["etag"]}, timeout=20
    )
    assert again.status_code == 304


def test_saved_queries_are_pages_for_browsers_only(site: str) -> None:
    address = f"{site}/queries/papers-by-year?entity=IL-7"
    assert requests.get(address, timeout=20).headers["content-type"] == "application/json"
    page = page_of(requests.get(address, headers=BROWSER, timeout=20))
    years = page.xpath("//table[@class='results']/tbody/tr/td[1]//text()")
    assert [year.strip() for year in years if year.strip()] == [
        str(row["year"]) for row in requests.get(address, timeout=20).json()["rows"]
    ]
    forms = requests.get(f"{address}&format=csv", headers=BROWSER, timeout=20)
    assert forms.headers["content-type"].startswith("text/csv")
    listed = page_of(requests.get(f"{site}/queries", headers=BROWSER, timeout=20))
    assert len(listed.xpath("//ul[@class='questions']/li")) == len(
        requests.get(f"{site}/queries", timeout=20).json()["queries"]
    )


def test_what_is_wrong_with_a_question_stands_at_its_field(site: str) -> None:
    def page(query: str) -> html.HtmlElement:
        response = requests.get(f"{site}/queries/{query}", headers=BROWSER, timeout=20)
        assert response.status_code == 422
        return page_of(response)

    found = page("papers-connecting?entity_a=IL-7&entity_b=")
    assert "needs entity_b" in found.xpath("string(//*[@id='wrong-entity_b'])")
    found = page("papers-by-journal-and-year?year_from=soon")
    assert "whole number" in found.xpath("string(//*[@id='wrong-year_from'])")
    assert found.xpath("//input[@name='year_from']/@aria-invalid") == ["true"]
    found = page("papers-mentioning?entity=IL-7&colour=red")
    assert "no parameter 'colour'" in found.xpath("string(//*[@role='alert'])")
    found = page(f"papers-mentioning?entity={quote(HOSTILE)}")
    assert found.xpath("//input[@name='entity']/@value") == [HOSTILE]
    missing = requests.get(f"{site}/queries/nothing", headers=BROWSER, timeout=20)
    assert missing.status_code == 404
    page_of(missing)


def test_rows_can_be_had_as_turtle(site: str) -> None:
    answer = requests.get(f"{site}/queries/papers-by-year?entity=IL-7&format=turtle", timeout=20)
    assert answer.headers["content-type"] == "text/turtle; charset=utf-8"
    solutions = [
        each
        for each in parse(answer.content, format=RdfFormat.TURTLE)
        if each.predicate.value.endswith("#solution")
    ]
    rows = requests.get(f"{site}/queries/papers-by-year?entity=IL-7", timeout=20).json()["rows"]
    assert len(solutions) == len(rows) > 1


def test_a_network_is_bounded_and_filtered(site: str) -> None:
    def read(**asked: str) -> requests.Response:
        return requests.get(f"{site}/graph.json", asked, timeout=20)

    whole = read(entity="IL-7", limit="2000").json()
    assert whole["complete"]
    assert whole["entities"] == ["http://identifiers.org/hgnc/6023"]
    few = read(entity="IL-7", limit="10").json()
    assert len(few["edges"]) == 10
    assert not few["complete"]
    assert few["edges"] == whole["edges"][:10]
    ends = {end for edge in whole["edges"] for end in (edge["source"], edge["target"])}
    assert ends == {node["id"] for node in whole["nodes"]}
    late = read(entity="IL-7", limit="2000", type="disease", **{"from": "2008"}).json()
    types = {node["id"]: node["type"] for node in late["nodes"]}
    assert late["edges"]
    for edge in late["edges"]:
        others = {edge["source"], edge["target"]} - set(whole["entities"])
        assert {types[each] for each in others} <= {"disease"}
        assert all(year >= 2008 for year, _ in edge["years"])
    for wrong in (
        {},
        {"entity": "IL-7", "limit": "2001"},
        {"entity": "IL-7", "from": "soon"},
        {"entity": "IL-7", "together": "perhaps"},
        {"assertion": "no iri"},
    ):
        answer = read(**wrong)
        assert answer.status_code == 400, wrong
        assert answer.headers["content-type"] == "application/problem+json"
    unclear = read(entity="PD")
    assert unclear.status_code == 422
    assert len(unclear.json()["candidates"]) > 1
    assert read(assertion="http://example.org/none").status_code == 404


def test_an_assertion_has_its_sentences(site: str) -> None:
    network = requests.get(f"{site}/graph.json?entity=IL-7", timeout=20).json()
    edge = max(network["edges"], key=lambda edge: int(edge["sentences"]))
    answer = requests.get(f"{site}/graph.json", {"assertion": edge["id"]}, timeout=20).json()
    assert len(answer["sentences"]) == edge["sentences"] > 1
    assert all(one["trigger"] in one["text"] for one in answer["sentences"])
    page = requests.get(answer["href"], headers=BROWSER, timeout=20)
    assert page.status_code == 200


def test_named_graphs_stay_where_they_are(site: str) -> None:
    about = requests.get(f"{site}/graph/about", headers={"Accept": "text/turtle"}, timeout=20)
    assert about.status_code == 200
    assert about.headers["content-type"].startswith("text/turtle")


def test_built_scripts_last_and_nothing_else_is_given(site: str) -> None:
    page = page_of(requests.get(f"{site}/editor", timeout=20))
    scripts = page.xpath("//script[@type='module']/@src")
    for address in scripts:
        script = requests.get(address, timeout=20)
        assert script.headers["content-type"] == "text/javascript; charset=utf-8"
        assert "immutable" in script.headers["cache-control"]
    for path in ("built/manifest.json", "built/", "built/../things.py", "built/%2e%2e/icon.svg"):
        with requests.Session() as session:
            request = requests.Request("GET", f"{site}/static/{path}").prepare()
            request.url = f"{site}/static/{path}"
            assert session.send(request, timeout=20).status_code == 404, path


def test_without_built_scripts_the_server_says_so_and_pages_are_whole(
    people: Path, tmp_path: Path
) -> None:
    # A checkout in which nothing was built.
    package = resource_path("data").parent
    ignored = shutil.ignore_patterns("built", "__pycache__")
    shutil.copytree(package / "kg", tmp_path / "kg", ignore=ignored)
    for name in ("data", "ontology", "queries"):
        (tmp_path / name).symlink_to(package / name)
    port = free_port()
    command = [sys.executable, "-m", "kg", "serve", "-g", str(people), "--port", str(port)]
    server = subprocess.Popen(
        [*command, "--processes", "1"], cwd=tmp_path, stderr=subprocess.PIPE, text=True
    )
    try:
        assert server.stderr is not None
        assert "plain editor" in server.stderr.readline()
        response = requests.get(f"http://127.0.0.1:{port}/editor", timeout=20)
        page = page_of(response)
        assert page.xpath("//textarea[@name='query']")
        assert not page.xpath("//script[@type='module']")
    finally:
        server.terminate()
        server.wait(20)
        if server.stderr is not None:
            server.stderr.close()
