"""Floor 8: the classes and properties that a graph uses, by what it says of itself (VoID)."""

from dataclasses import dataclass

from pyoxigraph import Literal

from kg.descriptions.model import Readable, nodes, select
from kg.namespaces import OWL, RDF, RDFS, SKOS, VOID

_MOST = 2_000


@dataclass(frozen=True, slots=True, kw_only=True)
class TermUsed:
    """A class or a property: how many things are of it, or statements have it; None: not known."""

    iri: str
    is_class: bool
    label: str
    definition: str
    count: int | None


def read_terms_used(graph: Readable) -> list[TermUsed]:
    """Return the classes and properties of a graph, those that are used most first.

    Of a graph that says nothing of itself, those that it has a description of, without counts.
    """
    counts: dict[tuple[str, bool], int | None] = {}
    counts |= {(iri, True): count for iri, count in _listed(graph, "class", "entities")}
    counts |= {(iri, False): count for iri, count in _listed(graph, "property", "triples")}
    if not counts:
        counts = dict.fromkeys(_described(graph))
    labels = _texts(graph, counts, f"{RDFS}label")
    definitions = _texts(graph, counts, f"{SKOS}definition")
    terms = [
        TermUsed(
            iri=iri,
            is_class=is_class,
            label=labels.get(iri, ""),
            definition=definitions.get(iri, ""),
            count=count,
        )
        for (iri, is_class), count in counts.items()
    ]
    return sorted(terms, key=lambda term: (-(term.count or 0), term.iri))


def _listed(graph: Readable, what: str, counted: str) -> list[tuple[str, int | None]]:
    rows = select(
        graph,
        f"SELECT ?term ?n {{ GRAPH ?about {{ ?part <{VOID}{what}> ?term ; "
        f"<{VOID}{counted}> ?n }} }} LIMIT {_MOST}",
    )
    found: dict[str, int | None] = {}
    for row in rows:
        number = row["n"].value if isinstance(row["n"], Literal) else ""
        found[row["term"].value] = int(number) if number.isascii() and number.isdecimal() else None
    return list(found.items())


def _described(graph: Readable) -> list[tuple[str, bool]]:
    found = []
    for kind, is_class in (
        (f"{OWL}ObjectProperty", False),
        (f"{OWL}DatatypeProperty", False),
        (f"{RDF}Property", False),
        (f"{RDFS}Class", True),
    ):
        rows = select(graph, f"SELECT DISTINCT ?term {{ ?term a <{kind}> }} LIMIT {_MOST}")
        found += [(row["term"].value, is_class) for row in rows]
    return found


def _texts(
    graph: Readable, terms: dict[tuple[str, bool], int | None], predicate: str
) -> dict[str, str]:
    """Return one text of each term, the English one of several."""
    iris = {iri for iri, _ in terms if not iri.startswith("_:")}
    if not iris:
        return {}
    rows = select(
        graph,
        f"SELECT ?term ?text {{ VALUES ?term {{ {nodes(iris)} }} ?term <{predicate}> ?text }}",
    )
    found: dict[str, tuple[bool, str]] = {}
    for row in rows:
        text = row["text"]
        if isinstance(text, Literal):
            rank = ((text.language or "en").partition("-")[0] != "en", text.value)
            iri = row["term"].value
            found[iri] = min(found.get(iri, rank), rank)
    return {iri: text for iri, (_, text) in found.items()}
