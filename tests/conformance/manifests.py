"""The manifests of the W3C's tests."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import rdflib
from rdflib.collection import Collection
from rdflib.namespace import RDF

from tests.conformance.endpoint import Endpoint

MF = rdflib.Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#")
DAWGT = rdflib.Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-dawg#")


@dataclass(frozen=True, slots=True)
class Test:
    """One test: raises AssertionError with the cause where it fails."""

    __test__ = False

    name: str
    run: Callable[[Endpoint], None]


def entries(path: Path) -> Iterator[tuple[rdflib.Graph, rdflib.term.Node, str]]:
    """Yield the approved tests of a manifest: its graph, the test, and a name for people."""
    graph = rdflib.Graph().parse(path)
    for head in graph.objects(None, MF.entries):
        for test in Collection(graph, head):
            if (test, DAWGT.approval, DAWGT.Withdrawn) in graph:
                continue
            if not list(graph.objects(test, RDF.type)):
                continue
            yield graph, test, f"{path.parent.name}/{str(test).rpartition('#')[2]}"


def one(graph: rdflib.Graph, node: rdflib.term.Node, name: rdflib.URIRef) -> rdflib.term.Node:
    """Return the value of a property that has to be there."""
    value = graph.value(node, name)
    assert value is not None, f"{node} has no {name}"
    return value
