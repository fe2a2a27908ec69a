"""Floor 10: the pages of things: papers, entities, ontologies, and whatever else there is."""

from collections.abc import Mapping, Sequence
from itertools import groupby

from pyoxigraph import NamedNode, Quad

from kg.descriptions import Description, Edge, Edges, Readable
from kg.descriptions.naming import cut
from kg.descriptions.ontology import KINDS, read_terms
from kg.namespaces import DCTERMS, KG, OBO, OWL, RDF, SKOS
from kg.rdf.nodes import CLASS_OF_TYPE
from kg.service.negotiation import PAGES
from kg.service.pages.addresses import is_web_address
from kg.service.pages.assertion_page import assertion_values
from kg.service.pages.entity_page import entity_values
from kg.service.pages.paper_page import paper_values
from kg.service.pages.rendering import render
from kg.service.pages.sentence_page import sentence_values
from kg.service.pages.shown import Link, Shown, Value

_ENTITY_CLASSES = frozenset(f"{KG}{name}" for name in CLASS_OF_TYPE.values())
_REPLACED = (f"{DCTERMS}isReplacedBy", f"{OBO}IAO_0100001")
FORMAT_NAMES = {
    "turtle": "Turtle",
    "jsonld": "JSON-LD",
    "ntriples": "N-Triples",
    "rdfxml": "RDF/XML",
    "nquads": "N-Quads",
    "trig": "TriG",
}


def formats(shown: Shown, iri: str, more: Mapping[str, str] | None = None) -> list[dict[str, str]]:
    """Return what a page can be had as beside HTML: names, media types, addresses."""
    return [
        {
            "name": FORMAT_NAMES[offer.name],
            "type": offer.media_type,
            "href": shown.addresses.with_parameters(iri, {**(more or {}), "format": offer.name}),
        }
        for offer in PAGES
        if offer.name in FORMAT_NAMES
    ]


def write_special_page(graph: Readable, shown: Shown, description: Description) -> bytes | None:
    """Return the page of a paper, an entity, an assertion or a sentence; None for anything else.

    What leads to it need not be described.
    """
    types = set(description.texts(f"{RDF}type"))
    values: Mapping[str, object] | None = None
    if f"{KG}Publication" in types:
        template, values = "paper.html", paper_values(graph, shown, description)
    elif types & _ENTITY_CLASSES:
        template, values = "entity.html", entity_values(graph, shown, description)
    elif f"{KG}Assertion" in types:
        template, values = "assertion.html", assertion_values(graph, shown, description)
    elif f"{KG}Sentence" in types:
        template, values = "sentence.html", sentence_values(graph, shown, description)
    if values is None:
        return None
    every = shown.addresses.with_parameters(description.iri, {"view": "statements"})
    return _render(shown, template, {**_common(shown, description), **values, "every": every})


def write_thing_page(graph: Readable, shown: Shown, description: Description) -> bytes:
    """Return the page of a thing that has all statements of it."""
    values = {
        **_common(shown, description),
        "outgoing": shown.groups(description.iri, description.outgoing),
        "incoming": shown.groups(description.iri, description.incoming),
        "is_whole": description.is_whole,
        "same": shown.links(_same(description)),
    }
    if f"{OWL}Ontology" in description.texts(f"{RDF}type"):
        terms = _terms(graph, shown, description.iri)
        if terms:
            return _render(shown, "ontology.html", {**values, "sections": terms})
    return _render(shown, "thing.html", values)


def write_edges_page(shown: Shown, iri: str, edges: Edges) -> bytes:
    """Return the page of statements of one property."""
    parameters = {
        "predicate": edges.predicate,
        "direction": "in" if edges.is_incoming else "out",
        **({"after": edges.begin} if edges.begin else {}),
    }
    values = {
        **_head(shown, iri, parameters),
        "group": shown.group(iri, edges, None),
        "first": shown.page(iri, edges) if edges.begin else "",
        "next": shown.page(iri, edges, edges.after) if edges.after else "",
    }
    return _render(shown, "edges.html", values)


def write_graph_page(shown: Shown, iri: str, quads: Sequence[Quad]) -> bytes:
    """Return the page of a named graph, which shows some of its statements."""
    rows = [
        {
            "subject": shown.value(Edge(value=quad.subject)),
            "property": Value(
                link=shown.link(quad.predicate.value, shown.names.property(quad.predicate.value))
            ),
            "value": shown.value(Edge(value=quad.object)),
        }
        for quad in quads
    ]
    return _render(shown, "graph.html", {**_head(shown, iri), "rows": rows})


def _render(shown: Shown, template: str, values: Mapping[str, object]) -> bytes:
    return render(template, shown.addresses.server, **values)


def _head(shown: Shown, iri: str, parameters: Mapping[str, str] | None = None) -> dict[str, object]:
    """Return what all pages of things begin and end with."""
    return {
        "title": shown.names.of(iri) if shown.names.is_named(iri) else shown.names.short(iri),
        "iri": iri,
        "short": shown.names.short(iri),
        "here": Link(
            text=cut(shown.names.of(iri), 80),
            href=shown.addresses.document(iri),
            short=shown.names.short(iri),
        ),
        "is_address": is_web_address(iri) and not iri.startswith(shown.addresses.base),
        "kinds": shown.kinds(iri),
        "formats": formats(shown, iri, parameters),
    }


def _common(shown: Shown, description: Description) -> dict[str, object]:
    """Return what the pages of all things have."""
    replaced = {each for name in _REPLACED for each in description.texts(name)}
    return {
        **_head(shown, description.iri),
        "is_deprecated": description.text(f"{OWL}deprecated") == "true",
        "replaced": shown.links(replaced),
    }


def _same(description: Description) -> list[str]:
    """Return the things that say that they are the same as this one."""
    return [
        edge.value.value
        for edges in description.incoming
        if edges.predicate == f"{SKOS}exactMatch"
        for edge in edges.edges
        if isinstance(edge.value, NamedNode)
    ]


def _terms(graph: Readable, shown: Shown, ontology: str) -> list[dict[str, object]]:
    """Return the terms of an ontology, kind by kind."""
    terms = read_terms(graph, ontology)
    shown.names.read(
        each for term in terms for each in (term.iri, *term.above, *term.domain, *term.range)
    )
    return [
        {
            "name": KINDS[kind],
            "terms": [
                {
                    "anchor": term.iri.partition("#")[2],
                    "label": term.label or term.iri.partition("#")[2],
                    "short": shown.names.short(term.iri),
                    "href": shown.addresses.document(term.iri),
                    "definition": term.definition,
                    "above": shown.links(term.above),
                    "domain": shown.links(term.domain),
                    "range": shown.links(term.range),
                }
                for term in of_kind
            ],
        }
        for kind, of_kind in groupby(terms, key=lambda term: term.kind)
    ]
