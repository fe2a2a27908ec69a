"""Floor 9: what an update asks of the graph that it changes; nodes are as in N-Triples.

Pattern look-ups of Oxigraph, a few microseconds each; no query is parsed.
"""

from collections.abc import Iterator

from pyoxigraph import DefaultGraph, Literal, NamedNode, Store

from kg.namespaces import KG, RDFS
from kg.rdf.nodes import entity_node

_DEFAULT = DefaultGraph()


class Lookups:
    """Looks into the default graph of a store, which may be written to in between."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def close(self) -> None:
        """Let go of the store, which closes when nothing refers to it; of no use then."""
        del self._store

    def about(self, node: str) -> list[tuple[str, str]]:
        """Return the predicates (bare IRIs) and values of a node."""
        found = self._store.quads_for_pattern(_named(node), None, None, _DEFAULT)
        return [(quad.predicate.value, str(quad.object)) for quad in found]

    def exists(self, node: str) -> bool:
        """Tell whether anything is said of a node."""
        return any(True for _ in self._store.quads_for_pattern(_named(node), None, None, _DEFAULT))

    def has(self, node: str, predicate: str, value: str) -> bool:
        """Tell whether a statement is there; `value` is an IRI."""
        found = self._store.quads_for_pattern(
            _named(node), NamedNode(predicate), _named(value), _DEFAULT
        )
        return any(True for _ in found)

    def values(self, node: str, predicate: str) -> list[str]:
        """Return the values of a property; of literals the lexical form alone."""
        found = self._store.quads_for_pattern(_named(node), NamedNode(predicate), None, _DEFAULT)
        return [
            quad.object.value if isinstance(quad.object, Literal) else str(quad.object)
            for quad in found
        ]

    def holders(self, predicate: str, value: str) -> Iterator[str]:
        """Yield the nodes that have a value (an IRI) for a property."""
        found = self._store.quads_for_pattern(None, NamedNode(predicate), _named(value), _DEFAULT)
        for quad in found:
            yield str(quad.subject)

    def is_referred_to(self, node: str) -> bool:
        """Tell whether a statement leads to a node."""
        return any(True for _ in self._store.quads_for_pattern(None, None, _named(node), _DEFAULT))

    def is_mentioned(self, curie: str) -> bool:
        """Tell whether a paper mentions an entity."""
        return any(True for _ in self.holders(f"{KG}mentions", entity_node(curie)))

    def is_entity(self, curie: str) -> bool:
        """Tell whether an entity is in the graph, or a class of an ontology that was added."""
        node = entity_node(curie)
        return bool(self.values(node, f"{KG}curie") or self.values(node, f"{RDFS}isDefinedBy"))

    def pairs(self, predicate: str) -> Iterator[tuple[str, str]]:
        """Yield every node that has a property, with its value; of literals the lexical form."""
        for quad in self._store.quads_for_pattern(None, NamedNode(predicate), None, _DEFAULT):
            value = quad.object
            yield str(quad.subject), value.value if isinstance(value, Literal) else str(value)


def _named(node: str) -> NamedNode:
    return NamedNode(node[1:-1])
