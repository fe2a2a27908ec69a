"""Floor 8: the rules that the ontology keeps: what has a name, a label, a definition, a place."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import chain

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from kg.namespaces import DCTERMS, KG, OWL, RDF, RDFS, SKOS, XSD
from kg.reasoning.ontology import ONTOLOGY, Graph, ontology_path, read_graph

VANN = "http://purl.org/vocab/vann/"

_PROPERTY_KINDS = ("ObjectProperty", "DatatypeProperty", "AnnotationProperty")
_KINDS = {f"{OWL}Class", f"{RDFS}Datatype", *(f"{OWL}{kind}" for kind in _PROPERTY_KINDS)}
_RESERVED = (RDF, RDFS, OWL, XSD)
_HEADER = (
    f"{OWL}versionIRI",
    f"{OWL}versionInfo",
    *(f"{DCTERMS}{name}" for name in ("title", "description", "creator", "license")),
    f"{VANN}preferredNamespacePrefix",
    f"{VANN}preferredNamespaceUri",
)
# Predicates of axioms: what stands after them must be declared as what it is.
_AXIOMS = (
    *(f"{RDFS}{name}" for name in ("subClassOf", "subPropertyOf", "domain", "range")),
    *(f"{OWL}{name}" for name in ("equivalentClass", "disjointWith", "inverseOf", "onProperty")),
    *(f"{OWL}{name}" for name in ("propertyDisjointWith", "equivalentProperty", "someValuesFrom")),
    f"{RDF}first",
)
# What OWL 2 DL (Structural Specification, section 11) denies to properties that are not simple.
_FOR_SIMPLE = ("Functional", "InverseFunctional", "Asymmetric", "Irreflexive")
_COUNTS = (
    *("cardinality", "minCardinality", "maxCardinality", "hasSelf"),
    *("qualifiedCardinality", "minQualifiedCardinality", "maxQualifiedCardinality"),
)


def undeclared_terms(*graphs: Graph) -> tuple[str, ...]:
    """Return, in order, the terms that the graphs use and the ontology does not declare.

    Looked at are all terms of the ontology's own namespace, all predicates, and all types; those of
    RDF, RDFS and OWL themselves need no declaration.
    """
    declared = Terms(read_graph(ontology_path())).kinds
    used: set[str] = set()
    for triple in chain.from_iterable(read_graph(graph) for graph in graphs):
        used.add(triple.predicate.value)
        if triple.predicate.value == f"{RDF}type":
            used.update(_iris(triple.object))
        used.update(iri for iri in _iris(triple.subject, triple.object) if iri.startswith(KG))
    return tuple(sorted(iri for iri in used - declared.keys() if not iri.startswith(_RESERVED)))


def check_ontology(graph: Graph | None = None) -> tuple[str, ...]:
    """Return what is wrong with an ontology (the project's own unless one is given), in order.

    Every term of ours has one English label and one English definition; every term that is used is
    declared, as one kind of property at most; a sub-property is of its property's kind; what OWL 2
    DL grants to simple properties only is not asked of others; the header is complete.

    >>> check_ontology()
    ()
    """
    ontology = Terms(read_graph(ontology_path() if graph is None else graph))
    faults = chain(
        _check_header(ontology),
        _check_texts(ontology),
        _check_declared(ontology),
        check_kinds(ontology),
        check_simple(ontology),
    )
    return tuple(sorted(set(faults)))


def _iris(*terms: object) -> list[str]:
    return [term.value for term in terms if isinstance(term, NamedNode)]


class Terms:
    """The triples of an ontology by predicate, and the kinds each term is declared as."""

    def __init__(self, triples: Iterable[Triple]) -> None:
        self.pairs: defaultdict[str, list[tuple[str, object]]] = defaultdict(list)
        self.kinds: defaultdict[str, set[str]] = defaultdict(set)
        self.used: set[str] = set()
        for triple in triples:
            subject = (
                triple.subject.value if isinstance(triple.subject, NamedNode | BlankNode) else ""
            )
            self.pairs[triple.predicate.value].append((subject, triple.object))
            self.used.update(_iris(triple.subject, triple.predicate, triple.object))
        for subject, kind in self.iri_pairs(f"{RDF}type"):
            if kind in _KINDS:
                self.kinds[subject].add(kind)

    def iri_pairs(self, predicate: str) -> list[tuple[str, str]]:
        """Return subject and object of each triple with this predicate and an IRI as object."""
        return [(s, o.value) for s, o in self.pairs[predicate] if isinstance(o, NamedNode)]

    def annotations(self) -> set[str]:
        """Return the properties that no reasoner looks at."""
        kind = f"{OWL}AnnotationProperty"
        return {iri for iri, kinds in self.kinds.items() if kind in kinds}

    def property_kinds(self, iri: str) -> list[str]:
        """Return the kinds of property that a term is declared as, by their short names."""
        kinds = self.kinds.get(iri, set())
        return [kind for kind in _PROPERTY_KINDS if f"{OWL}{kind}" in kinds]

    def compound_properties(self) -> set[str]:
        """Return the properties that are not simple: transitive, made by a chain, or above one."""
        found = {s for s, o in self.iri_pairs(f"{RDF}type") if o == f"{OWL}TransitiveProperty"}
        found.update(s for s, _ in self.pairs[f"{OWL}propertyChainAxiom"])
        above = self.iri_pairs(f"{RDFS}subPropertyOf")
        inverse = self.iri_pairs(f"{OWL}inverseOf")
        steps = [*above, *inverse, *((o, s) for s, o in inverse)]
        while new := {upper for lower, upper in steps if lower in found} - found:
            found |= new
        return found


def _check_header(ontology: Terms) -> Iterator[str]:
    stated = {p for p, pairs in ontology.pairs.items() if any(s == ONTOLOGY for s, _ in pairs)}
    if (ONTOLOGY, f"{OWL}Ontology") not in ontology.iri_pairs(f"{RDF}type"):
        yield f"{ONTOLOGY}: not declared as an owl:Ontology"
    for predicate in _HEADER:
        if predicate not in stated:
            yield f"{ONTOLOGY}: has no {predicate}"


def _check_texts(ontology: Terms) -> Iterator[str]:
    own = [iri for iri in ontology.kinds if iri.startswith(KG)]
    for name, predicate in (("label", f"{RDFS}label"), ("definition", f"{SKOS}definition")):
        count: defaultdict[str, int] = defaultdict(int)
        for subject, text in ontology.pairs[predicate]:
            if isinstance(text, Literal) and text.language == "en" and text.value.strip():
                count[subject] += 1
        for iri in own:
            if count[iri] != 1:
                yield f"{iri}: has {count[iri]} English {name}s, not one"


def _check_declared(ontology: Terms) -> Iterator[str]:
    needed = {iri for iri in ontology.used if iri.startswith(KG)}
    needed.update(predicate for predicate, pairs in ontology.pairs.items() if pairs)
    needed.update(o for predicate in _AXIOMS for _, o in ontology.iri_pairs(predicate))
    for iri in needed:
        if iri not in ontology.kinds and not iri.startswith(_RESERVED):
            yield f"{iri}: used, but not declared"


def check_kinds(ontology: Terms) -> Iterator[str]:
    """Yield the terms that are properties of two kinds, or under one of another kind."""
    for iri in ontology.kinds:
        if len(kinds := ontology.property_kinds(iri)) > 1:
            yield f"{iri}: declared as {' and '.join(kinds)}"
    for lower, upper in ontology.iri_pairs(f"{RDFS}subPropertyOf"):
        if ontology.property_kinds(lower) != ontology.property_kinds(upper):
            yield f"{lower}: not of the kind of {upper}, the property above it"


def check_simple(ontology: Terms) -> Iterator[str]:
    """Yield the properties that are not simple, though what is said of them needs that."""
    compound = ontology.compound_properties()
    for iri, kind in ontology.iri_pairs(f"{RDF}type"):
        name = kind.removeprefix(OWL).removesuffix("Property")
        if iri in compound and name in _FOR_SIMPLE:
            yield f"{iri}: {name.casefold()}, but not a simple property"
    for pair in ontology.iri_pairs(f"{OWL}propertyDisjointWith"):
        for iri in compound.intersection(pair):
            yield f"{iri}: disjoint with another, but not a simple property"
    counting = {subject for name in _COUNTS for subject, _ in ontology.pairs[f"{OWL}{name}"]}
    for restriction, iri in ontology.iri_pairs(f"{OWL}onProperty"):
        if iri in compound and restriction in counting:
            yield f"{iri}: its values are counted, but it is not a simple property"
