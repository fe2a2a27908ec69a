"""The ontology: it loads in every tool, keeps the rules, and agrees with the documents."""

import re
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import owlready2
import pyoxigraph
import pytest
from rdflib import OWL, RDF, RDFS, SKOS, BNode, Graph, Literal, Namespace, URIRef
from rdflib.collection import Collection
from rdflib.compare import isomorphic
from rdflib.namespace import DCTERMS, VANN

from kg import __version__
from kg.errors import InputError
from kg.model import Predicate, RelationKind
from kg.namespaces import KG as KG_BASE
from kg.reasoning import check_ontology, ontology_ntriples, ontology_path, undeclared_terms

KG = Namespace(KG_BASE)
ONTOLOGY = URIRef(KG_BASE.removesuffix("#"))
DOCS = Path(__file__).parents[1] / "docs"


@pytest.fixture(scope="module")
def ontology() -> Graph:
    return Graph().parse(ontology_path(), format="turtle")


def own_terms(graph: Graph) -> set[URIRef]:
    kinds = (OWL.Class, OWL.ObjectProperty, OWL.DatatypeProperty, OWL.AnnotationProperty)
    terms = {term for kind in kinds for term in graph.subjects(RDF.type, kind)}
    return {term for term in terms if isinstance(term, URIRef) and term in KG}


def terms_in(document: str) -> set[URIRef]:
    text = (DOCS / document).read_text(encoding="utf-8")
    return {KG[name] for name in re.findall(r"\bkg:([A-Za-z]\w*)", text)}


def test_loads_in_pyoxigraph_as_in_rdflib(ontology: Graph) -> None:
    store = pyoxigraph.Store()
    store.load(path=ontology_path())
    assert len(store) == len(ontology)
    again = Graph().parse(data=ontology_ntriples(), format="nt")
    assert isomorphic(again, ontology)


def test_loads_in_owlready2() -> None:
    world = owlready2.World()
    loaded = world.get_ontology(str(KG)).load(fileobj=BytesIO(ontology_ntriples()))
    gene, mentions, ancestor = loaded.Gene, loaded.mentions, loaded.ancestor
    assert issubclass(gene, loaded.Entity)
    assert mentions.inverse_property is loaded.mentionedIn
    assert owlready2.TransitiveProperty in ancestor.is_a
    chains = [[each.name for each in one.properties] for one in mentions.get_property_chain()]
    assert sorted(chains) == [
        ["hasSentence", "hasMention", "refersTo"],
        ["indexedWith", "refersTo"],
    ]
    world.close()


def test_header(ontology: Graph) -> None:
    assert ontology.value(ONTOLOGY, OWL.versionIRI) == URIRef(f"{ONTOLOGY}/{__version__}")
    assert ontology.value(ONTOLOGY, OWL.versionInfo) == Literal(__version__)
    assert ontology.value(ONTOLOGY, VANN.preferredNamespacePrefix) == Literal("kg")
    assert ontology.value(ONTOLOGY, VANN.preferredNamespaceUri) == Literal(str(KG))
    licence = ontology.value(ONTOLOGY, DCTERMS.license)
    assert licence == URIRef("https://creativecommons.org/publicdomain/zero/1.0/")
    assert not list(ontology.objects(ONTOLOGY, OWL.imports))


def test_keeps_the_rules() -> None:
    assert check_ontology() == ()


def test_definitions_are_sentences_and_labels_are_unique(ontology: Graph) -> None:
    terms = own_terms(ontology)
    assert len(terms) > 60
    classes = set(ontology.subjects(RDF.type, OWL.Class))
    for group in (terms & classes, terms - classes):
        labels = {str(ontology.value(term, RDFS.label)) for term in group}
        assert len(labels) == len(group)
    for term in terms:
        assert str(ontology.value(term, SKOS.definition)).endswith("."), term


def test_every_property_says_what_it_joins(ontology: Graph) -> None:
    properties = {
        term
        for kind in (OWL.ObjectProperty, OWL.DatatypeProperty)
        for term in ontology.subjects(RDF.type, kind)
        if term in own_terms(ontology)
    }
    for term in properties:
        assert len(list(ontology.objects(term, RDFS.domain))) == 1, term
        assert len(list(ontology.objects(term, RDFS.range))) == 1, term


def test_all_classes_are_told_apart(ontology: Graph) -> None:
    groups = {
        frozenset(Collection(ontology, members))
        for axiom in ontology.subjects(RDF.type, OWL.AllDisjointClasses)
        for members in ontology.objects(axiom, OWL.members)
    }
    classes = {c for c in ontology.subjects(RDF.type, OWL.Class) if c in own_terms(ontology)}
    below = {c for c in classes if set(ontology.objects(c, RDFS.subClassOf)) & classes}
    entity_types = set(ontology.subjects(RDFS.subClassOf, KG.Entity))
    assert below == entity_types | {KG.AuthorGroup}
    assert groups == {frozenset(entity_types), frozenset(classes - below)}


def test_chains_are_regular(ontology: Graph) -> None:
    """No property of a chain depends, by any way, on the property that the chain makes."""
    rests_on: dict[object, set[object]] = {}
    for lower, upper in ontology.subject_objects(RDFS.subPropertyOf):
        rests_on.setdefault(upper, set()).add(lower)
    for one, other in ontology.subject_objects(OWL.inverseOf):
        rests_on.setdefault(one, set()).add(other)
        rests_on.setdefault(other, set()).add(one)
    chains = [
        (made, list(Collection(ontology, parts)))
        for made, parts in ontology.subject_objects(OWL.propertyChainAxiom)
    ]
    for made, parts in chains:
        rests_on.setdefault(made, set()).update(parts)

    def reached(start: object) -> set[object]:
        seen: set[object] = set()
        ahead = [start]
        while ahead:
            new = rests_on.get(ahead.pop(), set()) - seen
            seen |= new
            ahead.extend(new)
        return seen

    assert [made for made, _ in chains] == [KG.mentions, KG.mentions]
    for made, parts in chains:
        for part in parts:
            assert made not in reached(part) | {part}, (made, part)


def test_obo_terms_stand_in_annotations_only(ontology: Graph) -> None:
    """An OBO class, taken as an individual, is no instance of its ontology's root."""
    obo = "http://purl.obolibrary.org/obo/"
    uses = {p for _, p, o in ontology if str(o).startswith(obo)}
    assert uses == {SKOS.closeMatch, SKOS.broadMatch, SKOS.narrowMatch}
    for match in uses:
        assert (match, RDF.type, OWL.AnnotationProperty) in ontology
    assert not [s for s in ontology.subjects() if str(s).startswith(obo)]


def test_only_datatypes_of_owl_2_that_hermit_reads(ontology: Graph) -> None:
    xsd = "http://www.w3.org/2001/XMLSchema#"
    used = {str(o).removeprefix(xsd) for o in ontology.objects() if str(o).startswith(xsd)}
    integers = {"integer", "nonNegativeInteger", "positiveInteger"}
    assert used == {"string", "decimal", "boolean"} | integers


def test_relations_are_those_of_the_model(ontology: Graph) -> None:
    relations = set(ontology.subjects(RDF.type, KG.Relation))
    assert relations == {KG[predicate] for predicate in Predicate}
    for relation in relations:
        assert (relation, RDF.type, OWL.ObjectProperty) in ontology


def test_papers_bear_on_each_other_as_the_model_has_it(ontology: Graph) -> None:
    for kind in RelationKind:
        assert (KG[kind], RDF.type, OWL.ObjectProperty) in ontology, kind
    inverse = dict(ontology.subject_objects(OWL.inverseOf))
    paired = {(str(one), str(other)) for one, other in inverse.items()}
    for one, other in (
        ("commentIn", "commentOn"),
        ("correctedIn", "correctionFor"),
        ("retractedIn", "retractionOf"),
        ("concernIn", "concernFor"),
        ("republishedIn", "republishedFrom"),
        ("updatedIn", "updateOf"),
        ("summaryIn", "originalReportIn"),
        ("datasetIn", "datasetOf"),
    ):
        assert (str(KG[one]), str(KG[other])) in paired


def test_relations_have_inverses_unless_they_hold_both_ways(ontology: Graph) -> None:
    symmetric = {KG[predicate] for predicate in Predicate if predicate.symmetric}
    assert set(ontology.subjects(RDF.type, OWL.SymmetricProperty)) == symmetric
    for relation in ontology.subjects(RDF.type, KG.Relation):
        inverse = ontology.value(relation, OWL.inverseOf)
        assert (inverse is None) is (relation in symmetric), relation
        if inverse is None:
            continue
        assert (inverse, RDF.type, KG.Relation) not in ontology
        # The hierarchy of the inverses is that of the relations, for tools that do not reason.
        above = {
            ontology.value(each, OWL.inverseOf, default=each)
            for each in ontology.objects(relation, RDFS.subPropertyOf)
        }
        assert set(ontology.objects(inverse, RDFS.subPropertyOf)) == above, inverse


def test_relations_stand_under_each_other(ontology: Graph) -> None:
    effects = """activates inhibits upregulates downregulates promotes protects_from
        required_for""".split()
    others = "regulates binds expressed_in treats marker_of".split()
    relations = set(ontology.subjects(RDF.type, KG.Relation))
    below = {
        upper: {each for each in ontology.subjects(RDFS.subPropertyOf, upper) if each in relations}
        for upper in (KG.regulates, KG.associated_with)
    }
    assert below[KG.regulates] == {KG[name] for name in effects}
    assert below[KG.associated_with] == {KG[name] for name in others}


def test_signs(ontology: Graph) -> None:
    signs = {subject: str(sign) for subject, sign in ontology.subject_objects(KG.sign)}
    assert signs == {
        **dict.fromkeys((KG.activates, KG.upregulates, KG.promotes), "positive"),
        **dict.fromkeys((KG.inhibits, KG.downregulates, KG.protects_from, KG.treats), "negative"),
    }


def test_the_graph_shape_uses_declared_terms_only(ontology: Graph) -> None:
    in_table = terms_in("architecture.md")
    assert {KG.Publication, KG.mentions, KG.mayReferTo, KG.ancestor} <= in_table
    assert in_table - own_terms(ontology) == set()


def test_the_page_on_the_ontology_names_every_term_and_no_other(ontology: Graph) -> None:
    assert terms_in("ontology.md") == own_terms(ontology)


def without(term: URIRef, predicate: URIRef) -> Callable[[Graph], object]:
    return lambda graph: graph.remove((term, predicate, None))


def with_triple(
    subject: URIRef, predicate: URIRef, value: URIRef | Literal
) -> Callable[[Graph], object]:
    return lambda graph: graph.add((subject, predicate, value))


def counted_ancestors(graph: Graph) -> None:
    node = BNode()
    graph.add((KG.Gene, RDFS.subClassOf, node))
    graph.add((node, RDF.type, OWL.Restriction))
    graph.add((node, OWL.onProperty, KG.ancestor))
    graph.add((node, OWL.maxCardinality, Literal(3)))


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        (without(ONTOLOGY, OWL.versionIRI), "has no http://www.w3.org/2002/07/owl#versionIRI"),
        (without(ONTOLOGY, RDF.type), "not declared as an owl:Ontology"),
        (without(KG.Gene, RDFS.label), f"{KG.Gene}: has 0 English labels, not one"),
        (without(KG.year, SKOS.definition), f"{KG.year}: has 0 English definitions, not one"),
        (
            with_triple(KG.Gene, RDFS.label, Literal("locus", lang="en")),
            f"{KG.Gene}: has 2 English labels, not one",
        ),
        (without(KG.Entity, RDF.type), f"{KG.Entity}: used, but not declared"),
        (without(SKOS.closeMatch, RDF.type), f"{SKOS.closeMatch}: used, but not declared"),
        (without(DCTERMS.isPartOf, RDF.type), f"{DCTERMS.isPartOf}: used, but not declared"),
        (
            with_triple(KG.author, RDF.type, OWL.DatatypeProperty),
            f"{KG.author}: declared as ObjectProperty and DatatypeProperty",
        ),
        (
            with_triple(KG.author, RDFS.subPropertyOf, DCTERMS.creator),
            f"{KG.author}: not of the kind of {DCTERMS.creator}, the property above it",
        ),
        (
            with_triple(KG.ancestor, RDF.type, OWL.FunctionalProperty),
            f"{KG.ancestor}: functional, but not a simple property",
        ),
        (
            with_triple(KG.mentionedIn, RDF.type, OWL.AsymmetricProperty),
            f"{KG.mentionedIn}: asymmetric, but not a simple property",
        ),
        (
            with_triple(KG.mentions, OWL.propertyDisjointWith, KG.author),
            f"{KG.mentions}: disjoint with another, but not a simple property",
        ),
        (
            counted_ancestors,
            f"{KG.ancestor}: its values are counted, but it is not a simple property",
        ),
    ],
)
def test_finds_what_breaks_a_rule(
    ontology: Graph, change: Callable[[Graph], object], fault: str
) -> None:
    broken = Graph()
    broken += ontology
    change(broken)
    faults = check_ontology(broken.serialize(format="nt", encoding="utf-8"))
    assert any(fault in found for found in faults), faults


def test_undeclared_terms_are_found() -> None:
    graph = Graph()
    paper = URIRef("http://example.org/paper")
    graph.add((paper, RDF.type, KG.Publication))
    graph.add((paper, KG.praises, URIRef("http://example.org/other")))
    graph.add((paper, RDF.type, URIRef("http://example.org/Thing")))
    graph.add((paper, DCTERMS.title, Literal("A paper")))
    graph.add((paper, RDFS.label, Literal("A paper")))
    graph.add((paper, RDFS.seeAlso, KG.Genes))
    found = undeclared_terms(graph.serialize(format="nt", encoding="utf-8"))
    assert found == ("http://example.org/Thing", str(KG.Genes), str(KG.praises))


def test_a_file_of_owl_is_read_as_rdf_xml(tmp_path: Path) -> None:
    path = tmp_path / "small.owl"
    graph = Graph()
    graph.add((KG.Thing, RDF.type, OWL.Class))
    graph.serialize(path, format="xml")
    assert str(KG.Thing) in undeclared_terms(path)


def test_a_graph_that_is_no_rdf_is_an_error(tmp_path: Path) -> None:
    path = tmp_path / "broken.ttl"
    path.write_text("<a> <b> .", encoding="utf-8")
    with pytest.raises(InputError, match=r"broken\.ttl: not read as RDF"):
        undeclared_terms(path)
    with pytest.raises(InputError, match="the bytes given: not read as RDF"):
        undeclared_terms(b"no triples here")
    with pytest.raises(InputError, match=r"missing\.nt"):
        undeclared_terms(tmp_path / "missing.nt")
