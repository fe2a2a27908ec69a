"""Floor 8: the network of entities for tools that draw and measure: GraphML, and CX2 for Cytoscape.

An edge is an assertion, from its subject to its object, or a co-mention, which has no direction
(both formats hold a graph to one kind of edge, so that it runs from one of its ends to the other).
CX2 was chosen of Cytoscape's two JSON formats: it says the types of attributes, NDEx and Cytoscape
Web read it too, and it can be written without holding the network.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, Any

from lxml import etree

from kg.exports.documents import one_line
from kg.exports.reading import GraphReader
from kg.exports.view import View, Written

_Xml = Any  # of lxml, whose stubs do not name them
_Value = str | int | float | bool

# Attributes by name, and their types as CX2 calls them.
_OF_NODES = {
    "name": "string",
    "label": "string",
    "type": "string",
    "iri": "string",
    "papers": "integer",
}
_OF_EDGES = {
    "kind": "string",
    "interaction": "string",
    "sign": "string",
    "negated": "boolean",
    "speculative": "boolean",
    "weight": "integer",
    "sentences": "integer",
    "confidence": "double",
    "log_likelihood": "double",
    "iri": "string",
}
_GRAPHML_TYPES = {"string": "string", "integer": "long", "boolean": "boolean", "double": "double"}
_GRAPHML = "http://graphml.graphdrawing.org/xmlns"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Edge:
    source: str
    target: str
    attributes: Mapping[str, _Value]


class _Network:
    """The nodes and edges of a graph. Edges come first: they tell which entities are needed."""

    def __init__(self, view: View) -> None:
        self._reader = GraphReader(view)
        self._needed: set[str] = set()
        self._signs: dict[str, str] = {}
        self.assertions = self.co_mentions = self.entities = 0

    def counts(self) -> str:
        return (
            f"{self.entities} entities, {self.assertions} assertions, "
            f"{self.co_mentions} co-mentions"
        )

    def edges(self) -> Iterator[_Edge]:
        """Yield the assertions, then the co-mentions; `weight` is how many papers say so."""
        for one in self._reader.assertions():
            self.assertions += 1
            self._needed.update((one.subject, one.object))
            attributes: dict[str, _Value] = {
                "kind": "assertion",
                "interaction": one.predicate,
                "negated": one.negated,
                "speculative": one.speculative,
                "weight": one.papers,
                "sentences": one.sentences,
                "iri": one.iri,
            }
            if sign := self._sign(one.predicate):
                attributes["sign"] = sign
            if one.confidence is not None:
                attributes["confidence"] = one.confidence
            yield _Edge(source=one.subject, target=one.object, attributes=attributes)
        for pair in self._reader.co_mentions():
            self.co_mentions += 1
            self._needed.update((pair.first, pair.second))
            attributes = {
                "kind": "co-mention",
                "interaction": "mentioned_with",
                "weight": pair.papers,
                "sentences": pair.sentences,
                "iri": pair.iri,
            }
            if pair.log_likelihood is not None:
                attributes["log_likelihood"] = pair.log_likelihood
            yield _Edge(source=pair.first, target=pair.second, attributes=attributes)

    def nodes(self) -> Iterator[tuple[str, dict[str, _Value]]]:
        """Yield the entities that papers mention or an edge has, by IRI."""
        for iri in sorted(self._reader.entities.keys() | self._needed):
            papers = self._reader.count_papers(iri)
            if papers or iri in self._needed:
                self.entities += 1
                entity = self._reader.entity(iri)
                yield (
                    iri,
                    {
                        "name": entity.curie,
                        "label": entity.label,
                        "type": entity.kind or "Entity",
                        "iri": iri,
                        "papers": papers,
                    },
                )

    def _sign(self, predicate: str) -> str:
        """Return whether a relation is for ("positive") or against ("negative") its object."""
        if predicate not in self._signs:
            self._signs[predicate] = self._reader.sign(predicate)
        return self._signs[predicate]


class GraphmlProfile:
    """GraphML, which Gephi, Cytoscape, yEd, igraph and networkx read."""

    name = "graphml"
    summary = "the network of entities, with weights, as GraphML"
    suffix = ".graphml"

    def write(self, view: View, target: Path) -> Written:
        """Write the network, entities first; ids of nodes are CURIEs.

        Raises:
            KgError: if the graph is damaged.

        """
        network = _Network(view)
        with TemporaryFile() as edges, target.open("wb") as out:
            for edge in network.edges():
                edges.write(
                    json.dumps((edge.source, edge.target, edge.attributes)).encode() + b"\n"
                )
            edges.seek(0)
            with etree.xmlfile(out, encoding="UTF-8") as xml:
                xml.write_declaration()
                with xml.element("graphml", nsmap={None: _GRAPHML}):
                    _write_graphml(xml, network, edges)
        return Written(files={target: network.counts()})


def _write_graphml(xml: _Xml, network: _Network, edges: IO[bytes]) -> None:
    for domain, types in (("node", _OF_NODES), ("edge", _OF_EDGES)):
        for name, kind in types.items():
            xml.write(
                etree.Element(
                    "key",
                    {
                        "id": f"{domain}_{name}",
                        "for": domain,
                        "attr.name": name,
                        "attr.type": _GRAPHML_TYPES[kind],
                    },
                ),
                "\n",
            )
    names: dict[str, str] = {}
    taken: set[str] = set()
    with xml.element("graph", {"id": "entities", "edgedefault": "directed"}):
        xml.write("\n")
        for iri, attributes in network.nodes():
            name = str(attributes["name"])
            # Ids are to tell nodes apart, whatever a graph says of their CURIEs.
            names[iri] = iri if name in taken else name
            taken.add(names[iri])
            xml.write(_element("node", {"id": names[iri]}, attributes), "\n")
        for number, line in enumerate(edges, 1):
            source, target, attributes = json.loads(line)
            ends = {"id": f"e{number}", "source": names[source], "target": names[target]}
            xml.write(_element("edge", ends, attributes), "\n")


def _element(tag: str, own: Mapping[str, str], attributes: Mapping[str, _Value]) -> _Xml:
    element = etree.Element(tag, {name: one_line(value) for name, value in own.items()})
    for name, value in attributes.items():
        data = etree.SubElement(element, "data", {"key": f"{tag}_{name}"})
        data.text = str(value).lower() if isinstance(value, bool) else one_line(str(value))
    return element


class CytoscapeProfile:
    """CX2, which Cytoscape (3.10 and later), Cytoscape Web and NDEx read."""

    name = "cytoscape"
    summary = "the network of entities, with weights, as CX2 for Cytoscape and NDEx"
    suffix = ".cx2"

    def write(self, view: View, target: Path) -> Written:
        """Write the network; the file opens with how many nodes and edges follow.

        Raises:
            KgError: if the graph is damaged.

        """
        network = _Network(view)
        with TemporaryFile("w+") as edges, TemporaryFile("w+") as nodes:
            for edge in network.edges():
                edges.write(json.dumps((edge.source, edge.target, edge.attributes)) + "\n")
            numbers: dict[str, int] = {}
            for iri, attributes in network.nodes():
                numbers[iri] = len(numbers)
                nodes.write(json.dumps({"id": numbers[iri], "v": attributes}) + "\n")
            with target.open("w", encoding="utf-8", newline="\n") as out:
                for part in _cx2(network, nodes, edges, numbers):
                    out.write(part)
        return Written(files={target: network.counts()})


def _cx2(
    network: _Network, nodes: IO[str], edges: IO[str], numbers: Mapping[str, int]
) -> Iterator[str]:
    """Yield the aspects of CX2 in the order that it wants them."""
    sizes = {
        "attributeDeclarations": 1,
        "networkAttributes": 1,
        "nodes": network.entities,
        "edges": network.assertions + network.co_mentions,
        "visualProperties": 1,
    }
    declared = {
        "networkAttributes": {"name": {"d": "string"}, "description": {"d": "string"}},
        "nodes": {name: {"d": kind} for name, kind in _OF_NODES.items()},
        "edges": {name: {"d": kind} for name, kind in _OF_EDGES.items()},
    }
    about = {
        "name": "Entities in the literature",
        "description": "What sentences assert of two entities, and which are named together",
    }
    yield '[{"CXVersion": "2.0", "hasFragments": false},\n'
    counted = [{"name": name, "elementCount": size} for name, size in sizes.items()]
    yield json.dumps({"metaData": counted}) + ",\n"
    yield json.dumps({"attributeDeclarations": [declared]}) + ",\n"
    yield json.dumps({"networkAttributes": [about]}) + ",\n"
    nodes.seek(0)
    edges.seek(0)
    yield from _aspect("nodes", nodes)
    yield from _aspect("edges", _cx2_edges(edges, numbers))
    yield json.dumps({"visualProperties": [_STYLE]}) + ",\n"
    yield '{"status": [{"success": true}]}]\n'


def _cx2_edges(edges: IO[str], numbers: Mapping[str, int]) -> Iterator[str]:
    for number, line in enumerate(edges):
        source, target, attributes = json.loads(line)
        edge = {"id": number, "s": numbers[source], "t": numbers[target], "v": attributes}
        yield json.dumps(edge)


def _aspect(name: str, items: IO[str] | Iterator[str]) -> Iterator[str]:
    yield f'{{"{name}": ['
    before = "\n"
    for item in items:
        yield before + item.rstrip("\n")
        before = ",\n"
    yield "\n]},\n"


# Names on the nodes, and arrows that tell what acts for and what against its object.
_STYLE = {
    "default": {"edge": {}, "network": {}, "node": {}},
    "nodeMapping": {
        "NODE_LABEL": {"type": "PASSTHROUGH", "definition": {"attribute": "label"}},
    },
    "edgeMapping": {
        "EDGE_TARGET_ARROW_SHAPE": {
            "type": "DISCRETE",
            "definition": {
                "attribute": "sign",
                "map": [
                    {"v": "positive", "vp": "triangle"},
                    {"v": "negative", "vp": "tee"},
                ],
            },
        },
    },
}
