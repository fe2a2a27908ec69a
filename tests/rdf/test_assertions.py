"""What papers assert as RDF: evidence to its words, assertions with flags, plain triples."""

from collections.abc import Callable, Iterable

import pytest
from pyoxigraph import Literal, NamedNode, QuerySolutions, RdfFormat, Store

from kg.model import AnnotatedPublication, AnnotatedSentence, Predicate
from kg.namespaces import BIOLINK, KG, PROV, content_hash
from kg.rdf.assertions import AssertionWriter, PredicateCounts
from kg.rdf.papers import PaperWriter
from kg.reasoning import check_consistency, java_available, undeclared_terms

MakePaper = Callable[..., AnnotatedPublication]
BASE = "https://example.org/"
IL7 = "http://identifiers.org/hgnc/6023"
STAT5 = "https://identifiers.org/fplx:STAT5"
CD127 = "http://identifiers.org/hgnc/6024"
SAYS = ("IL-7", "activates", "STAT5", "activates")
DENIES = ("IL-7", "activates", "STAT5", "activate", {"negated": True})
GUESSES = ("IL-7", "activates", "STAT5", "may activate", {"speculative": True})


def writer() -> AssertionWriter:
    return AssertionWriter(BASE, version="0.1.0", table_sha256="cd" * 32)


def write(*papers: AnnotatedPublication) -> list[str]:
    """Return all lines of the papers, their evidence and their assertions."""
    to_papers, to_assertions = PaperWriter(BASE), writer()
    lines: list[str] = []
    for paper in papers:
        lines += to_papers.write(paper)
        lines += to_assertions.write_evidence(paper)
    return [*lines, *to_assertions.write_assertions()]


def ask(lines: Iterable[str], pattern: str, *names: str) -> list[tuple[str, ...]]:
    """Return the values of some variables for a pattern, in order."""
    store = Store()
    store.load("\n".join(lines).encode(), format=RdfFormat.N_TRIPLES)
    variables = " ".join(f"?{name}" for name in names)
    query = f"PREFIX kg: <{KG}> PREFIX prov: <{PROV}> SELECT {variables} {{ {pattern} }}"
    found = store.query(query)
    assert isinstance(found, QuerySolutions)
    rows = []
    for row in found:
        values = [row[name] for name in names]
        rows.append(tuple(each.value for each in values if isinstance(each, NamedNode | Literal)))
    return sorted(rows)


def flags(lines: Iterable[str]) -> list[tuple[str, ...]]:
    pattern = "?a a kg:Assertion ; kg:negated ?not ; kg:speculative ?maybe"
    return ask(lines, pattern, "not", "maybe")


def plain(lines: Iterable[str]) -> list[tuple[str, ...]]:
    relations = " ".join(f"kg:{each}" for each in Predicate)
    return ask(lines, f"VALUES ?p {{ {relations} }} ?s ?p ?o", "s", "p", "o")


def test_an_assertion_with_its_evidence(make_paper: MakePaper) -> None:
    lines = write(make_paper("1", ("First.",), ("In mice IL-7 activates STAT5.", SAYS)))
    ((node, *of_it),) = ask(
        lines,
        "?a a kg:Assertion ; kg:subject ?s ; kg:predicate ?p ; kg:object ?o ; kg:evidence ?e ;"
        " kg:negated ?not ; kg:speculative ?maybe ; kg:paperCount ?n ; kg:sentenceCount ?m ;"
        " kg:confidence ?c",
        *"a s p o not maybe n m c".split(),
    )
    assert node == f"{BASE}assertion/{content_hash('HGNC:6023', 'activates', 'FPLX:STAT5', '')}"
    assert of_it == [IL7, f"{KG}activates", STAT5, "false", "false", "1", "1", "0.9"]
    ((evidence, *of_it),) = ask(
        lines,
        "?e a kg:Evidence ; kg:evidenceSentence ?sentence ; kg:trigger ?trigger ; kg:start ?start ;"
        " kg:negated ?not ; kg:speculative ?maybe ; kg:method ?how ; kg:confidence ?c",
        *"e trigger start not maybe how c".split(),
    )
    assert evidence.startswith(f"{BASE}evidence/pmid-1.abstract.7-36.")
    assert of_it == ["activates", "20", "false", "false", "verb", "0.9"]
    (agent,) = ask(
        lines,
        "?agent a prov:SoftwareAgent ; kg:version ?version ; kg:sha256 ?sha ;"
        f" <{BIOLINK}agent_type> ?kind ; <{BIOLINK}knowledge_level> ?level",
        *"version sha kind level".split(),
    )
    assert agent == ("0.1.0", "cd" * 32, "text_mining_agent", "not_provided")
    assert plain(lines) == [(IL7, f"{KG}activates", STAT5)]


def test_evidence_leads_to_the_papers_own_sentence_and_mentions(make_paper: MakePaper) -> None:
    lines = write(make_paper("1", ("First.",), ("In mice IL-7 activates STAT5.", SAYS)))
    found = ask(
        lines,
        "?e kg:evidenceSentence ?s ; kg:subjectMention ?a ; kg:objectMention ?b ."
        " ?s kg:hasMention ?a , ?b . ?a kg:exact ?subject . ?b kg:exact ?object ."
        " ?s kg:text ?text ; kg:inPublication ?paper",
        *"subject object text paper".split(),
    )
    pubmed = "http://www.ncbi.nlm.nih.gov/pubmed/1"
    assert found == [("IL-7", "STAT5", "In mice IL-7 activates STAT5.", pubmed)]


def test_what_is_denied_is_a_node_of_its_own_and_no_plain_triple(make_paper: MakePaper) -> None:
    lines = write(make_paper("1", ("IL-7 did not activate STAT5.", DENIES)))
    assert flags(lines) == [("true", "false")]
    assert plain(lines) == []
    both = write(
        make_paper("1", ("IL-7 did not activate STAT5.", DENIES)),
        make_paper("2", ("IL-7 activates STAT5.", SAYS)),
    )
    assert flags(both) == [("false", "false"), ("true", "false")]
    assert plain(both) == [(IL7, f"{KG}activates", STAT5)]


def test_what_is_only_guessed_is_no_plain_triple(make_paper: MakePaper) -> None:
    guess = make_paper("1", ("IL-7 may activate STAT5.", GUESSES))
    lines = write(guess)
    assert flags(lines) == [("false", "true")]
    assert plain(lines) == []
    said = make_paper("2", ("IL-7 activates STAT5.", SAYS))
    for papers in ((guess, said), (said, guess)):
        found = write(*papers)
        assert flags(found) == [("false", "false")]
        assert len(plain(found)) == 1
        kinds = ask(found, "?a kg:evidence ?e . ?e kg:speculative ?maybe", "maybe")
        assert kinds == [("false",), ("true",)]


def test_papers_make_each_other_surer(make_paper: MakePaper) -> None:
    """The best evidence of each paper counts, as if papers were wrong independently."""
    less = (*SAYS, {"confidence": 0.8})
    least = ("IL-7", "activates", "STAT5", "activated", {"confidence": 0.5})
    other = ("IL-7", "activates", "STAT5", "activator", {"confidence": 0.6, "method": "noun"})
    lines = write(
        make_paper("1", ("IL-7 activates STAT5.", less), ("IL-7 activated STAT5.", least)),
        make_paper("2", ("IL-7 activated STAT5, an activator.", least, other)),
    )
    (counts,) = ask(
        lines,
        "?a kg:paperCount ?papers ; kg:sentenceCount ?sentences ; kg:confidence ?confidence",
        *"papers sentences confidence".split(),
    )
    assert counts == ("2", "3", "0.92")
    assert len(ask(lines, "?a kg:evidence ?e", "e")) == 4


@pytest.mark.parametrize("predicate", [one for one in Predicate if one.symmetric])
def test_what_holds_both_ways_is_one_assertion(make_paper: MakePaper, predicate: str) -> None:
    lines = write(
        make_paper("1", ("CD127 meets IL-7.", ("CD127", predicate, "IL-7", "meets"))),
        make_paper("2", ("IL-7 meets CD127.", ("IL-7", predicate, "CD127", "meets"))),
    )
    assert ask(lines, "?a kg:subject ?s ; kg:object ?o", "s", "o") == [(IL7, CD127)]
    assert plain(lines) == [(IL7, f"{KG}{predicate}", CD127)]
    named = ask(
        lines,
        "?e kg:subjectMention/kg:exact ?subject ; kg:objectMention/kg:exact ?object",
        *("subject", "object"),
    )
    assert named == [("IL-7", "CD127")] * 2


def test_other_relations_have_a_direction(make_paper: MakePaper) -> None:
    back = ("CD127", "regulates", "IL-7", "controls")
    forth = ("IL-7", "regulates", "CD127", "controls")
    lines = write(
        make_paper("1", ("CD127 controls IL-7.", back)),
        make_paper("2", ("IL-7 controls CD127.", forth)),
    )
    regulates = f"{KG}regulates"
    assert plain(lines) == [(IL7, regulates, CD127), (CD127, regulates, IL7)]


def test_the_order_of_papers_does_not_matter(make_paper: MakePaper) -> None:
    papers = [
        make_paper(
            str(number),
            ("IL-7 activates STAT5.", (*SAYS, {"confidence": confidence})),
            ("CD127 binds IL-7.", ("CD127", "binds", "IL-7", "binds")),
            ("IL-7 may treat colitis.", ("IL-7", "treats", "colitis", "may treat",
                                         {"speculative": True})),
        )
        for number, confidence in enumerate((0.1, 0.37, 0.73, 0.91, 0.33), start=1)
    ]  # fmt: skip
    one, other = write(*papers), write(*reversed(papers))
    assert sorted(one) == sorted(other)
    assert len(one) == len(set(one))
    ends = [list(each.write_assertions()) for each in (read(papers), read(papers[::-1]))]
    assert ends[0] == ends[1]


def test_confidence_is_rounded_alike_in_any_order(make_paper: MakePaper) -> None:
    """A product of these three, in the order given or backwards, is 0.884 or 0.885."""
    papers = [
        make_paper(str(number), ("IL-7 activates STAT5.", (*SAYS, {"confidence": confidence})))
        for number, confidence in enumerate((0.4, 0.65, 0.45), start=1)
    ]
    one, other = (list(read(each).write_assertions()) for each in (papers, papers[::-1]))
    assert one == other


def read(papers: Iterable[AnnotatedPublication]) -> AssertionWriter:
    made = writer()
    for paper in papers:
        list(made.write_evidence(paper))
    return made


def test_the_same_evidence_twice_is_one_piece_the_surer_one(make_paper: MakePaper) -> None:
    paper = make_paper(
        "1", ("IL-7 activates STAT5.", (*SAYS, {"confidence": 0.7}), SAYS,
              (*SAYS, {"confidence": 0.8}))
    )  # fmt: skip
    lines = write(paper)
    assert len(lines) == len(set(lines))
    assert ask(lines, "?e a kg:Evidence ; kg:confidence ?c", "c") == [("0.9",)]
    assert read([paper]).evidence == 1


def test_evidence_is_told_apart_by_all_but_its_confidence(make_paper: MakePaper) -> None:
    text = "IL-7 activates STAT5 and is an activator."
    variants = [
        SAYS,
        (*SAYS, {"negated": True}),
        (*SAYS, {"speculative": True}),
        (*SAYS, {"method": "noun"}),
        ("IL-7", "activates", "STAT5", "activator"),
        ("STAT5", "activates", "IL-7", "activates"),
        ("IL-7", "promotes", "STAT5", "activates"),
    ]
    lines = write(make_paper("1", (text, *variants)))
    assert len(ask(lines, "?e a kg:Evidence", "e")) == len(variants)


def test_what_was_asserted_is_counted(make_paper: MakePaper) -> None:
    made = read(
        [
            make_paper("1", ("IL-7 did not activate STAT5.", DENIES)),
            make_paper("2", ("IL-7 activates STAT5.", SAYS)),
            make_paper("3", ("IL-7 may treat colitis.",
                             ("IL-7", "treats", "colitis", "may treat", {"speculative": True}))),
        ]
    )  # fmt: skip
    assert made.evidence == 3
    assert made.count_predicates() == {
        "activates": PredicateCounts(assertions=2, negated=1, speculative=0),
        "treats": PredicateCounts(assertions=1, negated=0, speculative=1),
    }
    assert writer().count_predicates() == {}


def test_without_evidence_there_is_the_method_alone(make_paper: MakePaper) -> None:
    made = writer()
    assert list(made.write_evidence(make_paper("1", ("IL-7 and STAT5.",)))) == []
    lines = list(made.write_assertions())
    assert len(lines) == 6
    assert all(f"<{BASE}method/rules-{content_hash('0.1.0', 'cd' * 32)}>" in each for each in lines)


def test_another_table_is_another_method(make_paper: MakePaper) -> None:
    del make_paper
    other = AssertionWriter(BASE, version="0.1.0", table_sha256="ef" * 32)
    assert not set(other.write_assertions()) & set(writer().write_assertions())


@pytest.fixture(name="written")
def every_kind(make_paper: MakePaper) -> bytes:
    """Papers that state, deny and guess something of every relation."""
    text = "IL-7 meets STAT5."
    papers = []
    for number, each in enumerate(Predicate, start=1):
        for offset, flag in enumerate(({}, {"negated": True}, {"speculative": True})):
            said = ("IL-7", each, "STAT5", "meets", flag)
            papers.append(make_paper(str(10 * number + offset), (text, said)))
    entities = [
        f"<{IL7}> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <{KG}Gene> .",
        f"<{STAT5}> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <{KG}GeneFamily> .",
    ]
    return "\n".join([*write(*papers), *entities]).encode()


def test_the_ontology_declares_what_is_written(written: bytes) -> None:
    assert undeclared_terms(written) == ()


@pytest.mark.java
@pytest.mark.skipif(not java_available(), reason="HermiT needs Java, and there is none")
def test_what_is_written_is_consistent_with_the_ontology(written: bytes) -> None:
    assert check_consistency(written).sound


def test_sentences_without_evidence_are_left_as_they_are(make_paper: MakePaper) -> None:
    paper = make_paper("1", ("IL-7 activates STAT5.", SAYS), ("T cells.",))
    assert isinstance(paper.sentences[1], AnnotatedSentence)
    assert len(ask(write(paper), "?s a kg:Sentence", "s")) == 2
