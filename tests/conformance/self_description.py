"""Tests of what the endpoint says of itself."""

from collections.abc import Iterator
from pathlib import Path

import rdflib
from rdflib.namespace import RDF

from tests.conformance.endpoint import AUTHORITY, Endpoint
from tests.conformance.manifests import Manifest, Test

SD = rdflib.Namespace("http://www.w3.org/ns/sparql-service-description#")


def description_tests(root: Path) -> Iterator[Test]:
    """Yield the tests of Service Description."""
    checks = {
        "returns-rdf": returns_rdf,
        "has-endpoint-triple": has_endpoint,
        "conforms-to-schema": conforms,
    }
    for test, name in Manifest(root, "service-description/manifest.ttl").tests():
        yield Test(name, checks[str(test).rpartition("#")[2]])


def returns_rdf(endpoint: Endpoint) -> None:
    assert len(_described(endpoint)) > 0


def has_endpoint(endpoint: Endpoint) -> None:
    address = rdflib.URIRef(f"http://{AUTHORITY}/sparql")
    assert list(_described(endpoint).subjects(SD.endpoint, address))


def conforms(endpoint: Endpoint) -> None:
    """Check what the specification's schema asks of services, datasets and named graphs."""
    graph = _described(endpoint)
    services = list(graph.subjects(RDF.type, SD.Service))
    assert len(services) == 1
    for name in ("supportedLanguage", "resultFormat", "defaultDataset"):
        assert list(graph.objects(services[0], SD[name])), name
    used = {str(each) for each in graph.predicates() if str(each).startswith(str(SD))}
    assert {each.removeprefix(str(SD)) for each in used} <= _TERMS
    for dataset in graph.objects(services[0], SD.defaultDataset):
        assert (dataset, RDF.type, SD.Dataset) in graph
        assert list(graph.objects(dataset, SD.defaultGraph))
    for named in graph.objects(None, SD.namedGraph):
        assert list(graph.objects(named, SD.name))


_TERMS = frozenset(
    "endpoint feature defaultEntailmentRegime defaultSupportedEntailmentProfile entailmentRegime "
    "supportedEntailmentProfile extensionFunction extensionAggregate languageExtension "
    "supportedLanguage propertyFeature defaultDataset availableGraphs resultFormat inputFormat "
    "defaultGraph namedGraph name graph".split()
)


def _described(endpoint: Endpoint) -> rdflib.Graph:
    answer = endpoint.send("GET", "/sparql", None, {"accept": "text/turtle"})
    assert answer.status_code == 200, answer.text
    return rdflib.Graph().parse(data=answer.content, format="turtle")
