"""Floor 8: entities and what joins them, as a network: what papers say, what they mention together.

An edge is an assertion, or a pair of entities that are mentioned together. All is bounded: of an
entity with very many assertions some thousands are looked at, and those are given that most papers
have.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from pyoxigraph import Literal, NamedNode, QuerySolution

from kg.descriptions.model import Readable, nodes, select
from kg.namespaces import DCTERMS, KG, OWL

MOST_EDGES = 2_000

_LOOKED_AT = 20_000
_NEIGHBOURS = 150
_SENTENCES = 50
_PER_QUERY = 500
_SIGNS = {"positive": "+", "negative": "-"}


@dataclass(frozen=True, slots=True, kw_only=True)
class NetworkEdge:
    """What joins two entities: an assertion, or with `predicate` empty, that papers mention both.

    `sign` is "+" where the source raises the target, "-" where it lowers it, ">" where neither is
    said, and empty where there is no direction. `years` are those of the papers that say so, each
    with how many; of entities that are mentioned together they are not known.
    """

    iri: str
    source: str
    target: str
    predicate: str
    sign: str
    negated: bool
    speculative: bool
    papers: int
    sentences: int
    years: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Network:
    """Edges, those first that most papers have; `is_cut` where there are more."""

    edges: tuple[NetworkEdge, ...]
    is_cut: bool

    @property
    def nodes(self) -> tuple[str, ...]:
        """The entities that are joined, each once."""
        ends = (end for edge in self.edges for end in (edge.source, edge.target))
        return tuple(dict.fromkeys(ends))


@dataclass(frozen=True, slots=True, kw_only=True)
class Quoted:
    """A sentence that says what an assertion does, and the paper that has it."""

    sentence: str
    text: str
    paper: str
    title: str
    year: int | None
    trigger: str
    negated: bool
    speculative: bool


def read_network(
    graph: Readable, iris: Sequence[str], *, limit: int = 300, together: bool = False
) -> Network:
    """Return what joins entities with others, and these with each other, up to `limit` edges.

    With `together`, also what is only mentioned with them.

    Raises:
        ValueError: if one of them is no IRI.
    """
    found = {edge.iri: edge for end in ("subject", "object") for edge in _stated(graph, iris, end)}
    if together:
        found |= {edge.iri: edge for edge in _together(graph, iris)}
    around = sorted(found.values(), key=_rank)
    chosen = around[:limit]
    inner: list[NetworkEdge] = []
    if len(chosen) < limit:
        given = set(iris)
        near = [node for node in _ends(chosen) if node not in given][:_NEIGHBOURS]
        between = {edge.iri: edge for edge in _between(graph, near)} if near else {}
        if together and near:
            between |= {edge.iri: edge for edge in _together(graph, near)}
        known = set(near)
        inner = [
            edge
            for edge in sorted(between.values(), key=_rank)
            if edge.source in known and edge.target in known and edge.iri not in found
        ]
    edges = [*chosen, *inner[: limit - len(chosen)]]
    years = _years(graph, [edge.iri for edge in edges if edge.predicate])
    return Network(
        edges=tuple(replace(edge, years=years.get(edge.iri, ())) for edge in edges),
        is_cut=len(around) + len(inner) > limit,
    )


def read_quoted(graph: Readable, assertion: str) -> list[Quoted]:
    """Return the sentences that say what an assertion does, those of the newest papers first.

    Raises:
        ValueError: if it is no IRI.
    """
    rows = select(
        graph,
        f"SELECT ?s ?text ?paper ?title ?year ?trigger ?not ?maybe {{ "
        f"{NamedNode(assertion)} <{KG}evidence> ?e . ?e <{KG}evidenceSentence> ?s . "
        f"?s <{KG}inPublication> ?paper . OPTIONAL {{ ?s <{KG}text> ?text }} "
        f"OPTIONAL {{ ?paper <{DCTERMS}title> ?title }} OPTIONAL {{ ?paper <{KG}year> ?year }} "
        f"OPTIONAL {{ ?e <{KG}trigger> ?trigger }} OPTIONAL {{ ?e <{KG}negated> ?not }} "
        f"OPTIONAL {{ ?e <{KG}speculative> ?maybe }} }} LIMIT {_LOOKED_AT}",
    )
    found: dict[str, Quoted] = {}
    for row in rows:
        one = Quoted(
            sentence=row["s"].value,
            text=_text(row, "text"),
            paper=row["paper"].value,
            title=_text(row, "title"),
            year=_number(row, "year") or None,
            trigger=_text(row, "trigger"),
            negated=_text(row, "not") == "true",
            speculative=_text(row, "maybe") == "true",
        )
        found.setdefault(one.sentence, one)
    ordered = sorted(found.values(), key=lambda one: (-(one.year or 0), one.title, one.sentence))
    return ordered[:_SENTENCES]


def _rank(edge: NetworkEdge) -> tuple[bool, int, bool, str]:
    return not edge.predicate, -edge.papers, edge.speculative, edge.iri


def _ends(edges: Iterable[NetworkEdge]) -> Iterable[str]:
    return dict.fromkeys(end for edge in edges for end in (edge.source, edge.target))


def _stated(graph: Readable, iris: Sequence[str], end: str) -> list[NetworkEdge]:
    """Return the assertions that entities are the subjects, or the objects, of."""
    return _read(graph, f"VALUES ?x {{ {nodes(list(iris))} }} ?a <{KG}{end}> ?x")


def _between(graph: Readable, iris: Sequence[str]) -> list[NetworkEdge]:
    """Return the assertions that tie entities to each other."""
    # Most lead to others, of which no more is read than where they lead.
    rows = select(
        graph,
        f"SELECT ?a ?o {{ {{ SELECT ?a {{ VALUES ?x {{ {nodes(list(iris))} }} "
        f"?a <{KG}subject> ?x }} LIMIT {_LOOKED_AT} }} ?a <{KG}object> ?o }}",
    )
    known = set(iris)
    some = [row["a"].value for row in rows if row["o"].value in known]
    return _read(graph, f"VALUES ?a {{ {nodes(some)} }}") if some else []


def _read(graph: Readable, pattern: str) -> list[NetworkEdge]:
    """Return the assertions that a pattern of SPARQL binds to `?a`."""
    rows = select(
        graph,
        f"SELECT ?a ?s ?p ?o ?papers ?sentences ?not ?maybe {{ "
        f"{{ SELECT ?a {{ {pattern} }} LIMIT {_LOOKED_AT} }} "
        f"?a <{KG}subject> ?s ; <{KG}predicate> ?p ; <{KG}object> ?o ; <{KG}paperCount> ?papers ; "
        f"<{KG}sentenceCount> ?sentences ; <{KG}negated> ?not ; <{KG}speculative> ?maybe }}",
    )
    signs = _signs(graph)
    return [
        NetworkEdge(
            iri=row["a"].value,
            source=row["s"].value,
            target=row["o"].value,
            predicate=row["p"].value,
            sign=signs.get(row["p"].value, ">"),
            negated=_text(row, "not") == "true",
            speculative=_text(row, "maybe") == "true",
            papers=_number(row, "papers"),
            sentences=_number(row, "sentences"),
        )
        for row in rows
    ]


def _signs(graph: Readable) -> dict[str, str]:
    """Return the signs of relations, as the graph's ontology has them."""
    rows = select(
        graph,
        f"SELECT ?p ?sign {{ ?p a <{KG}Relation> . OPTIONAL {{ ?p <{KG}sign> ?sign }} }} LIMIT 500",
    )
    signs = {row["p"].value: _SIGNS.get(_text(row, "sign"), ">") for row in rows}
    symmetric = select(
        graph,
        f"SELECT ?p {{ ?p a <{OWL}SymmetricProperty> }} LIMIT 500",
    )
    return signs | {row["p"].value: "" for row in symmetric}


def _together(graph: Readable, iris: Sequence[str]) -> list[NetworkEdge]:
    """Return the pairs of entities that are mentioned together, of which one is given."""
    rows = select(
        graph,
        f"SELECT ?pair ?x ?other ?papers ?sentences {{ "
        f"{{ SELECT ?pair ?x {{ VALUES ?x {{ {nodes(list(iris))} }} "
        f"?pair <{KG}coMentioned> ?x }} LIMIT {_LOOKED_AT} }} "
        f"?pair <{KG}coMentioned> ?other ; <{KG}paperCount> ?papers ; "
        f"<{KG}sentenceCount> ?sentences . FILTER(?other != ?x) }}",
    )
    return [
        NetworkEdge(
            iri=row["pair"].value,
            source=row["x"].value,
            target=row["other"].value,
            predicate="",
            sign="",
            negated=False,
            speculative=False,
            papers=_number(row, "papers"),
            sentences=_number(row, "sentences"),
        )
        for row in rows
    ]


def _years(graph: Readable, assertions: Sequence[str]) -> dict[str, tuple[tuple[int, int], ...]]:
    """Return the years of the papers that have an assertion, with how many each has."""
    found: dict[str, dict[int, int]] = {}
    for begin in range(0, len(assertions), _PER_QUERY):
        rows = select(
            graph,
            f"SELECT ?a ?year (COUNT(DISTINCT ?paper) AS ?n) {{ "
            f"VALUES ?a {{ {nodes(list(assertions[begin : begin + _PER_QUERY]))} }} "
            f"?a <{KG}evidence>/<{KG}evidenceSentence>/<{KG}inPublication> ?paper . "
            f"?paper <{KG}year> ?year }} GROUP BY ?a ?year",
        )
        for row in rows:
            year = _number(row, "year")
            if year:
                found.setdefault(row["a"].value, {})[year] = _number(row, "n")
    return {iri: tuple(sorted(years.items())) for iri, years in found.items()}


def _text(row: QuerySolution, name: str) -> str:
    value = row[name]
    return value.value if isinstance(value, Literal) else ""


def _number(row: QuerySolution, name: str) -> int:
    text = _text(row, name)
    return int(text) if text.isascii() and text.isdecimal() else 0
