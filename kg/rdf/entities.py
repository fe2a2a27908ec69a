"""Floor 6: terms as N-Triples: names, types, hierarchy, and what they are called elsewhere."""

from collections import Counter
from collections.abc import Container, Iterable, Iterator, Mapping

from kg.model import EntityType, Scope, Term
from kg.namespaces import DCTERMS, KG, OWL, RDF, RDFS, SKOS, curie_to_iri, curie_to_page
from kg.rdf.nodes import entity_node
from kg.rdf.ntriples import iri, text, triple
from kg.vocabulary.lexicon import Lexicon, equivalents

CLASS_OF_TYPE = {
    EntityType.GENE: "Gene",
    EntityType.GENE_FAMILY: "GeneFamily",
    EntityType.CELL_TYPE: "CellType",
    EntityType.DISEASE: "Disease",
    EntityType.ORGANISM: "Organism",
    EntityType.ANATOMY: "AnatomicalStructure",
    EntityType.PROCESS: "BiologicalProcess",
    EntityType.CHEMICAL: "Chemical",
}
# Where a table's parents are subclasses; in Uberon and MeSH they mix is-a with part-of.
_SUBCLASS_PREFIXES = frozenset({"CL", "MONDO", "GO", "CHEBI", "NCBITaxon"})
_GENES = frozenset({EntityType.GENE, EntityType.GENE_FAMILY})
_FAMILY_PROPERTY = {"isa": f"{KG}memberOf", "partof": f"{KG}componentOf"}

# parent CURIE -> the property that leads to it
Parents = dict[str, str]


def find_parents(term: Term, lexicon: Lexicon) -> Parents:
    """Return the terms that stand directly over a term, each with the property that says so."""
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


def close_upwards(terms: Iterable[str], lexicon: Lexicon) -> dict[str, Parents]:
    """Return the terms and all that stand over them, each with its parents; unknown ones are left.

    A gene's organism is taken in as well.
    """
    closed: dict[str, Parents] = {}
    waiting = sorted(set(terms), reverse=True)
    while waiting:
        curie = waiting.pop()
        term = lexicon.term(curie) if curie not in closed else None
        if term is None:
            continue
        closed[curie] = find_parents(term, lexicon)
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
) -> Iterator[str]:
    """Yield the statements of every term in `closed`, none twice.

    `descriptions` gives the summaries of reading lists by the term that they are about. All that
    stands over a term is told of those that are `mentioned`: questions start from these, and two
    terms of five are there as ancestors only.
    """
    for curie in sorted(closed):
        term = lexicon.term(curie)
        if term is None:
            continue
        lines = list(_entity(term, closed, descriptions.get(curie, ())))
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
    yield from _names(node, term)
    yield triple(node, f"{RDFS}seeAlso", iri(curie_to_page(term.curie)))
    if term.taxon in closed:
        yield triple(node, f"{KG}inTaxon", entity_node(term.taxon))
    registries = Counter(xref.partition(":")[0] for xref in equivalents(term)[1:])
    for xref in equivalents(term)[1:]:
        # Several ids of one registry cannot all be the same thing; those of a gene's products
        # can, since a gene and its products are one node.
        alone = term.type is EntityType.GENE or registries[xref.partition(":")[0]] == 1
        exact = alone and xref not in term.close
        relation = f"{SKOS}{'exactMatch' if exact else 'closeMatch'}"
        yield triple(node, relation, iri(curie_to_iri(xref)))
    for parent, relation in sorted(closed[term.curie].items()):
        if parent in closed:
            yield triple(node, relation, entity_node(parent))


def _names(node: str, term: Term) -> Iterator[str]:
    """Yield the other names: close ones as alternative, loose ones as hidden labels."""
    named = {term.label}
    for wanted, predicate in (
        ({Scope.EXACT, Scope.UNSPECIFIED}, f"{SKOS}altLabel"),
        ({Scope.RELATED, Scope.BROAD, Scope.NARROW}, f"{SKOS}hiddenLabel"),
    ):
        for synonym in term.synonyms:
            if synonym.scope in wanted and synonym.text not in named:
                named.add(synonym.text)
                yield triple(node, predicate, text(synonym.text))
