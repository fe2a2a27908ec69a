"""Floor 8: the terms of an ontology whose IRIs are parts of its own (`.../ontology#Gene`)."""

from collections.abc import Iterator
from dataclasses import dataclass

from pyoxigraph import Literal, NamedNode, Quad

from kg.descriptions.model import Readable, quads_of, select
from kg.namespaces import OWL, RDF, RDFS, SKOS

KINDS = {
    f"{OWL}Class": "Classes",
    f"{OWL}ObjectProperty": "Relations",
    f"{OWL}DatatypeProperty": "Data properties",
    f"{OWL}AnnotationProperty": "Annotations",
}
_MOST = 20_000


@dataclass(frozen=True, slots=True, kw_only=True)
class OntologyTerm:
    """A term of an ontology; `above` are the classes or properties that it comes under."""

    iri: str
    kind: str
    label: str
    definition: str
    above: tuple[str, ...]
    domain: tuple[str, ...]
    range: tuple[str, ...]


def read_terms(graph: Readable, ontology: str) -> list[OntologyTerm]:
    """Return the terms of an ontology that are parts of it, kind by kind, in order."""
    quads: dict[str, list[Quad]] = {}
    for quad in read_quads(graph, ontology):
        if isinstance(quad.subject, NamedNode):
            quads.setdefault(quad.subject.value, []).append(quad)
    terms = []
    for iri, said in quads.items():

        def of(predicate: str, said: list[Quad] = said) -> tuple[str, ...]:
            found = (each for each in said if each.predicate.value == predicate)
            values = (each.object for each in found)
            return tuple(
                sorted(each.value for each in values if isinstance(each, NamedNode | Literal))
            )

        types = of(f"{RDF}type")
        kind = next((each for each in KINDS if each in types), None)
        if kind is not None:
            terms.append(
                OntologyTerm(
                    iri=iri,
                    kind=kind,
                    label=next(iter(of(f"{RDFS}label")), ""),
                    definition=next(iter(of(f"{SKOS}definition")), ""),
                    above=of(f"{RDFS}subClassOf") + of(f"{RDFS}subPropertyOf"),
                    domain=of(f"{RDFS}domain"),
                    range=of(f"{RDFS}range"),
                )
            )
    order = list(KINDS)
    return sorted(terms, key=lambda term: (order.index(term.kind), term.label.lower(), term.iri))


def read_quads(graph: Readable, ontology: str) -> Iterator[Quad]:
    """Yield what a graph says of the terms of an ontology that are parts of it."""
    space = f"{ontology.rstrip('#/')}#"
    literal = Literal(space)
    kinds = " ".join(f"<{kind}>" for kind in KINDS)
    rows = select(
        graph,
        f"SELECT ?s ?p ?o {{ {{ SELECT DISTINCT ?s {{ VALUES ?kind {{ {kinds} }} ?s a ?kind "
        f"FILTER(STRSTARTS(STR(?s), {literal})) }} LIMIT {_MOST} }} ?s ?p ?o }}",
    )
    yield from quads_of(rows)
