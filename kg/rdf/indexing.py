"""Floor 6: what is said about a paper beside its citation and its texts, as N-Triples.

Headings, substances, and works that are known by their citation alone are nodes that papers share.
"""

from collections.abc import Iterator, Mapping

from kg.model import Heading, Indexing, Qualifier, Relation, RelationKind, Substance
from kg.namespaces import DCTERMS, KG, RDF, RDFS, SKOS, content_hash, curie_to_iri
from kg.publications import normalise_identifier
from kg.rdf.ntriples import iri, text, triple
from kg.rdf.texts import Shared, Wanted

_TYPE = f"{RDF}type"
_LABEL = f"{RDFS}label"
_HEADING, _SUBSTANCE, _REFERENCE = (
    iri(f"{KG}{name}") for name in ("Heading", "Substance", "Reference")
)


def indexing_lines(base: str, paper: str, indexing: Indexing) -> Iterator[str]:
    """Yield what is said about a paper; what its record says twice is repeated."""
    for language in indexing.languages:
        yield triple(paper, f"{DCTERMS}language", text(language))
    for kind in indexing.publication_types:
        yield triple(paper, f"{KG}publicationType", text(kind))
    for keyword in indexing.keywords:
        yield triple(paper, f"{KG}keyword", text(keyword))
    for grant in indexing.grants:
        yield triple(paper, f"{KG}grant", text(grant))
    for heading, qualifier in _pairs(indexing):
        node = _heading_node(base, heading, qualifier)
        yield triple(paper, f"{KG}heading", node)
        if heading.major or (qualifier is not None and qualifier.major):
            yield triple(paper, f"{KG}majorHeading", node)
    for substance in indexing.substances:
        yield triple(paper, f"{KG}substance", _substance_node(base, substance))
    for relation in indexing.relations:
        yield from _relation(base, paper, relation)


def indexing_statements(base: str, indexing: Indexing, wanted: Wanted) -> Iterator[Shared]:
    """Yield the nodes that an indexing leads to and that are wanted, with their statements."""
    for heading, qualifier in _pairs(indexing):
        node = _heading_node(base, heading, qualifier)
        if wanted(node):
            yield node, tuple(_heading(node, heading, qualifier))
    for substance in indexing.substances:
        node = _substance_node(base, substance)
        if wanted(node):
            yield node, tuple(_substance(node, substance))
    for relation in indexing.relations:
        if _is_reference(relation):
            node = _reference_node(base, relation)
            if wanted(node):
                label = triple(node, _LABEL, text(relation.citation))
                yield node, (triple(node, _TYPE, _REFERENCE), label)


def _pairs(indexing: Indexing) -> Iterator[tuple[Heading, Qualifier | None]]:
    """Yield each heading with each of its qualifiers, as MeSH has them, or without any."""
    for heading in indexing.headings:
        for qualifier in heading.qualifiers or (None,):
            yield heading, qualifier


def _heading_node(base: str, heading: Heading, qualifier: Qualifier | None) -> str:
    qualified = (qualifier.name, qualifier.id) if qualifier is not None else ()
    return iri(f"{base}heading/{content_hash(heading.name, heading.id, *qualified)}")


def _heading(node: str, heading: Heading, qualifier: Qualifier | None) -> Iterator[str]:
    label = heading.name if qualifier is None else f"{heading.name}/{qualifier.name}"
    yield triple(node, _TYPE, _HEADING)
    yield triple(node, _LABEL, text(label))
    if heading.id:
        yield triple(node, f"{KG}descriptor", _mesh(heading.id))
    if qualifier is not None and qualifier.id:
        yield triple(node, f"{KG}qualifier", _mesh(qualifier.id))


def _substance_node(base: str, substance: Substance) -> str:
    hashed = content_hash(substance.name, substance.id, substance.registry)
    return iri(f"{base}substance/{hashed}")


def _substance(node: str, substance: Substance) -> Iterator[str]:
    yield triple(node, _TYPE, _SUBSTANCE)
    yield triple(node, _LABEL, text(substance.name))
    if substance.registry:
        yield triple(node, f"{KG}registryNumber", text(substance.registry))
    if substance.id:
        yield triple(node, f"{SKOS}exactMatch", _mesh(substance.id))


def _mesh(identifier: str) -> str:
    return iri(curie_to_iri(f"MESH:{identifier}"))


def _relation(base: str, paper: str, relation: Relation) -> Iterator[str]:
    other = _identified_node(relation.identifiers)
    if other is not None:
        # A record that names its own paper as the other says nothing.
        if other != paper:
            yield triple(paper, f"{KG}{relation.kind}", other)
    elif _is_reference(relation):
        yield triple(paper, f"{KG}{relation.kind}", _reference_node(base, relation))


def _is_reference(relation: Relation) -> bool:
    """Tell whether the other work is a node that is known by its citation alone.

    What a paper cites without an identifier is none: nearly half of a reference list is so, and
    hardly ever do two papers cite it in the same words.
    """
    if relation.kind is RelationKind.CITES or not relation.citation:
        return False
    return _identified_node(relation.identifiers) is None


def _identified_node(identifiers: Mapping[str, str]) -> str | None:
    """Return the node of the paper with these identifiers, by the strongest; None without any."""
    for prefix in ("PMID", "PMCID", "DOI"):
        given = identifiers.get(prefix)
        local = normalise_identifier(prefix, given) if given else None
        if local is not None:
            return iri(curie_to_iri(f"{prefix}:{local}"))
    return None


def _reference_node(base: str, relation: Relation) -> str:
    return iri(f"{base}reference/{content_hash(relation.citation)}")
