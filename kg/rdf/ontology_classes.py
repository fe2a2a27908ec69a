"""Floor 6: what ontologies that were added to a graph say of its entities, as N-Triples.

Of a class that the vocabularies know, what they lack; of another one, all: label, names,
definition. Superclasses are written with those of the vocabularies (`kg.rdf.entities`).
"""

from collections.abc import Collection, Iterable, Iterator

from kg.model import Scope, Synonym, Term
from kg.namespaces import DCTERMS, KG, OBO, OWL, RDF, RDFS, SKOS
from kg.rdf.nodes import CLASS_OF_TYPE, entity_node
from kg.rdf.ntriples import boolean, iri, text, triple
from kg.vocabulary.lexicon import Lexicon
from kg.vocabulary.ontologies import Description, OntologyTerm, OntologyTerms
from kg.vocabulary.ontologies.terms import shown_curie, type_of

_REPLACED_BY = f"{OBO}IAO_0100001"
_CONSIDER = "http://www.geneontology.org/formats/oboInOwl#consider"


def ontology_lines(descriptions: Iterable[Description]) -> Iterator[str]:
    """Yield the statements about the ontologies themselves."""
    for each in descriptions:
        node = iri(each.iri)
        yield triple(node, f"{RDF}type", iri(f"{OWL}Ontology"))
        yield triple(node, f"{RDFS}label", text(each.name))
        if each.title:
            yield triple(node, f"{DCTERMS}title", text(each.title))
        if each.version:
            yield triple(node, f"{OWL}versionInfo", text(each.version))
        yield triple(node, f"{KG}sha256", text(each.sha256))


def class_lines(identifier: str, ontologies: OntologyTerms) -> Iterator[str]:
    """Yield the statements of a class that no vocabulary has, its superclasses apart."""
    term = ontologies.term(identifier)
    if term is None:
        return
    node = entity_node(identifier)
    yield triple(node, f"{RDF}type", iri(f"{OWL}Class"))
    kind = type_of(term)
    if kind is not None:
        yield triple(node, f"{RDF}type", iri(f"{KG}{CLASS_OF_TYPE[kind]}"))
    yield from _naming(node, term)
    if term.definition:
        yield triple(node, f"{SKOS}definition", text(term.definition))
    yield from name_lines(node, term.synonyms, {term.label})
    for origin in ontologies.origins(identifier):
        yield triple(node, f"{RDFS}isDefinedBy", iri(origin))


def further_lines(term: Term, ontologies: OntologyTerms) -> Iterator[str]:
    """Yield what ontologies say of a term of the vocabularies that these do not."""
    known = ontologies.term(term.curie)
    if known is None or known.obsolete:
        return
    node = entity_node(term.curie)
    yield triple(node, f"{RDF}type", iri(f"{OWL}Class"))
    if known.definition and not term.definition:
        yield triple(node, f"{SKOS}definition", text(known.definition))
    label = Synonym(text=known.label, scope=Scope.EXACT, kind="", source="")
    names = [label, *known.synonyms] if known.label else known.synonyms
    yield from name_lines(node, names, {term.label, *(one.text for one in term.synonyms)})
    for origin in ontologies.origins(term.curie):
        yield triple(node, f"{RDFS}isDefinedBy", iri(origin))


def obsolete_lines(identifier: str, lexicon: Lexicon, ontologies: OntologyTerms) -> Iterator[str]:
    """Yield the statements of the obsolete classes in whose place a class stands."""
    for term in ontologies.obsolete_for(identifier):
        if lexicon.term(term.id) is not None:
            continue  # to the vocabularies it is none
        node = entity_node(term.id)
        yield triple(node, f"{RDF}type", iri(f"{OWL}Class"))
        yield triple(node, f"{OWL}deprecated", boolean(True))  # noqa: FBT003
        yield from _naming(node, term)
        relation = _REPLACED_BY if term.replaced_by else _CONSIDER
        yield triple(node, relation, entity_node(identifier))
        yield triple(node, f"{DCTERMS}isReplacedBy", entity_node(identifier))
        for origin in ontologies.origins(term.id):
            yield triple(node, f"{RDFS}isDefinedBy", iri(origin))


def _naming(node: str, term: OntologyTerm) -> Iterator[str]:
    if term.label:
        yield triple(node, f"{RDFS}label", text(term.label))
    if curie := shown_curie(term.id):
        yield triple(node, f"{KG}curie", text(curie))


def name_lines(node: str, synonyms: Iterable[Synonym], known: Collection[str]) -> Iterator[str]:
    """Yield the other names: close ones as alternative, loose ones as hidden labels."""
    named = set(known)
    given = tuple(synonyms)
    for wanted, predicate in (
        ({Scope.EXACT, Scope.UNSPECIFIED}, f"{SKOS}altLabel"),
        ({Scope.RELATED, Scope.BROAD, Scope.NARROW}, f"{SKOS}hiddenLabel"),
    ):
        for synonym in given:
            if synonym.scope in wanted and synonym.text not in named:
                named.add(synonym.text)
                yield triple(node, predicate, text(synonym.text))
