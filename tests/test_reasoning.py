"""HermiT on the ontology with small graphs: what is consistent, what is not, and what follows."""

import subprocess
import sys
import time
from pathlib import Path

import pytest
from rdflib import Graph

from kg.errors import InputError, ReasonerError
from kg.reasoning import (
    check_consistency,
    hermit,
    java_available,
    ontology_ntriples,
    undeclared_terms,
)

needs_java = pytest.mark.skipif(not java_available(), reason="HermiT needs Java, and there is none")

PREFIXES = """
@prefix kg: <https://w3id.org/litkg/ontology#> .
@prefix e: <https://w3id.org/litkg/> .
@prefix hgnc: <http://identifiers.org/hgnc/> .
@prefix pubmed: <http://www.ncbi.nlm.nih.gov/pubmed/> .
@prefix obo: <http://purl.obolibrary.org/obo/> .
@prefix fplx: <https://identifiers.org/fplx:> .
@prefix biolink: <https://w3id.org/biolink/vocab/> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix prov: <http://www.w3.org/ns/prov#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""

# One paper in the shape of docs/architecture.md. What the tests below derive is not stated:
# no kg:mentions, no kg:hasSentence, no kg:ancestor of the gene or the family.
SAMPLE = r"""
pubmed:1 a kg:Publication ;
    dcterms:title "IL-7 activates \"STAT5\" in αβ T cells" ;
    dcterms:alternative "IL-7 aktiviert STAT5" ; dcterms:language "ger" ;
    kg:year 2007 ; kg:volume "65 Suppl 3" ; kg:issue "2" ; kg:pages "732-42" ;
    kg:byline "van Amelsfort J, et al" ; kg:publicationType "Journal Article" ;
    kg:keyword "cytokines" ; kg:grant "R01 AI123/AI/NIAID NIH HHS/United States" ;
    kg:heading e:heading-1 , e:heading-2 ; kg:majorHeading e:heading-1 ;
    kg:substance e:substance-1 ; kg:retracted true ; kg:retractedIn pubmed:2 ;
    kg:correctedIn e:reference-1 ; kg:cites pubmed:3 ;
    kg:publishedIn e:journal-1 ; kg:firstAuthor e:author-1 ; kg:author e:author-2 ;
    prov:wasDerivedFrom e:record-1 ;
    rdfs:seeAlso <https://pubmed.ncbi.nlm.nih.gov/1/> .
<https://doi.org/10.1/x> dcterms:isReplacedBy pubmed:1 .
e:journal-1 a kg:Journal ; rdfs:label "J Exp Med" ; kg:issn "0022-1007" , "1540-9538" ;
    kg:journalTitle "The Journal of experimental medicine" .
e:author-1 a kg:Author ; rdfs:label "van Amelsfort J" ;
    kg:orcid <https://orcid.org/0000-0002-1825-0097> .
e:author-2 a kg:Author , kg:AuthorGroup ; rdfs:label "Arthritis Group" .
e:heading-1 a kg:Heading ; rdfs:label "Interleukin-7/genetics" ;
    kg:descriptor <http://id.nlm.nih.gov/mesh/D015851> ;
    kg:qualifier <http://id.nlm.nih.gov/mesh/Q000235> .
e:heading-2 a kg:Heading ; rdfs:label "Mice" .
e:substance-1 a kg:Substance ; rdfs:label "Interleukin-7" ; kg:registryNumber "0LVT1QZ0BA" ;
    skos:exactMatch <http://id.nlm.nih.gov/mesh/D015851> .
e:reference-1 a kg:Reference ; rdfs:label "J Exp Med. 2008;205:1" .
e:source-1 a kg:Source ; rdfs:label "list.txt" ; kg:format "reading-list" ; kg:sha256 "ab" ;
    kg:topic hgnc:6023 ; kg:topicName "IL7" ; kg:summary "A cytokine.\n\tIt has \\ in it." .
e:record-1 a kg:Record ; kg:inSource e:source-1 ; kg:section "Reviews" ;
    kg:position 1 ; kg:line 12 ; kg:gives "title" , "year" .
e:sentence-1 a kg:Sentence ; kg:inPublication pubmed:1 ;
    kg:text "IL-7 activates \"STAT5\" in αβ T cells" ; kg:field "title" ; kg:start 0 ;
    kg:hasMention e:mention-1 , e:mention-2 , e:mention-3 ; kg:mentionAt 0 , 16 , 26 .
e:sentence-2 a kg:Sentence ; kg:inPublication pubmed:1 ; kg:text "IL-7 acts." ;
    kg:field "abstract" ; kg:section "RESULTS" ; kg:start 9 ;
    kg:hasMention e:mention-1 ; kg:mentionAt 9 .
pubmed:1 kg:indexedWith e:mention-4 .
e:mention-1 a kg:Mention ; kg:exact "IL-7" ; kg:refersTo hgnc:6023 ;
    kg:score 1.0 ; kg:method "symbol" .
e:mention-2 a kg:Mention ; kg:exact "STAT5" ; kg:refersTo fplx:STAT5 ; kg:mayReferTo hgnc:11366 ;
    kg:score 0.8 ; kg:method "family" .
e:mention-3 a kg:Mention ; kg:exact "αβ T cells" ; kg:refersTo obo:CL_0000789 ;
    kg:score 0.9 ; kg:method "synonym" .
e:mention-4 a kg:Mention ; kg:exact "Thymus Gland" ; kg:refersTo obo:UBERON_0002370 ;
    kg:score 1.0 ; kg:method "indexer" .
hgnc:6023 a kg:Gene ; rdfs:label "IL7" ; kg:curie "HGNC:6023" ; kg:inTaxon obo:NCBITaxon_9606 ;
    skos:altLabel "IL-7" ; dcterms:description "A cytokine." ;
    skos:exactMatch <http://identifiers.org/ncbigene/3574> .
hgnc:11366 a kg:Gene ; kg:curie "HGNC:11366" ; kg:memberOf fplx:STAT5 .
fplx:STAT5 a kg:GeneFamily ; kg:memberOf fplx:STAT .
fplx:STAT a kg:GeneFamily ; kg:componentOf fplx:STAT_complex .
fplx:STAT_complex a kg:GeneFamily .
obo:NCBITaxon_9606 a kg:Organism , owl:Class ; rdfs:subClassOf obo:NCBITaxon_9605 .
obo:NCBITaxon_9605 a kg:Organism , owl:Class .
obo:CL_0000789 a kg:CellType , owl:Class ; rdfs:label "alpha-beta T cell" ;
    rdfs:subClassOf obo:CL_0000084 ; kg:ancestor obo:CL_0000084 .
obo:CL_0000084 a kg:CellType , owl:Class ; skos:definition "A lymphocyte." .
obo:UBERON_0002370 a kg:AnatomicalStructure ; skos:broader obo:UBERON_0005057 .
obo:UBERON_0005057 a kg:AnatomicalStructure .
hgnc:6023 kg:activates fplx:STAT5 .
e:assertion-1 a kg:Assertion ; kg:subject hgnc:6023 ; kg:predicate kg:activates ;
    kg:object fplx:STAT5 ; kg:negated false ; kg:speculative false ; kg:evidence e:evidence-1 ;
    kg:paperCount 1 ; kg:sentenceCount 1 ; kg:confidence 0.75 .
e:evidence-1 a kg:Evidence ; kg:evidenceSentence e:sentence-1 ;
    kg:subjectMention e:mention-1 ; kg:objectMention e:mention-2 ;
    kg:trigger "activates" ; kg:start 5 ; kg:method "verb" ; kg:confidence 0.75 ;
    kg:negated false ; kg:speculative false .
e:method-1 a prov:SoftwareAgent ; rdfs:label "litkg assertion rules" ;
    kg:version "0.1.0" ; kg:sha256 "cd" ;
    biolink:agent_type "text_mining_agent" ; biolink:knowledge_level "not_provided" .
e:comention-1 a kg:CoMention ; kg:coMentioned hgnc:6023 , fplx:STAT5 ;
    kg:paperCount 1 ; kg:sentenceCount 0 ; kg:logLikelihood -1.25 .
"""


def ntriples(turtle: str) -> bytes:
    graph = Graph().parse(data=PREFIXES + turtle, format="turtle")
    return graph.serialize(format="nt", encoding="utf-8")


def check(turtle: str) -> bool:
    """Tell whether the sample and more statements are consistent with the ontology."""
    report = check_consistency(ntriples(SAMPLE + turtle))
    assert report.unsatisfiable == ()
    assert report.misused == ()
    assert report.sound is report.consistent
    return report.consistent


def test_the_sample_is_covered_by_the_ontology() -> None:
    assert undeclared_terms(ntriples(SAMPLE)) == ()


@pytest.mark.java
@needs_java
def test_ontology_alone_has_no_unsatisfiable_class() -> None:
    report = check_consistency()
    assert report.sound
    assert report.triples == len(Graph().parse(data=ontology_ntriples(), format="nt"))
    assert report.seconds > 0


@pytest.mark.java
@needs_java
def test_sample_is_consistent_and_leaves_nothing_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    sample, temporary = tmp_path / "sample.ttl", tmp_path / "temporary"
    sample.write_text(PREFIXES + SAMPLE, encoding="utf-8")
    temporary.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(temporary))
    assert check_consistency(sample).sound
    assert not check_consistency(sample, ntriples("hgnc:6023 a kg:CellType .")).consistent
    assert list(temporary.iterdir()) == []
    assert capfd.readouterr() == ("", "")


@pytest.mark.java
@needs_java
@pytest.mark.parametrize(
    "statement",
    [
        pytest.param("hgnc:6023 a kg:CellType .", id="two entity types"),
        pytest.param("fplx:STAT5 a kg:Gene .", id="a family and a gene"),
        pytest.param("pubmed:1 kg:mentions pubmed:1 .", id="a paper mentioned as an entity"),
        pytest.param("hgnc:6023 kg:mentions hgnc:6023 .", id="an entity that mentions"),
        pytest.param("e:author-1 a kg:Journal .", id="two top classes"),
        pytest.param("e:mention-2 kg:mayReferTo fplx:STAT5 .", id="the best grounding again"),
        pytest.param('e:mention-1 kg:exact "IL7" .', id="one mention in two wordings"),
        pytest.param("e:mention-1 kg:refersTo fplx:STAT5 .", id="two references of one mention"),
        pytest.param("e:mention-1 kg:start 7 .", id="a mention with a place"),
        pytest.param("e:sentence-2 kg:start 10 .", id="a sentence that begins twice"),
        pytest.param("pubmed:1 kg:retracted false .", id="retracted and not"),
        pytest.param("pubmed:1 kg:cites e:reference-1 .", id="a citation that is cited"),
        pytest.param("pubmed:1 kg:heading hgnc:6023 .", id="an entity as a heading"),
        pytest.param("e:heading-2 kg:substance e:substance-1 .", id="a heading with a substance"),
        pytest.param("fplx:STAT kg:memberOf fplx:STAT5 .", id="a circle of families"),
        pytest.param("obo:CL_0000084 kg:memberOf fplx:STAT5 .", id="a cell type in a family"),
        pytest.param("pubmed:1 kg:year 2008 .", id="two years"),
        pytest.param('e:record-1 kg:line "twelve" .', id="a line that is no number"),
        pytest.param("e:record-2 kg:line 0 .", id="a line before the first"),
        pytest.param("e:sentence-3 kg:mentionAt -1 .", id="an offset before the text"),
        pytest.param("e:mention-5 kg:score 1.5 .", id="a score above 1"),
        pytest.param('e:mention-5 kg:score "1.0"^^xsd:float .', id="a score that is a float"),
        pytest.param("e:evidence-2 kg:confidence -0.1 .", id="a confidence below 0"),
        pytest.param("e:assertion-1 kg:predicate hgnc:6023 .", id="an entity as relation"),
        pytest.param("e:assertion-1 kg:negated true .", id="affirmed and denied at once"),
        pytest.param("e:assertion-1 kg:confidence 1.25 .", id="an assertion surer than sure"),
        pytest.param("e:assertion-1 kg:paperCount -1 .", id="a negative number of papers"),
        pytest.param("e:evidence-1 kg:subjectMention e:mention-2 .", id="two subjects"),
        pytest.param(
            "e:evidence-2 kg:subjectMention e:mention-1 ; kg:objectMention e:mention-1 .",
            id="one mention as subject and object",
        ),
        pytest.param("e:evidence-1 kg:objectMention hgnc:6023 .", id="an entity as a mention"),
        pytest.param('e:evidence-1 kg:trigger "binds" .', id="two triggers"),
        pytest.param("e:mention-1 kg:paperCount 1 .", id="a mention that counts papers"),
        pytest.param("e:comention-1 a kg:Assertion .", id="a co-mention that asserts"),
        pytest.param("e:comention-1 kg:coMentioned pubmed:1 .", id="a paper mentioned together"),
        pytest.param("pubmed:1 kg:activates hgnc:6023 .", id="a paper that activates"),
        pytest.param("hgnc:6023 kg:expresses e:author-1 .", id="an author expressed"),
        pytest.param('e:blocks a kg:Relation ; kg:sign "neutral" .', id="a sign that is none"),
        pytest.param('kg:binds kg:sign "positive" , "negative" .', id="two signs"),
    ],
)
def test_what_breaks_an_axiom_is_inconsistent(statement: str) -> None:
    assert not check(statement)


@pytest.mark.java
@needs_java
@pytest.mark.parametrize(
    ("statement", "misused"),
    [
        ('pubmed:1 kg:mentions "IL-7" .', "https://w3id.org/litkg/ontology#mentions"),
        ("pubmed:2 kg:year e:year-2007 .", "https://w3id.org/litkg/ontology#year"),
        ('e:x skos:broader "cell" .', "http://www.w3.org/2004/02/skos/core#broader"),
    ],
)
def test_a_value_of_the_wrong_kind_is_reported(statement: str, misused: str) -> None:
    """HermiT itself takes such a triple for an annotation and calls the graph consistent."""
    report = check_consistency(ntriples(SAMPLE + statement))
    assert report.consistent
    assert report.misused == (misused,)
    assert not report.sound


@pytest.mark.java
@needs_java
@pytest.mark.parametrize(
    ("subject", "predicate", "value"),
    [
        pytest.param("pubmed:1", "kg:hasSentence", "e:sentence-1", id="inverse"),
        pytest.param("pubmed:1", "kg:mentions", "obo:CL_0000789", id="chain"),
        pytest.param("hgnc:6023", "kg:mentionedIn", "pubmed:1", id="chain, then inverse"),
        pytest.param("pubmed:1", "kg:mentions", "obo:UBERON_0002370", id="an indexer's mention"),
        pytest.param("pubmed:2", "kg:retractionOf", "pubmed:1", id="retraction, turned round"),
        pytest.param("pubmed:1", "schema:citation", "pubmed:3", id="external citation"),
        pytest.param("hgnc:11366", "kg:ancestor", "fplx:STAT", id="transitive"),
        pytest.param("hgnc:11366", "kg:ancestor", "fplx:STAT_complex", id="family and complex"),
        pytest.param("pubmed:1", "kg:author", "e:author-1", id="first author is an author"),
        pytest.param("pubmed:1", "schema:mentions", "fplx:STAT5", id="external property"),
        pytest.param("hgnc:6023", "kg:regulates", "fplx:STAT5", id="relation above"),
        pytest.param("fplx:STAT5", "kg:activated_by", "hgnc:6023", id="inverse relation"),
        pytest.param("fplx:STAT5", "kg:associated_with", "hgnc:6023", id="symmetric relation"),
        pytest.param("fplx:STAT5", "biolink:related_to", "hgnc:6023", id="external relation"),
        pytest.param("e:evidence-1", "kg:evidenceMention", "e:mention-2", id="object mention"),
    ],
)
def test_what_follows_from_the_axioms(subject: str, predicate: str, value: str) -> None:
    """A statement follows from the sample if denying it makes the sample inconsistent."""
    denial = f"""
    @prefix schema: <http://schema.org/> .
    [] a owl:NegativePropertyAssertion ; owl:sourceIndividual {subject} ;
        owl:assertionProperty {predicate} ; owl:targetIndividual {value} ."""
    assert not check(denial)


@pytest.mark.java
@needs_java
@pytest.mark.parametrize(
    ("subject", "predicate", "value"),
    [
        pytest.param("pubmed:1", "kg:mentions", "hgnc:11366", id="a worse grounding"),
        pytest.param("fplx:STAT", "kg:ancestor", "fplx:STAT5", id="ancestor the wrong way"),
        pytest.param("fplx:STAT5", "kg:regulates", "hgnc:6023", id="relation the wrong way"),
        pytest.param("hgnc:6023", "kg:upregulates", "fplx:STAT5", id="relation beside"),
        pytest.param("hgnc:6023", "kg:binds", "fplx:STAT5", id="what is asserted of no binding"),
        pytest.param("obo:UBERON_0002370", "kg:ancestor", "obo:UBERON_0005057", id="broader"),
    ],
)
def test_what_does_not_follow(subject: str, predicate: str, value: str) -> None:
    denial = f"""
    [] a owl:NegativePropertyAssertion ; owl:sourceIndividual {subject} ;
        owl:assertionProperty {predicate} ; owl:targetIndividual {value} ."""
    assert check(denial)


@pytest.mark.java
@needs_java
def test_unsatisfiable_classes_are_named() -> None:
    hybrid = ntriples("e:Hybrid a owl:Class ; rdfs:subClassOf kg:Gene , kg:CellType .")
    report = check_consistency(hybrid)
    assert report.consistent
    assert not report.sound
    assert report.unsatisfiable == ("https://w3id.org/litkg/Hybrid",)


@pytest.mark.java
@needs_java
def test_the_other_process_answers_as_a_function_does(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    path = tmp_path / "graph.nt"
    path.write_bytes(ontology_ntriples())
    assert hermit.reason(path) == {
        "consistent": True,
        "unsatisfiable": [],
        "subclasses": [],
    }
    hermit.answer(str(path))
    assert (
        capsys.readouterr().out == '\n{"consistent": true, "unsatisfiable": [], "subclasses": []}\n'
    )
    path.write_bytes(ontology_ntriples() + ntriples("e:a a kg:Gene , kg:Journal ."))
    assert hermit.reason(path) == {
        "consistent": False,
        "unsatisfiable": [],
        "subclasses": [],
    }


@pytest.mark.java
@needs_java
def test_a_datatype_that_hermit_does_not_read_is_an_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    dated = ntriples(
        "e:when a owl:DatatypeProperty ; rdfs:range xsd:date ."
        "pubmed:1 e:when '2007-01-01'^^xsd:date ."
    )
    with pytest.raises(ReasonerError, match=r"HermiT failed: .*XMLSchema#date'"):
        check_consistency(dated)
    path = tmp_path / "graph.nt"
    path.write_bytes(dated)
    assert "XMLSchema#date" in str(hermit.reason(path)["error"])


@pytest.mark.java
@needs_java
def test_too_long_is_an_error() -> None:
    with pytest.raises(ReasonerError, match=r"HermiT did not finish within 0\.01 seconds"):
        check_consistency(timeout=0.01)


@pytest.mark.java
@needs_java
def test_what_takes_too_long_is_ended_with_its_children(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    started, ended = tmp_path / "started", tmp_path / "ended"
    script = f"touch '{started}'; sleep 3; touch '{ended}'"
    code = f"import subprocess; subprocess.run(['sh', '-c', {script!r}])"
    monkeypatch.setattr(hermit, "_COMMAND", ("-c", code))
    with pytest.raises(ReasonerError, match=r"did not finish within 1\.5 seconds"):
        check_consistency(timeout=1.5)
    time.sleep(2)
    assert started.exists()
    assert not ended.exists()


@pytest.mark.java
@needs_java
def test_a_process_that_dies_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hermit, "_COMMAND", ("-c", "raise SystemExit('no memory left')"))
    with pytest.raises(ReasonerError, match="HermiT failed: no memory left"):
        check_consistency()
    monkeypatch.setattr(hermit, "_COMMAND", ("-c", "raise SystemExit(3)"))
    with pytest.raises(ReasonerError, match="HermiT failed: it gave no reason"):
        check_consistency()


@pytest.mark.java
@needs_java
def test_a_graph_that_is_no_rdf_is_an_input_error() -> None:
    with pytest.raises(InputError, match="the bytes given: not read as RDF"):
        check_consistency(b"<a> <b> <c>")


def test_without_java_the_message_says_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert not java_available()
    with pytest.raises(ReasonerError, match=r"no Java runtime was found.*install Java"):
        check_consistency()


@pytest.mark.parametrize("script", ["#!/bin/sh\nexit 1\n", "no program at all\x00"])
def test_a_java_that_does_not_start_is_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, script: str
) -> None:
    java = tmp_path / "java"
    java.write_text(script, encoding="utf-8")
    java.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert not java_available()


def test_owlready2_is_not_imported_with_the_module() -> None:
    code = "import sys, kg.reasoning; sys.exit('owlready2' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
