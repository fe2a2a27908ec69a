"""Tests of the languages themselves: what queries and updates give, and what parses."""

import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import rdflib
from rdflib.namespace import RDF, RDFS
from rdflib.term import Node

from tests.conformance.endpoint import Endpoint
from tests.conformance.http import UT
from tests.conformance.manifests import MF, Manifest, Test
from tests.conformance.results import MEDIA, check_result_set, check_statements, check_table

QT = rdflib.Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-query#")
_N_TRIPLES = "application/n-triples"
_QUERY = (
    "aggregates bind bindings cast construct exists functions "
    "grouping negation project-expression property-path subquery"
)
_RESULTS = "csv-tsv-res json-res"
_UPDATE = (
    "add basic-update clear copy delete delete-data "
    "delete-insert delete-where drop move update-silent"
)
_SYNTAX = "syntax-query syntax-fed syntax-update-1 syntax-update-2"

_Run = Callable[[Endpoint, Manifest, Node], None]


def query_tests(root: Path) -> Iterator[Test]:
    """Yield the tests of what queries give."""
    yield from _tests(root, _QUERY, {MF.QueryEvaluationTest: run_query})


def result_tests(root: Path) -> Iterator[Test]:
    """Yield the tests of the formats of results."""
    kinds = (MF.QueryEvaluationTest, MF.CSVResultFormatTest)
    yield from _tests(root, _RESULTS, dict.fromkeys(kinds, run_query))


def update_tests(root: Path) -> Iterator[Test]:
    """Yield the tests of what updates make."""
    kinds = (MF.UpdateEvaluationTest, UT.UpdateEvaluationTest)
    yield from _tests(root, _UPDATE, dict.fromkeys(kinds, _run_update))


def syntax_tests(root: Path) -> Iterator[Test]:
    """Yield the tests of what parses."""
    kinds: dict[rdflib.URIRef, _Run] = {
        MF.PositiveSyntaxTest11: _parse_query,
        MF.NegativeSyntaxTest11: _refuse_query,
        MF.PositiveUpdateSyntaxTest11: _parse_update,
        MF.NegativeUpdateSyntaxTest11: _refuse_update,
    }
    yield from _tests(root, f"{_SYNTAX} {_QUERY} {_RESULTS} {_UPDATE}", kinds)


def _tests(root: Path, folders: str, kinds: Mapping[rdflib.URIRef, _Run]) -> Iterator[Test]:
    for folder in folders.split():
        manifest = Manifest(root, f"{folder}/manifest.ttl")
        for node, name in manifest.tests():
            for kind in manifest.graph.objects(node, RDF.type):
                if isinstance(kind, rdflib.URIRef) and kind in kinds:
                    yield _test(manifest, node, name, kinds[kind])


def _test(manifest: Manifest, node: Node, name: str, run: _Run) -> Test:
    return Test(name, lambda endpoint: run(endpoint, manifest, node))


def run_query(endpoint: Endpoint, manifest: Manifest, test: Node) -> None:
    """Ask a query of a test, and compare the answer with the one that is wanted."""
    action, wanted = manifest.one(test, MF.action), manifest.one(test, MF.result)
    load(endpoint, manifest, action, QT)
    path = manifest.path(wanted)
    # What a query gives is told in RDF too: a table or a truth, or statements.
    suffix = path.suffix if path.suffix in MEDIA else ".srj"
    accept = f"{MEDIA[suffix]}, {_N_TRIPLES};q=0.5"
    answer = endpoint.query(manifest.text(manifest.one(action, QT.query)), accept)
    assert answer.status_code == 200, answer.text
    if answer.headers["content-type"] == _N_TRIPLES:
        check_statements(answer.content, manifest.read(wanted))
    elif path.suffix in MEDIA:
        check_table(answer.content, path.read_bytes(), suffix)
    else:
        check_result_set(answer.content, suffix, manifest.read(wanted))


def load(endpoint: Endpoint, manifest: Manifest, node: Node, names: rdflib.Namespace) -> None:
    """Make the graphs of the store those that a test names."""
    endpoint.clear()
    for data in manifest.graph.objects(node, names.data):
        endpoint.put(_statements(manifest, data), _N_TRIPLES)
    for named in manifest.graph.objects(node, names.graphData):
        file, name = _named(manifest, named)
        endpoint.put(_statements(manifest, file), _N_TRIPLES, name)


def _run_update(endpoint: Endpoint, manifest: Manifest, test: Node) -> None:
    action, result = manifest.one(test, MF.action), manifest.graph.value(test, MF.result)
    load(endpoint, manifest, action, UT)
    endpoint.update(manifest.text(manifest.one(action, UT.request)))
    expected = {"": rdflib.Graph()}
    for data in manifest.graph.objects(result, UT.data):
        expected[""] += manifest.read(data)
    for named in manifest.graph.objects(result, UT.graphData):
        file, name = _named(manifest, named)
        expected[name] = manifest.read(file)
    rows = endpoint.query("SELECT DISTINCT ?g { GRAPH ?g { ?s ?p ?o } }", "text/csv").text
    found = {"", *rows.splitlines()[1:]}
    # Whether a graph without statements is there is not for the tests to say.
    wanted = {name for name, graph in expected.items() if len(graph) or not name}
    assert found == wanted, f"the graphs are {sorted(found)}, not {sorted(wanted)}"
    for name in sorted(wanted):
        where = f"?graph={name}" if name else "?default"
        answer = endpoint.send("GET", f"/store{where}", None, {"accept": _N_TRIPLES})
        assert answer.status_code == 200, answer.text
        check_statements(answer.content, expected[name], f" in <{name}>")


def _parse_query(endpoint: Endpoint, manifest: Manifest, test: Node) -> None:
    answer = endpoint.query(_sent(manifest, test), "*/*")
    assert answer.status_code == 200, answer.text


def _refuse_query(endpoint: Endpoint, manifest: Manifest, test: Node) -> None:
    answer = endpoint.query(_sent(manifest, test), "*/*")
    assert answer.status_code == 400, f"answered with {answer.status_code}"


def _parse_update(endpoint: Endpoint, manifest: Manifest, test: Node) -> None:
    endpoint.clear()
    answer = endpoint.try_update(_sent(manifest, test))
    missing = re.search(r"The graph (<\S+>) does not exist", answer.text)
    if missing is not None:
        # It parses, and there is nothing to clear or to drop (SPARQL 1.1 Update, section 3.2).
        endpoint.update(f"CREATE GRAPH {missing[1]}")
        answer = endpoint.try_update(_sent(manifest, test))
    assert answer.ok, answer.text


def _refuse_update(endpoint: Endpoint, manifest: Manifest, test: Node) -> None:
    endpoint.clear()
    answer = endpoint.try_update(_sent(manifest, test))
    assert answer.status_code == 400, f"answered with {answer.status_code}"


def _sent(manifest: Manifest, test: Node) -> str:
    return manifest.path(manifest.one(test, MF.action)).read_text(encoding="utf-8")


def _statements(manifest: Manifest, file: Node) -> bytes:
    return manifest.read(file).serialize(format="nt").encode()


def _named(manifest: Manifest, named: Node) -> tuple[Node, str]:
    """Return the file of a named graph, and its name."""
    inner = manifest.graph.value(named, UT.graph)
    if inner is None:
        return named, str(named)
    return inner, str(manifest.one(named, RDFS.label))
