"""Tests that are requests and answers of HTTP: the protocol and the graph store."""

import re
from collections.abc import Iterator
from pathlib import Path

import rdflib
import requests
from rdflib.collection import Collection
from rdflib.compare import isomorphic
from rdflib.namespace import RDFS
from rdflib.term import Node

from tests.conformance.endpoint import AUTHORITY, Endpoint
from tests.conformance.manifests import MF, PUBLISHED, Manifest, Test

HT = rdflib.Namespace("http://www.w3.org/2011/http#")
CNT = rdflib.Namespace("http://www.w3.org/2011/content#")
UT = rdflib.Namespace("http://www.w3.org/2009/sparql/tests/test-update#")
_STATUSES = {"OK": 200, "Created": 201, "NoContent": 204, "NotFound": 404, "BadRequest": 400}
_BOOLEANS = "application/sparql-results+json, application/sparql-results+xml"
_ACCEPTED = {
    "boolean": ("application/sparql-results+json", "application/sparql-results+xml"),
    "tabular": (
        "application/sparql-results+json",
        "application/sparql-results+xml",
        "text/tab-separated-values",
        "text/csv",
    ),
    "RDF": ("text/turtle", "application/n-triples", "application/rdf+xml", "application/ld+json"),
}


def protocol_tests(root: Path) -> Iterator[Test]:
    """Yield the tests of the SPARQL 1.1 Protocol."""
    yield from _tests(Manifest(root, "protocol/manifest.ttl"))


def store_tests(root: Path) -> Iterator[Test]:
    """Yield the tests of the Graph Store Protocol."""
    for name in ("direct", "indirect"):
        yield from _tests(Manifest(root, f"graph-store-protocol/manifest-{name}.ttl"))


def _tests(manifest: Manifest) -> Iterator[Test]:
    graph = manifest.graph
    for node, name in manifest.tests():

        def run(endpoint: Endpoint, test: Node = node) -> None:
            endpoint.clear()
            for data in graph.objects(test, UT.graphData):
                file = str(graph.value(data, UT.graph)).rpartition("/")[2]
                published = rdflib.URIRef(f"{PUBLISHED}{manifest.folder}/{file}")
                label = str(graph.value(data, RDFS.label))
                content = manifest.path(published).read_bytes()
                endpoint.put(content, "application/n-triples", label)
            templates: dict[str, str] = {}
            for action in graph.objects(test, MF.action):
                for request in Collection(graph, manifest.one(action, HT.requests)):
                    _exchange(endpoint, manifest, request, templates)

        yield Test(name, run)


def _exchange(
    endpoint: Endpoint, manifest: Manifest, request: Node, templates: dict[str, str]
) -> None:
    graph = manifest.graph
    path = _filled(str(graph.value(request, HT.absolutePath)), templates)
    path = re.sub(r"^/gsp", "/store", path)
    body, headers = _message(graph, request, templates)
    method = str(graph.value(request, HT.methodName))
    response = manifest.one(request, HT.resp)
    formats = [str(each) for each in graph.objects(response, MF.expectedFormat)]
    if "boolean" in formats:
        headers.setdefault("accept", _BOOLEANS)
    answer = endpoint.send(method, path, body, headers)
    wanted = [str(each).rpartition("#")[2] for each in graph.objects(response, MF.expectedStatus)]
    assert any(_is_status(answer.status_code, each) for each in wanted), (
        f"{method} {path}: status {answer.status_code}, not {' or '.join(wanted)}: {answer.text}"
    )
    for name in formats:
        media_type = answer.headers["content-type"].partition(";")[0]
        assert media_type in _ACCEPTED[name], f"{media_type} is not {name}"
    truth = graph.value(response, MF.expectedBoolean)
    if truth is not None:
        assert _truth(answer) is bool(truth), f"not {truth}"
    location = graph.value(response, MF.expectedLocation)
    if location is not None:
        place = answer.headers["location"]
        templates[str(location)] = place
    shown, told = _message(graph, response, templates)
    if shown is not None and method != "HEAD":
        base = f"http://{AUTHORITY}{path}"
        expected = rdflib.Graph().parse(data=shown, format="turtle", publicID=base)
        found = rdflib.Graph().parse(
            data=answer.content, format=answer.headers["content-type"].partition(";")[0]
        )
        assert isomorphic(expected, found), f"other statements: {answer.text}"
    elif "content-type" in told:
        assert answer.headers["content-type"].startswith(told["content-type"].partition(";")[0])


def _message(
    graph: rdflib.Graph, node: Node, templates: dict[str, str]
) -> tuple[bytes | None, dict[str, str]]:
    """Return the body and the headers of a request or an answer."""
    headers = {}
    for head in graph.objects(node, HT.headers):
        for each in Collection(graph, head):
            name = str(graph.value(each, HT.fieldName)).lower()
            headers[name] = str(graph.value(each, HT.fieldValue))
    content = graph.value(node, HT.body)
    if content is None:
        return None, headers
    encoding = str(graph.value(content, CNT.characterEncoding) or "UTF-8")
    text = _filled(str(graph.value(content, CNT.chars)), templates)
    return text.encode(encoding), headers


def _filled(text: str, templates: dict[str, str]) -> str:
    for name, value in templates.items():
        text = text.replace(name, value)
    return text


def _is_status(status: int, wanted: str) -> bool:
    group = re.fullmatch(r"StatusCode(\d)xx", wanted)
    return status // 100 == int(group[1]) if group else status == _STATUSES[wanted]


def _truth(answer: requests.Response) -> bool:
    if "json" in answer.headers["content-type"]:
        return bool(answer.json()["boolean"])
    return "<boolean>true</boolean>" in answer.text
