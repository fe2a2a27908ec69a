"""What follows from small graphs, by rule; compared with two other reasoners of OWL 2 RL."""

from collections.abc import Iterable
from pathlib import Path

import pytest
from pyoxigraph import DefaultGraph, NamedNode, Quad, RdfFormat, Store, Triple, parse

from kg.reasoning import Inferred, materialise, ontology_ntriples
from kg.reasoning.schema import close
from kg.store import open_graph
from tests.reasoning.others import OTHERS, entailed_by_another, is_trivial

GRAPH = "http://example.org/inferred"
PREFIXES = """
@prefix : <http://example.org/> .
@prefix kg: <https://w3id.org/litkg/ontology#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""


def infer(turtle: str, ontology: bytes = b"") -> tuple[Inferred, set[str]]:
    """Return what follows from a graph: the counts, and the statements in N-Triples."""
    store = Store()
    store.load((PREFIXES + turtle).encode(), RdfFormat.TURTLE)
    inferred, statements = run(store, ontology)
    return inferred, {str(each) for each in statements}


def run(store: Store, ontology: bytes) -> tuple[Inferred, set[Triple]]:
    def load(chunks: Iterable[bytes]) -> None:
        for chunk in chunks:
            store.bulk_load(chunk, RdfFormat.N_QUADS)

    inferred = materialise(store, ontology, GRAPH, load)
    quads = store.quads_for_pattern(None, None, None, NamedNode(GRAPH))
    return inferred, {quad.triple for quad in quads}


def triples(turtle: str) -> set[str]:
    store = Store()
    store.load((PREFIXES + turtle).encode(), RdfFormat.TURTLE)
    return {str(quad.triple) for quad in store}


# Axioms and statements; what follows; under which rule it is counted.
CASES = [
    pytest.param(":a a :C . :C rdfs:subClassOf :D .", ":a a :D .", "cax-sco", id="subclass"),
    pytest.param(
        ":a a :C . :C owl:equivalentClass :D .",
        ":a a :D . :C rdfs:subClassOf :D . :D rdfs:subClassOf :C ; owl:equivalentClass :C .",
        "cax-sco",
        id="equivalent classes",
    ),
    pytest.param(
        ":C rdfs:subClassOf :D . :D rdfs:subClassOf :E .",
        ":C rdfs:subClassOf :E .",
        "scm-sco",
        id="subclass of a subclass",
    ),
    pytest.param(
        ":C rdfs:subClassOf :D . :D rdfs:subClassOf :C .",
        ":C owl:equivalentClass :D . :D owl:equivalentClass :C .",
        "scm-eqc2",
        id="each a subclass of the other",
    ),
    pytest.param(":a :p :b . :p rdfs:subPropertyOf :q .", ":a :q :b .", "prp-spo1", id="property"),
    pytest.param(
        ':a :l "x"@en . :a :l 7 . :l rdfs:subPropertyOf :m .',
        ':a :m "x"@en . :a :m 7 .',
        "prp-spo1",
        id="literals",
    ),
    pytest.param(":a :p :b . :p owl:inverseOf :q .", ":b :q :a .", "prp-inv1", id="inverse"),
    pytest.param(":a :q :b . :p owl:inverseOf :q .", ":b :p :a .", "prp-inv2", id="inverse back"),
    pytest.param(
        ":a :p :b . :p a owl:SymmetricProperty .", ":b :p :a .", "prp-symp", id="symmetric"
    ),
    pytest.param(
        ":a :p :b . :b :p :c . :p a owl:TransitiveProperty .",
        ":a :p :c .",
        "prp-trp",
        id="transitive",
    ),
    pytest.param(
        ":a :p :b . :b :q :c . :p rdfs:subPropertyOf :q . :q a owl:TransitiveProperty .",
        ":a :q :b . :a :q :c .",
        "prp-trp",
        id="transitive over a sub-property",
    ),
    pytest.param(
        ":a :p :b . :b :q :c . :r owl:propertyChainAxiom (:p :q) .",
        ":a :r :c .",
        "prp-spo2",
        id="chain",
    ),
    pytest.param(
        ":b :i :a . :b :q :c . :p owl:inverseOf :i . :r owl:propertyChainAxiom (:p :q) . "
        ":s rdfs:domain :D . :r rdfs:subPropertyOf :s .",
        ":a :p :b . :a :r :c . :a :s :c . :a a :D . :r rdfs:domain :D .",
        "prp-spo2",
        id="chain over an inverse, and on",
    ),
    pytest.param(
        ":a :p :b . :b :p :c . :c :p :d . :p a owl:TransitiveProperty . "
        ":r owl:propertyChainAxiom (:p :r) . :d :r :e .",
        ":a :p :c . :a :p :d . :b :p :d . :a :r :e . :b :r :e . :c :r :e .",
        "prp-spo2",
        id="a chain that leads to itself",
    ),
    pytest.param(":a :p :b . :p rdfs:domain :C .", ":a a :C .", "prp-dom", id="domain"),
    pytest.param(":a :p :b . :p rdfs:range :C .", ":b a :C .", "prp-rng", id="range"),
    pytest.param(":a :n 7 . :n rdfs:range xsd:integer .", "", "", id="range of literals"),
    pytest.param(
        ":a :p :b ; a :C . :p rdfs:domain :D . :C rdfs:subClassOf :D .",
        ":a a :D .",
        "cax-sco",
        id="a domain that the type has",
    ),
    pytest.param(
        ":p rdfs:domain :C . :C rdfs:subClassOf :D . :q rdfs:subPropertyOf :p .",
        ":p rdfs:domain :D . :q rdfs:domain :C , :D .",
        "scm-dom1",
        id="domains of sub-properties",
    ),
    pytest.param(
        ":p rdfs:range :C . :C rdfs:subClassOf :D . :q rdfs:subPropertyOf :p .",
        ":p rdfs:range :D . :q rdfs:range :C , :D .",
        "scm-rng2",
        id="ranges of sub-properties",
    ),
    pytest.param(
        ":a a :C . :U owl:unionOf (:C :D) .",
        ":a a :U . :C rdfs:subClassOf :U . :D rdfs:subClassOf :U .",
        "scm-uni",
        id="union",
    ),
    pytest.param(
        ":a :p :b . :p rdfs:domain [ owl:unionOf (:C :D) ; rdfs:subClassOf :E ] .",
        ":a a :E . :p rdfs:domain :E . :C rdfs:subClassOf :E . :D rdfs:subClassOf :E .",
        "prp-dom",
        id="a domain without a name, and a class above it",
    ),
    pytest.param(
        ":a :p :b . :p owl:equivalentProperty :q .",
        ":a :q :b . :p rdfs:subPropertyOf :q . :q rdfs:subPropertyOf :p ; "
        "owl:equivalentProperty :p .",
        "prp-eqp1",
        id="equivalent properties",
    ),
    pytest.param(":a a :C . _:b :p :a . :p rdfs:domain :C .", "", "", id="no blank nodes"),
    pytest.param(":a a :C . :C rdfs:subClassOf owl:Thing .", "", "", id="what is true of all"),
]
ALL = pytest.param(
    "\n".join(str(case.values[0]) for case in CASES), "", "prp-spo2", id="all of these"
)


@pytest.mark.parametrize(("stated", "expected", "rule"), CASES)
def test_rules(stated: str, expected: str, rule: str) -> None:
    inferred, found = infer(stated)
    assert found == triples(expected)
    assert inferred.statements == len(found)
    assert (rule in inferred.counts) is bool(rule)


def test_what_the_ontology_says_is_no_conclusion() -> None:
    ontology = b"".join(
        f"<http://example.org/{lower}> <http://www.w3.org/2000/01/rdf-schema#subClassOf> "
        f"<http://example.org/{upper}> .\n".encode()
        for lower, upper in ("CD", "DE")
    )
    inferred, found = infer(":a a :C .", ontology)
    assert found == triples(":a a :D , :E . :C rdfs:subClassOf :E .")
    assert inferred.counts == {"cax-sco": 2, "scm-sco": 1}


def test_nothing_is_inferred_twice() -> None:
    """Run on its own results, moved to the default graph, the rules give nothing."""
    store = Store()
    store.load((PREFIXES + str(ALL.values[0])).encode(), RdfFormat.TURTLE)
    _, found = run(store, ontology_ntriples())
    assert found
    store.remove_graph(NamedNode(GRAPH))
    store.extend(Quad(each.subject, each.predicate, each.object) for each in found)
    inferred, again = run(store, ontology_ntriples())
    assert again == set()
    assert inferred.counts == {}


@pytest.mark.parametrize("name", OTHERS)
@pytest.mark.parametrize(("stated", "_expected", "rule"), [*CASES, ALL])
def test_others_infer_the_same_of_the_cases(
    name: str, stated: str, _expected: str, rule: str
) -> None:
    if rule in OTHERS[name].rules_missing:
        pytest.skip(f"{name} has no {rule}")
    store = Store()
    store.load((PREFIXES + stated).encode(), RdfFormat.TURTLE)
    compare(store, b"", name)


@pytest.mark.parametrize("name", OTHERS)
def test_others_infer_the_same_of_a_graph(name: str, sample_graph: Path) -> None:
    """The small graph of the tests, with the whole ontology: set for set."""
    with open_graph(sample_graph) as graph:
        store = Store()
        store.bulk_extend(graph.store.quads_for_pattern(None, None, None, DefaultGraph()))
    compare(store, ontology_ntriples(), name)


def compare(store: Store, ontology: bytes, name: str) -> None:
    stated = {str(quad.triple) for quad in store}
    stated |= {str(q.triple) for q in _parsed(ontology)}
    theirs = entailed_by_another(name, store, ontology)
    _, mine = run(store, ontology)
    others = {str(each) for each in theirs if not is_trivial(each)} - stated
    assert {str(each) for each in mine} - others - OTHERS[name].missing(mine) == set()
    assert others - {str(each) for each in mine} == set()


def _parsed(ntriples: bytes) -> list[Quad]:
    return list(parse(ntriples, RdfFormat.N_TRIPLES))


def test_axioms_that_no_rule_reads_are_told() -> None:
    assert infer(":a a :C . :C rdfs:subClassOf :D .")[0].not_applied == ()
    inferred, found = infer(
        ":a :p :b . :C owl:equivalentClass [ owl:onProperty :p ; owl:someValuesFrom owl:Thing ] . "
        ":D owl:hasKey ( :p ) ."
    )
    assert inferred.not_applied == ("hasKey", "someValuesFrom")
    assert found == set()
    assert run(Store(), ontology_ntriples())[0].not_applied == ()


def test_circles_are_closed() -> None:
    edges = {"a": ["b"], "b": ["c"], "c": ["a", "d"], "x": ["c"], "d": []}
    closed = close(edges)
    assert closed["a"] == closed["b"] == closed["c"] == closed["x"] == {"a", "b", "c", "d"}
    assert closed["d"] == set()
