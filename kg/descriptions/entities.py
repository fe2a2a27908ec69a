"""Floor 8: what papers say of an entity: the newest, what is stated of it, what goes with it."""

from dataclasses import dataclass

from pyoxigraph import Literal, NamedNode, QuerySolution

from kg.descriptions.edges import ORDERED
from kg.descriptions.model import Readable, select
from kg.namespaces import KG

_STATEMENTS = 5_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Stated:
    """An assertion about an entity: how many papers have it, whether it is denied or supposed."""

    assertion: str
    papers: int
    negated: bool
    speculative: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Together:
    """An entity that papers mention together with another, and how many do."""

    entity: str
    node: str
    papers: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Entity:
    """What papers say of an entity, so much of each as was asked for.

    `papers` are the newest, with their years; `statements` those that most papers have; `together`
    the entities that are mentioned with it most beyond chance.
    """

    papers: tuple[tuple[str, int | None], ...]
    statements: tuple[Stated, ...]
    together: tuple[Together, ...]


def read_entity(graph: Readable, iri: str, shown: int = 10) -> Entity:
    """Return what papers say of an entity; of one with very many papers, what some of them say.

    Raises:
        ValueError: if it is no IRI.
    """
    x = NamedNode(iri)
    return Entity(
        papers=_papers(graph, x, shown),
        statements=_statements(graph, x, shown),
        together=_together(graph, x, shown),
    )


def _papers(graph: Readable, x: NamedNode, shown: int) -> tuple[tuple[str, int | None], ...]:
    rows = select(
        graph,
        f"SELECT ?paper ?year {{ {{ SELECT ?paper {{ ?paper <{KG}mentions> {x} }} "
        f"LIMIT {ORDERED} }} OPTIONAL {{ ?paper <{KG}year> ?year }} }}",
    )
    years = {row["paper"].value: _number(row, "year") or None for row in rows}
    ordered = sorted(years.items(), key=lambda item: (-(item[1] or 0), item[0]))
    return tuple(ordered[:shown])


def _statements(graph: Readable, x: NamedNode, shown: int) -> tuple[Stated, ...]:
    found = {}
    for end in ("subject", "object"):
        rows = select(
            graph,
            f"SELECT ?a ?papers ?not ?maybe {{ {{ SELECT ?a {{ ?a <{KG}{end}> {x} }} "
            f"LIMIT {_STATEMENTS} }} ?a <{KG}paperCount> ?papers ; <{KG}negated> ?not ; "
            f"<{KG}speculative> ?maybe }}",
        )
        for row in rows:
            found[row["a"].value] = Stated(
                assertion=row["a"].value,
                papers=_number(row, "papers"),
                negated=row["not"].value == "true",
                speculative=row["maybe"].value == "true",
            )
    ordered = sorted(found.values(), key=lambda one: (-one.papers, one.speculative, one.assertion))
    return tuple(ordered[:shown])


def _together(graph: Readable, x: NamedNode, shown: int) -> tuple[Together, ...]:
    rows = select(
        graph,
        f"SELECT ?pair ?other ?papers ?likelihood {{ {{ SELECT ?pair {{ "
        f"?pair <{KG}coMentioned> {x} }} LIMIT {ORDERED} }} ?pair <{KG}coMentioned> ?other ; "
        f"<{KG}paperCount> ?papers . FILTER(?other != {x}) "
        f"OPTIONAL {{ ?pair <{KG}logLikelihood> ?likelihood }} }}",
    )
    ranked = []
    for row in rows:
        likelihood = row["likelihood"]
        rank = float(likelihood.value) if isinstance(likelihood, Literal) else 0.0
        papers = _number(row, "papers")
        one = Together(entity=row["other"].value, node=row["pair"].value, papers=papers)
        ranked.append((-rank, -papers, one.entity, one))
    return tuple(one for *_, one in sorted(ranked, key=lambda each: each[:3])[:shown])


def _number(row: QuerySolution, name: str) -> int:
    value = row[name]
    text = value.value if isinstance(value, Literal) else ""
    return int(text) if text.isascii() and text.isdecimal() else 0
