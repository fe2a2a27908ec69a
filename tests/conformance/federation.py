"""Tests of SERVICE: the endpoint under test asks others, which it is allowed to.

The tests name their endpoints by addresses that nobody serves. The server asks `kg serve`
processes of our own in their place (`--allow-service ADDRESS=MIRROR`); one of them is allowed
to ask another, since a test has a SERVICE within a SERVICE.
"""

from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path

import rdflib
from rdflib.namespace import RDF
from rdflib.term import Node

from tests.conformance.endpoint import AUTHORITY, Endpoint, serve_empty
from tests.conformance.evaluation import QT, run_query
from tests.conformance.manifests import MF, Manifest, Test
from tests.endpoints import free_port

_PLAIN = "http://example.org/sparql"
_OUTER = "http://example1.org/sparql"
_INNER = "http://example2.org/sparql"
_DEAD = "http://invalid.endpoint.org/sparql"
# What `SERVICE <g>` in the tests of syntax is, sent to the endpoint under test.
_RELATIVE = f"http://{AUTHORITY}/g"


@contextmanager
def serve_with_others(folder: Path) -> Iterator[tuple[Endpoint, Mapping[str, Endpoint]]]:
    """Run the endpoint under test and those that it may ask, by the names that tests have."""
    with ExitStack() as running:
        nobody = f"{_DEAD}=http://127.0.0.1:{free_port()}/"

        def begin(name: str, *allowed: str) -> Endpoint:
            return running.enter_context(serve_empty(folder / f"{name}.kg", *allowed))

        plain, inner = begin("plain"), begin("inner")
        inward = f"{_INNER}={inner.url}/sparql"
        outer = begin("outer", inward, nobody)
        others = {_PLAIN: plain, _OUTER: outer, _INNER: inner}
        allowed = [f"{name}={each.url}/sparql" for name, each in others.items()]
        yield begin("tested", *allowed, nobody, f"{_RELATIVE}={plain.url}/sparql"), others


def federation_tests(root: Path, others: Mapping[str, Endpoint]) -> Iterator[Test]:
    """Yield the tests of what SERVICE gives."""
    manifest = Manifest(root, "service/manifest.ttl")
    for node, name in manifest.tests():
        if (node, RDF.type, MF.QueryEvaluationTest) in manifest.graph:

            def run(endpoint: Endpoint, test: Node = node) -> None:
                _fill(manifest, test, others)
                run_query(endpoint, manifest, test)

            yield Test(name, run)


def _fill(manifest: Manifest, test: Node, others: Mapping[str, Endpoint]) -> None:
    for endpoint in others.values():
        endpoint.clear()
    action = manifest.one(test, MF.action)
    for told in manifest.graph.objects(action, QT.serviceData):
        endpoint = others[str(manifest.one(told, QT.endpoint))]
        for data in manifest.graph.objects(told, QT.data):
            assert isinstance(data, rdflib.URIRef)
            statements = manifest.read(data).serialize(format="nt").encode()
            endpoint.put(statements, "application/n-triples")
