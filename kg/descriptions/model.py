"""Floor 8: the description of a thing as values, and how a graph is asked for it."""

from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from typing import Protocol

from pyoxigraph import (
    BlankNode,
    DefaultGraph,
    Literal,
    NamedNode,
    Quad,
    QueryBoolean,
    QuerySolution,
    QuerySolutions,
    QueryTriples,
    Triple,
)

_LONGEST_KEY = 400
_DEFAULT = DefaultGraph()

Term = NamedNode | BlankNode | Literal | Triple


class Readable(Protocol):
    """What answers SPARQL queries: a graph on disk (`kg.store.Graph`), or one elsewhere."""

    def query(self, sparql: str, /) -> QuerySolutions | QueryBoolean | QueryTriples:
        """Answer a query."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Edge:
    """A statement of a thing: the term at its other end, and the graphs that it stands in.

    `graphs` names them, with an empty text for the default graph.
    """

    value: Term
    graphs: tuple[str, ...] = ("",)

    @property
    def key(self) -> str:
        """What edges of one property are in the order of: the term, or its beginning and a hash."""
        text = str(self.value)
        if len(text) <= _LONGEST_KEY:
            return text
        return f"{text[:_LONGEST_KEY]}{sha256(text.encode()).hexdigest()[:16]}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Edges:
    """The statements that tie a thing to others by one property, or some of them.

    `is_incoming` tells that the thing is their object. There are `total` of them, or more where
    that `is_least`. `after` is what the rest comes after (`read_page`), empty where there is none;
    `begin` is what these came after.
    """

    predicate: str
    is_incoming: bool
    edges: tuple[Edge, ...]
    total: int
    is_least: bool = False
    begin: str = ""
    after: str = ""

    def quads(self, node: str) -> Iterator[Quad]:
        """Yield the statements themselves, about the thing with this IRI."""
        thing, predicate = NamedNode(node), NamedNode(self.predicate)
        for edge in self.edges:
            for name in edge.graphs:
                graph = NamedNode(name) if name else DefaultGraph()
                if not self.is_incoming:
                    yield Quad(thing, predicate, edge.value, graph)
                elif isinstance(edge.value, NamedNode | BlankNode):
                    yield Quad(edge.value, predicate, thing, graph)


@dataclass(frozen=True, slots=True, kw_only=True)
class Description:
    """What a graph says of a thing, property by property, and of the blank nodes that it leads to.

    `is_whole` is False where the thing has so many statements that a rare property may be missing.
    """

    iri: str
    outgoing: tuple[Edges, ...]
    incoming: tuple[Edges, ...]
    inner: tuple[Quad, ...] = ()
    is_whole: bool = True

    @property
    def all(self) -> tuple[Edges, ...]:
        """The statements in both directions."""
        return (*self.outgoing, *self.incoming)

    def values(self, predicate: str) -> list[Term]:
        """Return what the thing has for a property, as far as it was read."""
        return [
            edge.value
            for edges in self.outgoing
            if edges.predicate == predicate
            for edge in edges.edges
        ]

    def texts(self, predicate: str) -> list[str]:
        """Return the literals and IRIs that the thing has for a property, as texts."""
        return [
            value.value
            for value in self.values(predicate)
            if isinstance(value, Literal | NamedNode)
        ]

    def text(self, predicate: str) -> str:
        """Return the first of these, or an empty text."""
        return next(iter(self.texts(predicate)), "")

    def quads(self) -> Iterator[Quad]:
        """Yield all statements."""
        for edges in self.all:
            yield from edges.quads(self.iri)
        yield from self.inner


def select(graph: Readable, query: str) -> QuerySolutions:
    """Return the rows of a SELECT."""
    rows = graph.query(query)
    assert isinstance(rows, QuerySolutions)  # noqa: S101
    return rows


def quads_of(rows: QuerySolutions, graph: NamedNode | DefaultGraph = _DEFAULT) -> Iterator[Quad]:
    """Yield the statements that rows with `?s ?p ?o` are, in a graph."""
    for row in rows:
        subject, predicate, value = row["s"], row["p"], row["o"]
        if (
            isinstance(subject, NamedNode | BlankNode)
            and isinstance(predicate, NamedNode)
            and isinstance(value, NamedNode | BlankNode | Literal | Triple)
        ):
            yield Quad(subject, predicate, value, graph)


def ask(graph: Readable, query: str) -> bool:
    """Return the answer to an ASK."""
    answer = graph.query(query)
    assert isinstance(answer, QueryBoolean)  # noqa: S101
    return bool(answer)


def nodes(iris: Iterator[str] | list[str] | tuple[str, ...] | set[str]) -> str:
    """Return IRIs as the rows of a VALUES block.

    Raises:
        ValueError: if one of them is no IRI.

    >>> nodes(["http://example.org/a"])
    '<http://example.org/a>'
    """
    return " ".join(str(NamedNode(each)) for each in iris)


def text_of(row: QuerySolution, name: str) -> str:
    """Return the text that a row has in a column; an empty one where it has none."""
    value = row[name]
    return value.value if isinstance(value, Literal) else ""


def number_of(row: QuerySolution, name: str) -> int:
    """Return the number that a row has in a column; 0 where it has none."""
    text = text_of(row, name)
    return int(text) if text.isascii() and text.isdecimal() else 0
