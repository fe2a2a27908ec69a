"""The manifests of the W3C's tests, and the files that they name."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote

import rdflib
from rdflib.collection import Collection
from rdflib.namespace import RDF
from rdflib.term import Node

from tests.conformance.endpoint import Endpoint

MF = rdflib.Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#")
DAWGT = rdflib.Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-dawg#")
PUBLISHED = "https://w3c.github.io/rdf-tests/sparql/sparql11/"
"""Where the tests are published: what the relative IRIs in them go by."""


@dataclass(frozen=True, slots=True)
class Test:
    """One test: raises AssertionError with the cause where it fails."""

    __test__ = False

    name: str
    run: Callable[[Endpoint], None]


class Manifest:
    """A manifest of tests; `root` is the folder that is published at `PUBLISHED`."""

    def __init__(self, root: Path, path: str) -> None:
        self._root = root
        self.folder = Path(path).parent.name
        self.graph = self.read(rdflib.URIRef(f"{PUBLISHED}{path}"))

    def tests(self) -> Iterator[tuple[Node, str]]:
        """Yield the tests that were not withdrawn, each with a name for people."""
        for head in self.graph.objects(None, MF.entries):
            for test in Collection(self.graph, head):
                is_gone = (test, DAWGT.approval, DAWGT.Withdrawn) in self.graph
                if not is_gone and (test, RDF.type, None) in self.graph:
                    yield test, f"{self.folder}/{str(test).rpartition('#')[2]}"

    def one(self, node: Node, name: rdflib.URIRef) -> Node:
        """Return the value of a property that has to be there."""
        value = self.graph.value(node, name)
        assert value is not None, f"{node} has no {name}"
        return value

    def path(self, iri: Node) -> Path:
        """Return the file that is published at an IRI."""
        return self._root / unquote(str(iri).removeprefix(PUBLISHED))

    def read(self, iri: Node) -> rdflib.Graph:
        """Return the statements of a file, its relative IRIs made whole."""
        return rdflib.Graph().parse(self.path(iri), publicID=str(iri))

    def text(self, iri: Node) -> str:
        """Return a query or an update, its relative IRIs to be made whole by where it stands."""
        return f"BASE <{iri}>\n{self.path(iri).read_text(encoding='utf-8')}"
