"""The endpoint through the clients of others: SPARQLWrapper, rdflib, another Oxigraph, curl."""

import json
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Literal as Choice
from xml.dom.minidom import Document, Text
from xml.etree import ElementTree as ET

import pytest
import rdflib
import requests
from rdflib import RDFS, Dataset, Graph, Literal, Namespace
from rdflib.graph import DATASET_DEFAULT_GRAPH_ID
from rdflib.plugins.stores.sparqlstore import SPARQLStore, SPARQLUpdateStore
from SPARQLWrapper import (
    CSV,
    GET,
    JSON,
    JSONLD,
    N3,
    POST,
    POSTDIRECTLY,
    RDFXML,
    TSV,
    TURTLE,
    URLENCODED,
    XML,
    SPARQLWrapper,
)
from SPARQLWrapper.SPARQLExceptions import QueryBadFormed, Unauthorized

from kg.store import write_generation
from tests.endpoints import ask, oxigraph_server
from tests.service.conftest import served

pytestmark = [
    pytest.mark.allow_hosts(["127.0.0.1"]),
    # What SPARQLWrapper reads RDF into.
    pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated:DeprecationWarning"),
]

EX = Namespace("http://example.org/")
NAME = Literal('Größe\n\t"x", 𝔘', lang="de")
TOKEN = {"Authorization": "Bearer correct horse"}
STATEMENTS = (
    (EX.a, RDFS.label, NAME),
    (EX.a, EX.size, Literal(1)),
    (EX.a, EX.knows, EX.b),
    (EX.b, EX.knows, rdflib.BNode("c")),
    (rdflib.BNode("c"), RDFS.label, Literal("C")),
)
LABELS = f"SELECT ?s ?o WHERE {{ ?s <{RDFS.label}> ?o }} ORDER BY ?o"

Method = Choice["GET", "POST", "POST_FORM"]
METHODS: tuple[Method, ...] = ("GET", "POST", "POST_FORM")


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("clients") / "a.kg"
    graph = Graph()
    for statement in STATEMENTS:
        graph.add(statement)
    with write_generation(folder, build_hash="5" * 12) as writer:
        writer.add_lines(graph.serialize(format="nt").splitlines())
        writer.finish({"quads": len(STATEMENTS)})
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("KG_TOKEN", "correct horse")
        with served(folder, "--processes", "1") as address:
            yield address


@pytest.fixture(params=[(GET, URLENCODED), (POST, URLENCODED), (POST, POSTDIRECTLY)])
def wrapper(url: str, request: pytest.FixtureRequest) -> SPARQLWrapper:
    made = SPARQLWrapper(f"{url}/sparql")
    method, kind = request.param
    made.setMethod(method)
    made.setRequestMethod(kind)
    return made


@pytest.mark.parametrize(
    ("form", "media_type"),
    [
        ("", "application/sparql-results+xml"),
        (XML, "application/sparql-results+xml"),
        (JSON, "application/sparql-results+json"),
        (CSV, "text/csv; charset=utf-8"),
        (TSV, "text/tab-separated-values; charset=utf-8"),
    ],
)
def test_sparqlwrapper_gets_tables(wrapper: SPARQLWrapper, form: str, media_type: str) -> None:
    wrapper.setQuery(LABELS)
    if form:
        wrapper.setReturnFormat(form)
    answer = wrapper.query()
    assert answer.info()["content-type"] == media_type
    table = answer.convert()
    if isinstance(table, Document):
        nodes = [each.firstChild for each in table.getElementsByTagName("literal")]
        found = [each.data for each in nodes if isinstance(each, Text)]
    elif isinstance(table, dict):
        found = [row["o"]["value"] for row in table["results"]["bindings"]]
    else:
        assert isinstance(table, bytes)
        text = table.decode()
        quoted = {CSV: '"Größe\n\t""x"", 𝔘"', TSV: '"Größe\\n\\t\\"x\\", 𝔘"@de'}[form]
        found = [str(NAME)] if quoted in text else []
        found.insert(0, "C") if "C" in text else None
    assert found == ["C", str(NAME)]


@pytest.mark.parametrize("form", [XML, JSON])
def test_sparqlwrapper_gets_a_truth(wrapper: SPARQLWrapper, form: str) -> None:
    wrapper.setQuery(f"ASK {{ <{EX.a}> <{EX.size}> 1 }}")
    wrapper.setReturnFormat(form)
    truth = wrapper.queryAndConvert()
    assert truth["boolean"] if isinstance(truth, dict) else "true" in truth.toxml()  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("form", "media_type"),
    [
        ("", "application/rdf+xml"),
        (XML, "application/rdf+xml"),
        (RDFXML, "application/rdf+xml"),
        (JSONLD, "application/ld+json"),
        (TURTLE, "text/turtle; charset=utf-8"),
        (N3, "text/turtle; charset=utf-8"),
    ],
)
@pytest.mark.parametrize("verb", ["CONSTRUCT WHERE { ?s ?p ?o }", f"DESCRIBE <{EX.a}> <{EX.b}>"])
def test_sparqlwrapper_gets_statements(
    wrapper: SPARQLWrapper, verb: str, form: str, media_type: str
) -> None:
    wrapper.setQuery(verb)
    if form:
        wrapper.setReturnFormat(form)
    answer = wrapper.query()
    assert answer.info()["content-type"] == media_type
    found = answer.convert()
    graph = Graph().parse(data=found, format="turtle") if isinstance(found, bytes) else found
    assert isinstance(graph, Graph)
    assert (EX.a, RDFS.label, NAME) in graph


@pytest.mark.filterwarnings("ignore:Sending Accept header:RuntimeWarning")
def test_sparqlwrapper_that_was_set_to_json_gets_json_of_statements(url: str) -> None:
    wrapper = SPARQLWrapper(f"{url}/sparql", returnFormat=JSON)
    wrapper.setQuery("CONSTRUCT WHERE { ?s ?p ?o }")
    found = wrapper.queryAndConvert()
    assert isinstance(found, Graph)
    assert (EX.a, RDFS.label, NAME) in found


def test_sparqlwrapper_is_told_what_is_wrong(wrapper: SPARQLWrapper) -> None:
    wrapper.setQuery("SELECT * {\n ?s ?p }")
    with pytest.raises(QueryBadFormed, match="line 2, column 8 of the query"):
        wrapper.query()


@pytest.mark.parametrize("kind", [URLENCODED, POSTDIRECTLY])
def test_sparqlwrapper_updates(url: str, kind: str) -> None:
    wrapper = SPARQLWrapper(f"{url}/sparql")
    wrapper.setMethod(POST)
    wrapper.setRequestMethod(kind)
    wrapper.setQuery(f"INSERT DATA {{ <{EX.by}> <{EX[kind]}> 'é' }}")
    with pytest.raises(Unauthorized):
        wrapper.query()
    wrapper.addCustomHttpHeader("Authorization", TOKEN["Authorization"])
    wrapper.query()
    assert len(Graph(SPARQLStore(f"{url}/sparql")).query(f"DESCRIBE <{EX.by}>").graph or ()) > 0
    wrapper.setQuery(f"DELETE WHERE {{ <{EX.by}> <{EX[kind]}> ?o }}")
    wrapper.query()


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("form", ["xml", "json"])
def test_rdflib_reads(url: str, method: Method, form: str) -> None:
    graph = Graph(SPARQLStore(f"{url}/sparql", method=method, returnFormat=form))
    assert NAME in [row[1] for row in graph.query(LABELS) if isinstance(row, tuple)]
    assert bool(graph.query(f"ASK {{ <{EX.a}> ?p 1 }}"))
    assert (EX.a, EX.knows, EX.b) in graph
    assert list(graph.triples((EX.a, EX.size, None))) == [(EX.a, EX.size, Literal(1))]
    assert len(list(graph.triples((None, None, None)))) == len(graph) == len(STATEMENTS)
    assert graph.value(EX.a, RDFS.label) == NAME
    known = "SELECT ?o WHERE { ?s ex:knows ?o }"
    rows = graph.query(known, initNs={"ex": EX}, initBindings={"s": EX.a})
    assert [tuple(row) for row in rows if isinstance(row, tuple)] == [(EX.b,)]


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("form", ["xml", "turtle", "nt"])
def test_rdflib_reads_statements(url: str, method: Method, form: str) -> None:
    graph = Graph(SPARQLStore(f"{url}/sparql", method=method, returnFormat=form))
    found = graph.query("CONSTRUCT WHERE { ?s ?p ?o }").graph
    assert found is not None
    assert len(found) == len(STATEMENTS)
    assert (EX.a, RDFS.label, NAME) in found


@pytest.mark.parametrize("method", METHODS)
def test_rdflib_reads_tables_of_text(url: str, method: Method) -> None:
    store = SPARQLStore(f"{url}/sparql", method=method, returnFormat="tsv")
    assert NAME in [row[1] for row in Graph(store).query(LABELS) if isinstance(row, tuple)]


@pytest.mark.parametrize("method", METHODS)
def test_rdflib_writes(url: str, method: Method) -> None:
    address = f"{url}/sparql"
    store = SPARQLUpdateStore(address, address, method=method, headers=TOKEN)
    graph, other = Graph(store, identifier=EX.graph), Graph(store, identifier=EX.other)
    try:
        graph.add((EX.x, RDFS.label, NAME))
        other.addN((EX.x, EX.size, Literal(number), other) for number in range(3))
        assert list(graph) == [(EX.x, RDFS.label, NAME)]
        assert len(other) == 3
        assert {each.identifier for each in Dataset(store=store).graphs()} >= {EX.graph, EX.other}
        insert = f"INSERT {{ ?s <{EX.seen}> true }} WHERE {{ ?s <{RDFS.label}> ?o }}"
        graph.update(insert, initBindings={"s": EX.x})
        assert (EX.x, EX.seen, Literal(True)) in graph
        other.remove((None, EX.size, Literal(1)))
        assert len(other) == 2
    finally:
        store.remove_graph(graph)
        store.remove_graph(other)
    assert len(graph) == len(other) == 0
    assert len(Graph(store, identifier=DATASET_DEFAULT_GRAPH_ID)) == len(STATEMENTS)


def test_rdflib_writes_once_it_is_told_to(url: str) -> None:
    address = f"{url}/sparql"
    store = SPARQLUpdateStore(address, address, autocommit=False, headers=TOKEN)
    graph = Graph(store, identifier=EX.late)
    graph.add((EX.x, EX.size, Literal(1)))
    graph.add((EX.x, EX.size, Literal(2)))
    reader = Graph(SPARQLStore(address), identifier=EX.late)
    assert len(reader) == 0
    store.commit()
    assert len(reader) == 2
    store.remove_graph(graph)
    store.commit()


def test_another_store_asks_by_service(url: str) -> None:
    with oxigraph_server() as other:
        pattern = f"SERVICE <{url}/sparql> {{ ?s <{RDFS.label}> ?o }}"
        rows = ask(other, f"SELECT ?o {{ {pattern} }} ORDER BY ?o")
        assert rows[-1] == ['"Größe\\n\\t\\"x\\", 𝔘"@de']
        assert len(rows) == 2
        given = f"VALUES ?s {{ <{EX.a}> <{EX.b}> }}"
        assert len(ask(other, f"SELECT ?s {{ {given} {pattern} }}")) == 1
        for text in (
            f"INSERT {{ ?s <{EX.said}> ?o }} WHERE {{ {pattern} }}",
            f"LOAD <{url}/store?default> INTO GRAPH <{EX.copy}>",
        ):
            done = requests.post(
                f"{other}/update",
                data=text.encode(),
                headers={"content-type": "application/sparql-update"},
                timeout=60,
            )
            assert done.status_code == 204, done.text
        assert len(ask(other, f"SELECT ?s {{ ?s <{EX.said}> ?o }}")) == 2
        count = ask(other, f"SELECT ?s {{ GRAPH <{EX.copy}> {{ ?s ?p ?o }} }}")
        assert len(count) == len(STATEMENTS)


@pytest.mark.skipif(shutil.which("curl") is None, reason="needs curl")
@pytest.mark.parametrize(
    "options",
    [
        ["-G", "--data-urlencode"],
        ["--data-urlencode"],
        [
            "-H",
            "Content-Type: application/x-www-form-urlencoded; charset=UTF-8",
            "--data-urlencode",
        ],
        ["-H", "Content-Type: application/sparql-query", "--data-binary"],
        ["-H", 'Content-Type: application/sparql-query;charset="utf-8"', "--data-binary"],
        ["-H", "Transfer-Encoding: chunked", "--data-urlencode"],
        ["-H", "Expect: 100-continue", "--data-urlencode"],
        ["-d", "output=json", "-d", "results=json", "--data-urlencode"],
    ],
)
@pytest.mark.parametrize("path", ["/sparql", "/sparql/", "/query/"])
def test_curl(url: str, tmp_path: Path, path: str, options: list[str]) -> None:
    name = "" if "--data-binary" in options else "query="
    done = subprocess.run(
        ["curl", "-sS", "--fail", f"{url}{path}", *options, f"{name}{LABELS} # é"],
        capture_output=True,
        check=True,
        cwd=tmp_path,
    )
    rows = json.loads(done.stdout)["results"]["bindings"]
    assert rows[-1]["o"] == {"type": "literal", "value": str(NAME), "xml:lang": "de"}


def test_a_body_that_is_compressed_is_told_to_be_sent_as_it_is(url: str) -> None:
    answer = requests.post(
        f"{url}/sparql",
        data=b"\x1f\x8b",
        headers={"content-type": "application/sparql-query", "content-encoding": "gzip"},
        timeout=60,
    )
    assert answer.status_code == 415
    assert answer.headers["accept-encoding"] == "identity"
    assert "not in gzip" in answer.text


def test_what_xml_can_hold_arrives_in_it_and_nothing_else_does(url: str) -> None:
    address = f"{url}/sparql"
    kept, not_kept = "a\r\nb\rc", "a\x01b"
    both = f"<{EX.kept}> {json.dumps(kept)} ; <{EX.other}> {json.dumps(not_kept)}"
    insert = f"INSERT DATA {{ <{EX.odd}> {both} }}"
    requests.post(address, data={"update": insert}, headers=TOKEN, timeout=60).raise_for_status()
    for query in ("SELECT ?o {{ <{}> <{}> ?o }}", "SELECT (STR(?x) AS ?o) {{ <{}> <{}> ?x }}"):
        texts = []
        for name in (EX.kept, EX.other):
            parameters = {"query": query.format(EX.odd, name), "format": "xml"}
            texts.append(requests.get(address, params=parameters, timeout=60))
        values = [each.text for each in ET.fromstring(texts[0].text).iter() if each.text]
        assert values == [kept]
        assert texts[1].status_code == 406
        parameters = {"query": query.format(EX.odd, EX.other)}
        rows = requests.get(address, params=parameters, timeout=60).json()["results"]["bindings"]
        assert [row["o"]["value"] for row in rows] == [not_kept]
    delete = f"DELETE WHERE {{ <{EX.odd}> ?p ?o }}"
    requests.post(address, data={"update": delete}, headers=TOKEN, timeout=60).raise_for_status()


def test_the_head_of_an_answer_is_that_of_the_answer(url: str) -> None:
    for query in (LABELS, "CONSTRUCT WHERE { ?s ?p ?o }", ""):
        parameters = {"query": query} if query else {}
        answers = [
            requests.request(method, f"{url}/sparql", params=parameters, timeout=60)
            for method in ("GET", "HEAD")
        ]
        assert [each.status_code for each in answers] == [200, 200]
        assert answers[1].content == b""
        for name in ("content-type", "content-length", "vary"):
            assert answers[0].headers[name] == answers[1].headers[name]
