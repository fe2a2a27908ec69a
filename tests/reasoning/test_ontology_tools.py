"""The ontology's profiles, its competency questions, its page, and a graph as Python objects."""

import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner
from pyoxigraph import RdfFormat, parse, serialize

from kg.cli import cli
from kg.errors import InputError
from kg.reasoning import load_objects, ontology_path
from kg.reasoning.competency import check_questions
from kg.reasoning.page import write_page
from kg.reasoning.profiles import check_profiles

ROOT = Path(__file__).parents[2]
PREFIXES = """
@prefix : <http://example.org/> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
:C a owl:Class . :D a owl:Class . :p a owl:ObjectProperty . :l a owl:DatatypeProperty .
"""


def ntriples(turtle: str) -> bytes:
    quads = parse((PREFIXES + turtle).encode(), RdfFormat.TURTLE)
    text = serialize((quad.triple for quad in quads), format=RdfFormat.N_TRIPLES)
    assert isinstance(text, bytes)
    return text


@pytest.mark.parametrize(
    ("axiom", "fault"),
    [
        (":p a owl:DatatypeProperty .", "declared as ObjectProperty and DatatypeProperty"),
        (":C a rdfs:Datatype .", "a class and a datatype"),
        (":p a owl:TransitiveProperty , owl:FunctionalProperty .", "not a simple property"),
        (":l rdfs:range xsd:gYear .", "xsd:gYear is no datatype of OWL 2"),
        (":C a owl:OntologyProperty .", "of the reserved type owl:OntologyProperty"),
        (
            ":l rdfs:range [ owl:onDatatype xsd:string ; owl:withRestrictions ([ xsd:size 3 ]) ] .",
            "no facet",
        ),
    ],
)
def test_what_is_not_in_owl_2_dl(axiom: str, fault: str) -> None:
    assert check_profiles(ntriples("")).dl == ()
    (found,) = check_profiles(ntriples(axiom)).dl
    assert fault in found


@pytest.mark.parametrize(
    ("axiom", "fault"),
    [
        (":p rdfs:domain [ owl:unionOf ( :C :D ) ] .", "its domain is made with owl:unionOf"),
        (
            ":C rdfs:subClassOf [ owl:onProperty :p ; owl:someValuesFrom :D ] .",
            "the class above it is made with owl:someValuesFrom",
        ),
        (":C owl:equivalentClass [ owl:unionOf ( :C :D ) ] .", "made with owl:unionOf"),
        (":C rdfs:subClassOf [ owl:intersectionOf ( :D [ owl:oneOf ( :a ) ] ) ] .", "owl:oneOf"),
        (":C rdfs:subClassOf owl:Thing .", "is owl:Thing"),
        (":C owl:disjointUnionOf ( :D ) .", "a disjoint union"),
        (":p a owl:ReflexiveProperty .", "reflexive"),
        (
            "[ a owl:Restriction ; owl:onProperty :p ; owl:allValuesFrom :C ] rdfs:subClassOf :D .",
            "made with owl:allValuesFrom",
        ),
    ],
)
def test_what_is_not_in_owl_2_rl(axiom: str, fault: str) -> None:
    profiles = check_profiles(ntriples(axiom))
    assert profiles.dl == ()
    (found,) = profiles.rl
    assert fault in found


@pytest.mark.parametrize(
    "axiom",
    [
        ":C rdfs:subClassOf [ owl:intersectionOf ([ owl:onProperty :p ; owl:allValuesFrom :C ]) ].",
        ":C rdfs:subClassOf [ a owl:Restriction ; owl:onProperty :p ; owl:maxCardinality 1 ] .",
        "[ a owl:Restriction ; owl:onProperty :p ; owl:someValuesFrom :C ] rdfs:subClassOf :D .",
        ":C owl:equivalentClass [ owl:intersectionOf ( :C :D ) ] .",
        ":p a owl:TransitiveProperty , owl:SymmetricProperty .",
    ],
)
def test_what_is_in_owl_2_rl(axiom: str) -> None:
    assert check_profiles(ntriples(axiom)).rl == ()


def test_our_ontology_is_in_owl_2_dl() -> None:
    profiles = check_profiles(ontology_path())
    assert profiles.dl == ()
    # Domains that are two classes have no place in RL, whose rules conclude nothing from them.
    assert {each.partition(": ")[2] for each in profiles.rl} == {
        "its domain is made with owl:unionOf",
        "its range is made with owl:unionOf",
        "its range is made with owl:onDatatype",
        "its range is made with owl:oneOf",
    }


def test_the_competency_questions_hold() -> None:
    questions = check_questions()
    assert len(questions) >= 6
    assert [(each.name, each.fault) for each in questions if each.fault] == []


def test_a_question_that_does_not_hold_is_told(tmp_path: Path) -> None:
    (tmp_path / "a.rq").write_text(
        "#+ question: Which?\n#+ answers: [kg:Gene, kg:Nothing]\n"
        "SELECT ?c { VALUES ?c { kg:Gene kg:Disease } ?c rdfs:subClassOf kg:Entity }"
    )
    (question,) = check_questions(tmp_path)
    assert question.text == "Which?"
    assert question.fault == "not found: kg:Nothing; not expected: kg:Disease"
    (tmp_path / "a.rq").write_text("SELECT * {}")
    with pytest.raises(InputError, match=r"a\.rq: needs a header"):
        check_questions(tmp_path)
    (tmp_path / "a.rq").write_text("#+ question: Which?\n#+ answers: []\nSELECT {")
    with pytest.raises(InputError, match=r"a\.rq: the query cannot be run"):
        check_questions(tmp_path)


def test_the_verb_tells_what_is_wrong(tmp_path: Path) -> None:
    good = CliRunner().invoke(cli, ["ontology", "check"])
    assert "OWL 2 DL   yes" in good.output
    assert "questions  6 of 6 hold" in good.output
    path = tmp_path / "a.ttl"
    path.write_text(PREFIXES + ":p a owl:DatatypeProperty .")
    bad = CliRunner().invoke(cli, ["ontology", "check", str(path)], standalone_mode=False)
    assert bad.return_value == 1
    assert "OWL 2 DL   no" in bad.output
    assert (
        "fault      https://w3id.org/litkg/ontology: not declared as an owl:Ontology" in bad.output
    )


def test_the_page_of_the_ontology_is_up_to_date() -> None:
    """Made by `make ontology-docs`."""
    assert (ROOT / "docs" / "ontology.html").read_text("utf-8") == write_page()


def test_a_graph_as_python_objects_in_three_lines(il7_graph: Path) -> None:
    kg = load_objects(il7_graph)
    papers = kg.Publication.instances()
    il7 = kg.search_one(label="IL7")

    assert len(papers) == 62
    assert all(1985 < paper.year < 2020 for paper in papers)
    assert il7 in kg.Gene.instances()
    assert il7.curie == "HGNC:6023"
    assert len(il7.activates) > 2
    assert {kg.Publication} == {each.is_a[0] for each in il7.mentionedIn}
    sentence = papers[0].hasSentence[0]
    assert sentence.inPublication is papers[0]
    assert isinstance(sentence.text, str)


def test_objects_make_no_noise(il7_graph: Path) -> None:
    path = f"__import__('pathlib').Path({str(il7_graph)!r})"
    code = f"from kg.reasoning import load_objects; load_objects({path})"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT
    )
    assert (done.stdout, done.stderr) == ("", "")
