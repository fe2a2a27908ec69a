"""What the endpoint says that it can do (Service Description) is what it does, and no more."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import rdflib
import requests
from rdflib.namespace import RDF

from kg.namespaces import XSD
from kg.service.description import describe
from tests.service.conftest import served, write_people

pytestmark = pytest.mark.allow_hosts(["127.0.0.1"])

SD = rdflib.Namespace("http://www.w3.org/ns/sparql-service-description#")
TOKEN = {"authorization": "Bearer correct horse"}
GEO = "http://www.opengis.net/def/function/geosparql/"
WKT = "^^<http://www.opengis.net/ont/geosparql#wktLiteral>"
SHAPES = [
    f"'POLYGON((0 0,2 0,2 2,0 2,0 0))'{WKT}",
    f"'POLYGON((1 1,3 1,3 3,1 3,1 1))'{WKT}",
]
METRE = "<http://www.opengis.net/def/uom/OGC/1.0/metre>"
ARGUMENTS = [
    SHAPES[:1],
    SHAPES,
    [f"'POINT(0 0)'{WKT}", f"'POINT(1 1)'{WKT}", METRE],
    [SHAPES[0], METRE],
    [SHAPES[0], "<http://www.opengis.net/def/uom/OGC/1.0/square_metre>"],
    [*SHAPES, "'T*T***T**'"],
]
CASTS = {
    "date": "2020-02-29",
    "time": "10:00:00",
    "duration": "P1Y2DT3H",
    "dayTimeDuration": "P2DT3H",
    "yearMonthDuration": "P1Y",
    "gYear": "2020",
    "gYearMonth": "2020-02",
    "gMonth": "--02",
    "gMonthDay": "--02-28",
    "gDay": "---29",
}
EXTENSIONS = {
    "https://www.w3.org/TR/sparql12-query/": "ASK { FILTER(isTRIPLE(TRIPLE(<a:a>, <a:b>, 1))) }",
    "https://github.com/w3c/sparql-dev/blob/main/SEP/SEP-0002/sep-0002.md": (
        f"ASK {{ FILTER(ADJUST('2020-01-01T00:00:00Z'^^<{XSD}dateTime>, "
        f"'PT1H'^^<{XSD}dayTimeDuration>) = '2020-01-01T01:00:00+01:00'^^<{XSD}dateTime>) }}"
    ),
    "https://github.com/w3c/sparql-dev/blob/main/SEP/SEP-0006/sep-0006.md": (
        "ASK { VALUES ?a { 1 2 } LATERAL { BIND(?a + 1 AS ?b) } FILTER(?b = 3) }"
    ),
}


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("described") / "people.kg"
    write_people(folder, 20, "7" * 12)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("KG_TOKEN", "correct horse")
        with served(folder, "--processes", "1") as address:
            yield address


@pytest.fixture(scope="module")
def told(url: str) -> rdflib.Graph:
    answer = requests.get(f"{url}/sparql", headers={"accept": "text/turtle"}, timeout=60)
    return rdflib.Graph().parse(data=answer.content, format="turtle")


def said(graph: rdflib.Graph, name: str) -> set[str]:
    service = graph.value(None, RDF.type, SD.Service)
    return {str(each) for each in graph.objects(service, SD[name])}


def ask(url: str, query: str) -> dict[str, object]:
    answer = requests.get(f"{url}/sparql", params={"query": query}, timeout=60)
    assert answer.ok, answer.text
    return answer.json()  # type: ignore[no-any-return]


def values(url: str, expression: str) -> list[str]:
    """Return the value of an expression; none where it is an error."""
    answer = requests.get(
        f"{url}/sparql",
        params={"query": f"SELECT (STR({expression}) AS ?value) {{}}"},
        timeout=60,
    )
    # A number of arguments that a function does not take is a mistake of the query.
    bindings = answer.json()["results"]["bindings"] if answer.ok else []
    return [row["value"]["value"] for row in bindings if row]


def test_each_function_can_be_called(url: str, told: rdflib.Graph) -> None:
    functions = said(told, "extensionFunction")
    casts = {each for each in functions if each.startswith(XSD)}
    assert casts == {f"{XSD}{name}" for name in CASTS}
    for name, text in CASTS.items():
        assert values(url, f"<{XSD}{name}>('{text}')") == [text]
    geometric = functions - casts
    assert len(geometric) > 30
    for name in geometric:
        assert name.startswith(GEO)
        calls = [f"<{name}>({', '.join(arguments)})" for arguments in ARGUMENTS]
        assert any(values(url, call) for call in calls), name
    assert values(url, f"<{GEO}buffer>({SHAPES[0]}, 1, {METRE})") == []
    assert all((rdflib.URIRef(each), RDF.type, SD.Function) in told for each in functions)


def test_each_extension_of_the_language_is_taken(url: str, told: rdflib.Graph) -> None:
    assert said(told, "languageExtension") == set(EXTENSIONS)
    for query in EXTENSIONS.values():
        assert ask(url, query)["boolean"] is True


def test_empty_graphs_stay_and_the_default_graph_is_no_union(url: str, told: rdflib.Graph) -> None:
    assert said(told, "feature") == {str(SD.EmptyGraphs)}
    graph = {"graph": "http://example.org/emptied"}
    for text in (
        "INSERT DATA { GRAPH <http://example.org/emptied> { <a:x> <a:y> 1 } }",
        "DELETE WHERE { GRAPH <http://example.org/emptied> { ?s ?p ?o } }",
        "INSERT DATA { <a:z> <a:y> 1 }",
    ):
        done = requests.post(f"{url}/sparql", data={"update": text}, headers=TOKEN, timeout=60)
        assert done.status_code == 204
        assert ask(url, "ASK { <a:x> ?p ?o }")["boolean"] is False
        kept = requests.get(
            f"{url}/store", params=graph, headers={"accept": "application/n-triples"}, timeout=60
        )
        assert kept.status_code == 200
    assert kept.text == ""
    # FROM reads a graph of the store, and no address.
    query = f"ASK FROM <{url}/store?default> {{ ?s ?p ?o }}"
    assert ask(url, query)["boolean"] is False


def test_services_that_may_be_asked_are_told(people: Path) -> None:
    allowed = ("--allow-service", "http://127.0.0.1:9/sparql")
    with served(people, "--processes", "1", *allowed) as url:
        answer = requests.get(f"{url}/sparql", headers={"accept": "text/turtle"}, timeout=60)
    graph = rdflib.Graph().parse(data=answer.content, format="turtle")
    assert said(graph, "feature") == {str(SD.EmptyGraphs), str(SD.BasicFederatedQuery)}


def test_nothing_is_claimed_for_a_store_elsewhere() -> None:
    triples = describe(
        "http://127.0.0.1/sparql", statements=None, named_graphs=[], writable=False, federated=True
    )
    names = [triple.predicate.value.removeprefix(str(SD)) for triple in triples]
    assert "extensionFunction" not in names
    assert "languageExtension" not in names
    assert [each.object for each in triples if each.predicate.value == str(SD.feature)]
