"""Floor 6: the part of the ontology that goes into a graph.

Its named terms with their labels, definitions and simple axioms. What needs blank nodes (property
chains, disjointness) stays in the ontology file, since a graph holds no blank nodes.
"""

from collections.abc import Iterator

from pyoxigraph import BlankNode, RdfFormat, Triple, parse

from kg.resources import resource_path


def named_ontology_lines() -> Iterator[str]:
    """Yield the ontology's statements without blank nodes as N-Triples lines, in order."""
    quads = parse(path=str(resource_path("ontology", "litkg.ttl")), format=RdfFormat.TURTLE)
    lines = {
        f"{quad.triple} ."
        for quad in quads
        if not any(isinstance(node, BlankNode | Triple) for node in (quad.subject, quad.object))
    }
    yield from sorted(lines)
