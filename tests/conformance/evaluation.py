"""Tests of the languages themselves: what queries and updates give, and what parses."""

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from urllib.parse import unquote, urlsplit

import rdflib
from rdflib.compare import isomorphic
from rdflib.namespace import RDF, RDFS
from rdflib.query import Result

from tests.conformance.endpoint import Endpoint
from tests.conformance.http import UT
from tests.conformance.manifests import MF, Test, entries, one

QT = rdflib.Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-query#")
RS = rdflib.Namespace("http://www.w3.org/2001/sw/DataAccess/tests/result-set#")
_MEDIA = {
    ".ttl": "text/turtle",
    ".rdf": "application/rdf+xml",
    ".nt": "application/n-triples",
    ".srx": "application/sparql-results+xml",
    ".srj": "application/sparql-results+json",
    ".csv": "text/csv",
    ".tsv": "text/tab-separated-values",
}
_RESULTS = {".srx": "xml", ".srj": "json", ".csv": "csv", ".tsv": "tsv"}
# Entailment and federation are specifications of their own.
_QUERY = (
    "aggregates bind bindings cast construct exists functions "
    "grouping negation project-expression property-path subquery csv-tsv-res json-res"
)
_UPDATE = (
    "add basic-update clear copy delete delete-data "
    "delete-insert delete-where drop move update-silent"
)
_SYNTAX = "syntax-query syntax-fed syntax-update-1 syntax-update-2"


def evaluation_tests(root: Path) -> Iterator[Test]:
    """Yield the tests of what queries give."""
    yield from _of_type(root, _QUERY, (MF.QueryEvaluationTest, MF.CSVResultFormatTest))


def update_tests(root: Path) -> Iterator[Test]:
    """Yield the tests of what updates make."""
    yield from _of_type(root, _UPDATE, (MF.UpdateEvaluationTest, UT.UpdateEvaluationTest))


def syntax_tests(root: Path) -> Iterator[Test]:
    """Yield the tests of what parses."""
    folders = f"{_SYNTAX} {_QUERY} {_UPDATE}"
    kinds = (
        *(MF.PositiveSyntaxTest11, MF.NegativeSyntaxTest11),
        *(MF.PositiveUpdateSyntaxTest11, MF.NegativeUpdateSyntaxTest11),
    )
    yield from _of_type(root, folders, kinds)


def _of_type(root: Path, folders: str, kinds: tuple[rdflib.URIRef, ...]) -> Iterator[Test]:
    for folder in folders.split():
        for graph, test, name in entries(root / folder / "manifest.ttl"):
            types = set(graph.objects(test, RDF.type)) & set(kinds)
            if types:
                kind = str(types.pop()).rpartition("#")[2]
                yield Test(name, lambda endpoint, g=graph, t=test, k=kind: _run(endpoint, g, t, k))  # type: ignore[misc]


def _run(endpoint: Endpoint, graph: rdflib.Graph, test: rdflib.term.Node, kind: str) -> None:
    if kind in ("QueryEvaluationTest", "CSVResultFormatTest"):
        _evaluate(endpoint, graph, test)
    elif kind == "UpdateEvaluationTest":
        _update(endpoint, graph, test)
    else:
        _parse(endpoint, graph, test, kind)


def _evaluate(endpoint: Endpoint, graph: rdflib.Graph, test: rdflib.term.Node) -> None:
    action, wanted = one(graph, test, MF.action), _path(graph.value(test, MF.result))
    _load(endpoint, graph, action, QT)
    text = _path(graph.value(action, QT.query)).read_text(encoding="utf-8")
    text = f"BASE <{graph.value(action, QT.query)}>\n{text}" if "BASE" not in text.upper() else text
    if wanted.suffix in (".csv", ".tsv"):
        answer = endpoint.query(text, _MEDIA[wanted.suffix])
        assert answer.status_code == 200, answer.text
        assert _lines(answer.text) == _lines(wanted.read_text(encoding="utf-8")), answer.text
        return
    accept = "application/sparql-results+json, text/turtle;q=0.5, application/n-triples"
    answer = endpoint.query(text, accept)
    assert answer.status_code == 200, answer.text
    if "json" not in answer.headers["content-type"]:
        found = rdflib.Graph().parse(
            data=answer.content,
            format="nt" if "triples" in answer.headers["content-type"] else "turtle",
        )
        expected = rdflib.Graph().parse(wanted)
        assert isomorphic(found, expected), f"gave {len(found)} statements, not {len(expected)}"
        return
    found = _as_graph(Result.parse(BytesIO(answer.content), format="json"))
    if wanted.suffix in _RESULTS:
        with wanted.open("rb") as stream:
            expected = _as_graph(Result.parse(stream, format=_RESULTS[wanted.suffix]))
    else:
        expected = _of_result_set(rdflib.Graph().parse(wanted))
    assert isomorphic(found, expected), f"gave {answer.text}"


def _update(endpoint: Endpoint, graph: rdflib.Graph, test: rdflib.term.Node) -> None:
    action, result = one(graph, test, MF.action), graph.value(test, MF.result)
    _load(endpoint, graph, action, UT)
    endpoint.update(_path(graph.value(action, UT.request)).read_text(encoding="utf-8"))
    answer = endpoint.send("GET", "/store?default", None, {"accept": "application/n-triples"})
    found = {"": rdflib.Graph().parse(data=answer.content, format="nt")}
    rows = endpoint.query("SELECT DISTINCT ?g { GRAPH ?g { ?s ?p ?o } }", "text/csv").text
    for name in rows.splitlines()[1:]:
        text = endpoint.query(
            f"CONSTRUCT {{ ?s ?p ?o }} {{ GRAPH <{name}> {{ ?s ?p ?o }} }}", "application/n-triples"
        ).text
        found[name] = rdflib.Graph().parse(data=text, format="nt")
    expected = {"": rdflib.Graph()}
    for data in graph.objects(result, UT.data):
        expected[""] += rdflib.Graph().parse(_path(data))
    for named in graph.objects(result, UT.graphData):
        path, name = _named(graph, named)
        expected[name] = rdflib.Graph().parse(path)
    expected = {name: each for name, each in expected.items() if len(each) or not name}
    assert found.keys() == expected.keys(), f"graphs {sorted(found)}, not {sorted(expected)}"
    for name, each in expected.items():
        assert isomorphic(found[name], each), f"other statements in <{name}>"


def _parse(endpoint: Endpoint, graph: rdflib.Graph, test: rdflib.term.Node, kind: str) -> None:
    path = _path(graph.value(test, MF.action))
    body = path.read_bytes()
    what = "update" if "Update" in kind else "query"
    endpoint.clear() if what == "update" else None
    answer = endpoint.send("POST", "/sparql", body, {"content-type": f"application/sparql-{what}"})
    if kind.startswith("Positive"):
        assert answer.ok, answer.text
    else:
        assert answer.status_code == 400, f"status {answer.status_code}"


def _load(
    endpoint: Endpoint, graph: rdflib.Graph, action: rdflib.term.Node, names: rdflib.Namespace
) -> None:
    endpoint.clear()
    for data in graph.objects(action, names.data):
        path = _path(data)
        endpoint.put(_text(path), "application/n-triples")
    for named in graph.objects(action, names.graphData):
        path, name = _named(graph, named)
        endpoint.put(_text(path), "application/n-triples", name)


def _text(path: Path) -> bytes:
    """Return a file's statements, read as the tests have them: relative to the file."""
    return rdflib.Graph().parse(path, publicID=path.as_uri()).serialize(format="nt").encode()


def _named(graph: rdflib.Graph, named: rdflib.term.Node) -> tuple[Path, str]:
    """Return the file of a named graph, and its name."""
    inner = graph.value(named, UT.graph)
    if inner is None:
        return _path(named), str(named)
    return _path(inner), str(graph.value(named, RDFS.label))


def _path(iri: rdflib.term.Node | None) -> Path:
    return Path(unquote(urlsplit(str(iri)).path))


def _lines(text: str) -> list[str]:
    return sorted(line.rstrip("\r") for line in text.splitlines())


def _as_graph(result: Result) -> rdflib.Graph:
    """Return a result as statements, each row a node, so that blank nodes can be matched."""
    graph = rdflib.Graph()
    if result.type == "ASK":
        graph.add((rdflib.BNode(), RS.boolean, rdflib.Literal(bool(result.askAnswer))))
        return graph
    for row in result.bindings:
        node = rdflib.BNode()
        graph.add((node, RDF.type, RS.ResultRow))
        for variable, value in row.items():
            graph.add((node, RS[str(variable)], _plain(value)))
    return graph


def _of_result_set(given: rdflib.Graph) -> rdflib.Graph:
    graph = rdflib.Graph()
    for truth in given.objects(None, RS.boolean):
        graph.add((rdflib.BNode(), RS.boolean, truth))
    for solution in given.objects(None, RS.solution):
        node = rdflib.BNode()
        graph.add((node, RDF.type, RS.ResultRow))
        for binding in given.objects(solution, RS.binding):
            graph.add(
                (
                    node,
                    RS[str(given.value(binding, RS.variable))],
                    _plain(given.value(binding, RS.value)),
                )
            )
    return graph


def _plain(value: rdflib.term.Node | None) -> rdflib.term.Node:
    """Return a term as it is compared: a plain literal is one of xsd:string."""
    if isinstance(value, rdflib.Literal):
        return rdflib.Literal(
            str(value),
            lang=value.language,
            datatype=None if value.language else value.datatype or rdflib.XSD.string,
            normalize=False,
        )
    assert value is not None
    return value
