"""Floor 6: terms as N-Triples: names, types, hierarchy, and what they are called elsewhere."""

from collections import Counter
from collections.abc import Container, Iterable, Iterator, Mapping

from kg.model import EntityType, Term
from kg.namespaces import DCTERMS, KG, OWL, RDF, RDFS, SKOS, curie_to_iri, curie_to_page
from kg.rdf.nodes import CLASS_OF_TYPE, entity_node
from kg.rdf.ntriples import iri, text, triple
from kg.rdf.ontology_classes import (
    class_lines,
    further_lines,
    name_lines,
    obsolete_lines,
)
from kg.vocabulary.lexicon import Lexicon, equivalents
from kg.vocabulary.ontologies import OntologyTerms

# Where a table's parents are subclasses; in Uberon and MeSH they mix is-a with part-of.
_SUBCLASS_PREFIXES = frozenset({"CL", "MONDO", "GO", "CHEBI", "NCBITaxon"})
_GENES = frozenset({EntityType.GENE, EntityType.GENE_FAMILY})
_FAMILY_PROPERTY = {"isa": f"{KG}memberOf", "partof": f"{KG}componentOf"}

# parent CURIE -> the property that leads to it
Parents = dict[str, str]


def find_parents(term: Term, lexicon: Lexicon, ontologies: OntologyTerms | None = None) -> Parents:
    """Return the terms that stand directly over a term, each with the property that says so.

    By the ontologies that were added to a graph come their superclasses, and the classes of theirs
    that are the same thing, over which theirs stand.
    """
    parents = _vocabulary_parents(term, lexicon)
    if ontologies is not None:
        for xref in exact_matches(term):
            if xref not in parents and _has(ontologies, xref):
                parents[xref] = f"{SKOS}exactMatch"
        parents |= _ontology_parents(term.curie, ontologies)
    return parents


def _ontology_parents(identifier: str, ontologies: OntologyTerms) -> Parents:
    known = ontologies.term(identifier)
    if known is None or known.obsolete:
        return {}
    return {
        parent: f"{RDFS}subClassOf"
        for parent in known.superclasses
        if parent != identifier and _has(ontologies, parent)
    }


def _has(ontologies: OntologyTerms, identifier: str) -> bool:
    """Tell whether ontologies have a class, and do not call it obsolete."""
    known = ontologies.term(identifier)
    return known is not None and not known.obsolete


def _vocabulary_parents(term: Term, lexicon: Lexicon) -> Parents:
    if term.type in _GENES:
        return {
            family: _FAMILY_PROPERTY.get(relation, f"{KG}memberOf")
            for family, relation in lexicon.families(term.curie)
            if family != term.curie
        }
    parents: Parents = {}
    prefix = term.curie.partition(":")[0]
    for curie in term.parents:
        parent = lexicon.term(curie)
        if parent is None or curie == term.curie:
            continue
        is_class = prefix in _SUBCLASS_PREFIXES and curie.startswith(f"{prefix}:")
        parents[curie] = f"{RDFS}subClassOf" if is_class else f"{SKOS}broader"
    return parents


def close_upwards(
    terms: Iterable[str], lexicon: Lexicon, ontologies: OntologyTerms | None = None
) -> dict[str, Parents]:
    """Return the terms and all that stand over them, each with its parents; unknown ones are left.

    A gene's organism is taken in as well.
    """
    closed: dict[str, Parents] = {}
    waiting = sorted(set(terms), reverse=True)
    while waiting:
        curie = waiting.pop()
        if curie in closed:
            continue
        term = lexicon.term(curie)
        if term is None:
            if ontologies is not None and _has(ontologies, curie):
                closed[curie] = _ontology_parents(curie, ontologies)
                waiting.extend(closed[curie])
            continue
        closed[curie] = find_parents(term, lexicon, ontologies)
        waiting.extend(closed[curie])
        if term.taxon:
            waiting.append(term.taxon)
    return closed


def find_ancestors(curie: str, closed: Mapping[str, Parents]) -> set[str]:
    """Return all that stand over a term, itself not among them."""
    found: set[str] = set()
    waiting = list(closed.get(curie, ()))
    while waiting:
        parent = waiting.pop()
        if parent not in found and parent in closed:
            found.add(parent)
            waiting.extend(closed[parent])
    found.discard(curie)
    return found


def write_entities(
    closed: Mapping[str, Parents],
    lexicon: Lexicon,
    descriptions: Mapping[str, Iterable[str]],
    *,
    mentioned: Container[str],
    ontologies: OntologyTerms | None = None,
    only: Container[str] | None = None,
) -> Iterator[str]:
    """Yield the statements of every term in `closed`, none twice; or `only` of some.

    `descriptions` gives the summaries of reading lists by the term that they are about. All that
    stands over a term is told of those that are `mentioned`: questions start from these, and two
    terms of five are there as ancestors only.
    """
    for curie in sorted(closed):
        if only is not None and curie not in only:
            continue
        term = lexicon.term(curie)
        lines = [] if term is None else list(_entity(term, closed, descriptions.get(curie, ())))
        if ontologies is not None:
            if term is None:
                lines += class_lines(curie, ontologies)
                lines += _parent_lines(curie, closed)
            else:
                lines += further_lines(term, ontologies)
            lines += obsolete_lines(curie, lexicon, ontologies)
        if curie in mentioned:
            lines += ancestor_lines(curie, closed)
        yield from dict.fromkeys(lines)


def ancestor_lines(curie: str, closed: Mapping[str, Parents]) -> Iterator[str]:
    """Yield a statement for each term that stands over a term, in order."""
    node = entity_node(curie)
    for ancestor in sorted(find_ancestors(curie, closed)):
        yield triple(node, f"{KG}ancestor", entity_node(ancestor))


def _entity(
    term: Term, closed: Mapping[str, Parents], descriptions: Iterable[str]
) -> Iterator[str]:
    node = entity_node(term.curie)
    yield triple(node, f"{RDF}type", iri(f"{KG}{CLASS_OF_TYPE[term.type]}"))
    if term.curie.partition(":")[0] in _SUBCLASS_PREFIXES:
        yield triple(node, f"{RDF}type", iri(f"{OWL}Class"))
    yield triple(node, f"{RDFS}label", text(term.label))
    yield triple(node, f"{KG}curie", text(term.curie))
    if term.definition:
        yield triple(node, f"{SKOS}definition", text(term.definition))
    for description in descriptions:
        yield triple(node, f"{DCTERMS}description", text(description))
    yield from name_lines(node, term.synonyms, {term.label})
    yield triple(node, f"{RDFS}seeAlso", iri(curie_to_page(term.curie)))
    if term.taxon in closed:
        yield triple(node, f"{KG}inTaxon", entity_node(term.taxon))
    exact = set(exact_matches(term))
    for xref in equivalents(term)[1:]:
        relation = f"{SKOS}{'exactMatch' if xref in exact else 'closeMatch'}"
        yield triple(node, relation, iri(curie_to_iri(xref)))
    yield from _parent_lines(term.curie, closed)


def exact_matches(term: Term) -> list[str]:
    """Return the CURIEs under which other registries have the same thing as a term.

    Several ids of one registry cannot all be the same thing; those of a gene's products can, since
    a gene and its products are one node.
    """
    others = equivalents(term)[1:]
    registries = Counter(xref.partition(":")[0] for xref in others)
    is_gene = term.type is EntityType.GENE
    return [
        xref
        for xref in others
        if xref not in term.close and (is_gene or registries[xref.partition(":")[0]] == 1)
    ]


def _parent_lines(curie: str, closed: Mapping[str, Parents]) -> Iterator[str]:
    for parent, relation in sorted(closed[curie].items()):
        if parent in closed:
            yield triple(entity_node(curie), relation, entity_node(parent))
