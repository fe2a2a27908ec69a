"""Floor 8: the statements of a thing in both directions, of each property so many and no more.

A thing may have two statements or two million, so nothing is asked whose cost grows with them: of
each property as many are read as can be put in order at once, in a few hundredths of a second.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from pyoxigraph import BlankNode, Literal, NamedNode, Quad, QuerySolutions, Triple

from kg.descriptions.model import Description, Edge, Edges, Readable, Term, quads_of, select
from kg.namespaces import RDF, VOID

SHOWN = 200
"""Statements of a property, in one direction, that are given at once."""

ORDERED = 1_000
"""Up to how many statements of a property are put in order; more come as the store has them."""

COUNTED = 10_000
"""Up to how many statements of a property are counted, in about 0.002 s."""

_LOOKED_AT = 100_000
"""Statements of a thing that are looked through for their properties, in about 0.02 s."""

_MOST_PROPERTIES = 500
_MOST_INNER = 1_000
_TYPE = f"{RDF}type"
_DEFAULT, _NAMED = "", "?g"
"""Where statements are looked for: in the default graph, in any of the others."""


def describe_node(graph: Readable, iri: str, shown: int = SHOWN) -> Description:
    """Return what a graph says of a thing: of each property, up to `shown` in each direction.

    Raises:
        ValueError: if it is no IRI.
    """
    outgoing = _Direction(graph, iri, is_incoming=False)
    incoming = _Direction(graph, iri, is_incoming=True)
    out, all_out = outgoing.describe(shown)
    into, all_in = incoming.describe(shown)
    has_blank = any(isinstance(edge.value, BlankNode) for each in out for edge in each.edges)
    return Description(
        iri=iri,
        outgoing=out,
        incoming=into,
        inner=tuple(_inner(graph, iri)) if has_blank else (),
        is_whole=all_out and all_in,
    )


def read_page(
    graph: Readable,
    iri: str,
    predicate: str,
    *,
    is_incoming: bool,
    after: str = "",
    shown: int = SHOWN,
) -> Edges:
    """Return statements of one property, those that come after what an earlier page ended with.

    They are in the order of their keys, and `after` is a key; where there are more than `ORDERED`,
    they are in the order of the store, which is the same as long as the graph is, and `after` is
    how many came before.

    Raises:
        ValueError: if one of these is no IRI.
    """
    direction = _Direction(graph, iri, is_incoming=is_incoming)
    return direction.read(predicate, direction.graphs_with(predicate), shown, after)


def describe_outgoing(graph: Readable, iri: str, shown: int = SHOWN) -> Description:
    """Return what a graph says of a thing as the subject alone: of each property, up to `shown`.

    Raises:
        ValueError: if it is no IRI.
    """
    out, is_whole = _Direction(graph, iri, is_incoming=False).describe(shown)
    return Description(iri=iri, outgoing=out, incoming=(), is_whole=is_whole)


@dataclass(frozen=True, slots=True)
class _Direction:
    """The statements that lead from a thing, or to it."""

    graph: Readable
    iri: str
    is_incoming: bool

    def describe(self, shown: int) -> tuple[tuple[Edges, ...], bool]:
        """Return the statements by property, and whether these properties are surely all."""
        used, is_whole = self._properties()
        ordered = sorted(used, key=lambda each: (each != _TYPE, each))
        if len(ordered) > _MOST_PROPERTIES:
            ordered, is_whole = ordered[:_MOST_PROPERTIES], False
        return tuple(self.read(each, used[each], shown) for each in ordered), is_whole

    def graphs_with(self, predicate: str) -> set[str]:
        """Return where the thing has a property."""
        named = NamedNode(predicate)
        return {
            place
            for place in (_DEFAULT, _NAMED)
            if any(True for _ in self._select("?v", self._pattern(str(named), place), 1))
        }

    def read(self, predicate: str, places: set[str], shown: int, after: str = "") -> Edges:
        """Return statements of one property, which stand in these places."""
        named = str(NamedNode(predicate))
        patterns = [f"{{ {self._pattern(named, place)} }}" for place in sorted(places)]
        pattern = " UNION ".join(patterns) or "FILTER(false)"
        wanted = "?v ?g" if _NAMED in places else "?v"
        rows = list(_rows(self._select(wanted, pattern, shown + 1)))
        if len(rows) > shown or after:
            total = self._count(pattern, places)
            if total > ORDERED:
                begin = int(after) if after.isascii() and after.isdecimal() else 0
                if begin:
                    rows = list(_rows(self._select(wanted, pattern, shown + 1, begin)))
                return Edges(
                    predicate=predicate,
                    is_incoming=self.is_incoming,
                    edges=tuple(Edge(value=value, graphs=(name,)) for value, name in rows[:shown]),
                    total=min(total, COUNTED),
                    is_least=total > COUNTED,
                    begin=after,
                    after=str(begin + shown) if len(rows) > shown else "",
                )
            rows = list(_rows(self._select(wanted, pattern)))
        every = _merged(rows)
        left = [edge for edge in every if edge.key > after] if after else every
        return Edges(
            predicate=predicate,
            is_incoming=self.is_incoming,
            edges=tuple(left[:shown]),
            total=len(every),
            begin=after,
            after=left[shown - 1].key if len(left) > shown else "",
        )

    def _count(self, pattern: str, places: set[str]) -> int:
        """Return how many values there are, or one more than are counted."""
        # A value that stands in several graphs is one.
        what = "DISTINCT ?v" if _NAMED in places else "?v"
        inner = f"SELECT {what} {{ {pattern} }} LIMIT {COUNTED + 1}"
        counted = self._select("(COUNT(*) AS ?n)", inner)
        return max((_number(row["n"]) for row in counted), default=0)

    def _properties(self) -> tuple[dict[str, set[str]], bool]:
        """Return the properties of the thing with where it has them, and whether that is all.

        Of a thing with very many statements, some are looked through, and the properties that the
        graph lists of itself (VoID) are tried.
        """
        used: dict[str, set[str]] = {}
        is_whole = True
        for place in (_DEFAULT, _NAMED):
            pattern = self._pattern("?p", place)
            looked_at = f"SELECT ?p {{ {pattern} }} LIMIT {_LOOKED_AT}"
            rows = select(
                self.graph, f"SELECT ?p (COUNT(*) AS ?n) {{ {looked_at} }} GROUP BY ?p LIMIT 1000"
            )
            counts = {row["p"].value: _number(row["n"]) for row in rows if row["p"] is not None}
            found = set(counts)
            if sum(counts.values()) >= _LOOKED_AT:
                is_whole = False
                found |= self._listed(pattern)
            for each in found:
                used.setdefault(each, set()).add(place)
        return used, is_whole

    def _listed(self, pattern: str) -> set[str]:
        """Return the properties that the graph lists of itself and that match a pattern."""
        rows = select(
            self.graph,
            f"SELECT DISTINCT ?p {{ GRAPH ?about {{ ?part <{VOID}property> ?p }} "
            f"FILTER EXISTS {{ {pattern} }} }} LIMIT 1000",
        )
        return {row["p"].value for row in rows if isinstance(row["p"], NamedNode)}

    def _pattern(self, predicate: str, place: str) -> str:
        x = NamedNode(self.iri)
        plain = f"?v {predicate} {x}" if self.is_incoming else f"{x} {predicate} ?v"
        return f"GRAPH {place} {{ {plain} }}" if place else plain

    def _select(self, wanted: str, pattern: str, limit: int = 0, offset: int = 0) -> QuerySolutions:
        most = f" LIMIT {limit} OFFSET {offset}" if limit else ""
        return select(self.graph, f"SELECT {wanted} {{ {pattern} }}{most}")


def _number(value: object) -> int:
    return int(value.value) if isinstance(value, Literal) else 0


def _rows(rows: QuerySolutions) -> Iterator[tuple[Term, str]]:
    """Yield values, each with the name of its graph."""
    has_graph = any(variable.value == "g" for variable in rows.variables)
    for row in rows:
        value, name = row["v"], row["g"] if has_graph else None
        if isinstance(value, NamedNode | BlankNode | Literal | Triple):
            yield value, name.value if isinstance(name, NamedNode) else ""


def _merged(rows: list[tuple[Term, str]]) -> list[Edge]:
    """Return edges in the order of their keys, one a value whatever graphs it stands in."""
    graphs: dict[Term, set[str]] = {}
    for value, name in rows:
        graphs.setdefault(value, set()).add(name)
    edges = (Edge(value=value, graphs=tuple(sorted(names))) for value, names in graphs.items())
    return sorted(edges, key=lambda edge: edge.key)


def _inner(graph: Readable, iri: str) -> Iterator[Quad]:
    """Yield what is said of the blank nodes that a thing leads to, one step far."""
    x = NamedNode(iri)
    rows = select(
        graph,
        f"SELECT ?s ?p ?o {{ {x} ?q ?s . FILTER(isBlank(?s)) ?s ?p ?o }} LIMIT {_MOST_INNER}",
    )
    yield from quads_of(rows)
