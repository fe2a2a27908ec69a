"""Floor 6: the part of the ontology that goes into a graph.

Its named terms with their labels, definitions and simple axioms. What needs blank nodes (property
chains, disjointness) stays in the ontology file, since a graph holds no blank nodes.
"""

from collections.abc import Iterator

from pyoxigraph import BlankNode, Literal, NamedNode, Quad, RdfFormat, Triple, parse

from kg.resources import resource_path


def ontology_statements() -> Iterator[Quad]:
    """Yield all statements of the ontology, its blank nodes numbered in the order of the file."""
    numbers: dict[BlankNode, BlankNode] = {}

    def numbered(node: BlankNode) -> BlankNode:
        return numbers.setdefault(node, BlankNode(f"axiom{len(numbers) + 1}"))

    for quad in parse(path=str(resource_path("ontology", "litkg.ttl")), format=RdfFormat.TURTLE):
        subject, value = quad.subject, quad.object
        assert isinstance(subject, NamedNode | BlankNode)  # noqa: S101
        assert isinstance(value, NamedNode | BlankNode | Literal)  # noqa: S101
        yield Quad(
            numbered(subject) if isinstance(subject, BlankNode) else subject,
            quad.predicate,
            numbered(value) if isinstance(value, BlankNode) else value,
        )


def named_ontology_lines() -> Iterator[str]:
    """Yield the ontology's statements without blank nodes as N-Triples lines, in order."""
    quads = parse(path=str(resource_path("ontology", "litkg.ttl")), format=RdfFormat.TURTLE)
    lines = {
        f"{quad.triple} ."
        for quad in quads
        if not any(isinstance(node, BlankNode | Triple) for node in (quad.subject, quad.object))
    }
    yield from sorted(lines)
