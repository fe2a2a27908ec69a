"""Floor 8: what papers say of an entity: the newest, what is stated of it, what goes with it."""

from dataclasses import dataclass

from pyoxigraph import NamedNode

from kg.descriptions.literature import Papers, count_mentioning, count_years, read_papers
from kg.descriptions.model import Readable, number_of, select
from kg.descriptions.statements import Stated, read_stated
from kg.namespaces import KG, RDFS, SKOS
from kg.rdf.nodes import CLASS_OF_TYPE

_BELOW = 1_000
_KINDS = frozenset(f"{KG}{name}" for name in CLASS_OF_TYPE.values())
BELOW = (f"{RDFS}subClassOf", f"{KG}memberOf", f"{KG}componentOf", f"{SKOS}broader")
"""By what something comes under an entity: as a kind, a member, a part, or narrower."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Together:
    """An entity that papers mention together with another, and how many do; `kind` is its class."""

    entity: str
    kind: str
    node: str
    papers: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Below:
    """Entities that come under another by one property, each with how many papers mention it.

    Those first that most do; there are `total` of them.
    """

    predicate: str
    entities: tuple[tuple[str, int], ...]
    total: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Entity:
    """What papers say of an entity, so much of each as was asked for.

    `years` are how many papers mention it in each, `papers` the newest of them. `said` and
    `said_to` are what is asserted of it as a subject and as an object; `together` the entities that
    are mentioned with it most beyond chance, and `below` those that come under it.
    """

    years: dict[int, int]
    papers: Papers
    said: Stated
    said_to: Stated
    together: tuple[Together, ...]
    below: tuple[Below, ...]


def read_entity(
    graph: Readable,
    iri: str,
    *,
    shown: int = 10,
    papers: int = 10,
    together: int = 160,
    below: int = 12,
) -> Entity:
    """Return what papers say of an entity; of one with very many papers, what some of them say.

    Raises:
        ValueError: if it is no IRI.
    """
    years = count_years(graph, iri)
    return Entity(
        years=years,
        papers=read_papers(graph, iri, years=years, shown=papers),
        said=read_stated(graph, iri, as_object=False, shown=shown),
        said_to=read_stated(graph, iri, as_object=True, shown=shown),
        together=_together(graph, NamedNode(iri), together),
        below=tuple(_below(graph, NamedNode(iri), below)),
    )


def _together(graph: Readable, x: NamedNode, shown: int) -> tuple[Together, ...]:
    """Return what goes with an entity; without figures of chance (of a small graph), by papers."""
    # No more than there are entities, and each takes a few microseconds.
    ranked: list[str] = []
    for name in ("logLikelihood", "paperCount"):
        rows = select(
            graph,
            f"SELECT ?pair {{ ?pair <{KG}coMentioned> {x} . ?pair <{KG}{name}> ?rank }} "
            f"ORDER BY DESC(?rank) LIMIT {shown}",
        )
        ranked = [row["pair"].value for row in rows]
        if ranked:
            break
    chosen = " ".join(str(NamedNode(pair)) for pair in ranked)
    rows = select(
        graph,
        f"SELECT ?pair ?other ?papers ?kind {{ VALUES ?pair {{ {chosen} }} "
        f"?pair <{KG}coMentioned> ?other . FILTER(?other != {x}) ?pair <{KG}paperCount> ?papers . "
        f"?other a ?kind }}",
    )
    found = {
        row["pair"].value: Together(
            entity=row["other"].value,
            kind=row["kind"].value,
            node=row["pair"].value,
            papers=number_of(row, "papers"),
        )
        for row in rows
        if row["kind"].value in _KINDS
    }
    return tuple(found[pair] for pair in ranked if pair in found)


def _below(graph: Readable, x: NamedNode, shown: int) -> list[Below]:
    found = []
    for predicate in BELOW:
        rows = select(graph, f"SELECT DISTINCT ?e {{ ?e <{predicate}> {x} }} LIMIT {_BELOW}")
        entities = {row["e"].value for row in rows if isinstance(row["e"], NamedNode)}
        if entities:
            counts = count_mentioning(graph, entities)
            ranked = sorted(entities, key=lambda iri: (-counts.get(iri, 0), iri))
            found.append(
                Below(
                    predicate=predicate,
                    entities=tuple((iri, counts.get(iri, 0)) for iri in ranked[:shown]),
                    total=len(ranked),
                )
            )
    return found
