"""The build: the same input gives the same graph, and a failed one leaves what was there."""

import gzip
import io
import json
from collections.abc import Sequence
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, QuerySolutions

from kg.assertions.reading import AssertionReader
from kg.errors import InputError
from kg.exports import ExportFormat, export_graph
from kg.model import Evidence, Mention, Predicate
from kg.pipeline import BuildOptions, BuildSettings, build_graph
from kg.resources import resource_path
from kg.store import open_graph
from kg.vocabulary.lexicon import Lexicon

LIST = resource_path("data", "interleukin-7.txt")
SMALL = """interleukin 7

Summary: A cytokine.

Top Publications

  1. Doe J, Roe R. IL-7 activates STAT5 in T cells. J Test. 2001;1:1-9 pubmed
    ..In mice, STAT5 was needed. It was seen. ..
"""
SAMPLE = "pubmed-xml.baseline.xml"
OTHER = SMALL.replace("Doe J", "Poe E").replace("IL-7 activates", "IL-15 activates")


def turtle(folder: Path) -> bytes:
    out = io.BytesIO()
    with open_graph(folder) as graph:
        export_graph(graph, out, ExportFormat.TURTLE)
    return out.getvalue()


def values(folder: Path, query: str) -> list[tuple[str, ...]]:
    with open_graph(folder) as graph:
        found = graph.query(f"PREFIX kg: <https://w3id.org/litkg/ontology#> {query}")
        assert isinstance(found, QuerySolutions)
        return [
            tuple(value.value for value in row if isinstance(value, NamedNode | Literal))
            for row in found
        ]


def test_two_builds_are_alike_to_the_byte(lexicon: Lexicon, tmp_path: Path) -> None:
    for name in ("one.kg", "two.kg"):
        build_graph([LIST], tmp_path / name, lexicon)
    assert turtle(tmp_path / "one.kg") == turtle(tmp_path / "two.kg")
    with open_graph(tmp_path / "one.kg") as one, open_graph(tmp_path / "two.kg") as two:
        assert one.manifest["build_hash"] == two.manifest["build_hash"]


def test_the_order_of_inputs_does_not_matter(lexicon: Lexicon, tmp_path: Path) -> None:
    a, b = tmp_path / "a.txt", tmp_path / "b.txt"
    a.write_text(SMALL)
    b.write_text(OTHER)
    build_graph([a, b], tmp_path / "ab.kg", lexicon)
    build_graph([b, a, b], tmp_path / "ba.kg", lexicon)
    assert turtle(tmp_path / "ab.kg") == turtle(tmp_path / "ba.kg")


def test_the_report_says_what_is_in_the_graph(lexicon: Lexicon, tmp_path: Path) -> None:
    report = build_graph([LIST], tmp_path / "il7.kg", lexicon)
    assert report.papers == 62
    with open_graph(report.folder) as graph:
        assert len(graph) == report.quads == graph.manifest["quads"]
        assert graph.manifest["counts"]["papers"] == 62
        assert graph.manifest["inputs"][0]["records"] == 62
    ((papers,),) = values(report.folder, "SELECT (COUNT(*) AS ?n) { ?p a kg:Publication }")
    places = "SELECT (COUNT(*) AS ?n) { ?sentence a kg:Sentence ; kg:mentionAt ?place }"
    ((mentions,),) = values(report.folder, places)
    assert (papers, mentions) == ("62", str(report.mentions))
    assert sum(report.entities.values()) == int(
        values(report.folder, "SELECT (COUNT(DISTINCT ?e) AS ?n) { ?p kg:mentions ?e }")[0][0]
    )


def test_offsets_and_sentences_in_the_graph_are_true(lexicon: Lexicon, tmp_path: Path) -> None:
    build_graph([LIST], tmp_path / "il7.kg", lexicon)
    rows = values(
        tmp_path / "il7.kg",
        "SELECT ?text ?from ?at (GROUP_CONCAT(?exact; SEPARATOR='|') AS ?words) {"
        " ?s kg:text ?text ; kg:start ?from ; kg:mentionAt ?at ; kg:hasMention/kg:exact ?exact }"
        " GROUP BY ?s ?text ?from ?at",
    )
    assert len(rows) > 300
    for text, begin, at, words in rows:
        assert any(text[int(at) - int(begin) :].startswith(each) for each in words.split("|"))


def test_the_summary_describes_the_topic(lexicon: Lexicon, tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text(SMALL)
    build_graph([path], tmp_path / "a.kg", lexicon)
    rows = values(
        tmp_path / "a.kg",
        "SELECT ?curie ?about { ?s kg:topic ?e . ?e kg:curie ?curie ;"
        " <http://purl.org/dc/terms/description> ?about }",
    )
    assert rows == [("HGNC:6023", "A cytokine.")]


def test_no_blank_nodes_and_no_iri_of_this_machine(lexicon: Lexicon, tmp_path: Path) -> None:
    build_graph([LIST], tmp_path / "il7.kg", lexicon)
    text = turtle(tmp_path / "il7.kg").decode()
    assert "_:" not in text
    assert "file:" not in text
    assert str(tmp_path) not in text


def test_another_base(lexicon: Lexicon, tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text(SMALL)
    build_graph(
        [path], tmp_path / "a.kg", lexicon, settings=BuildSettings(base="https://example.org/lab/")
    )
    ((paper,),) = values(tmp_path / "a.kg", "SELECT ?p { ?p a kg:Publication }")
    assert paper.startswith("https://example.org/lab/paper/cit-")


@pytest.fixture
def reading(monkeypatch: pytest.MonkeyPatch) -> None:
    """A reader that takes the first two mentions of a sentence for a statement.

    It is denied in a sentence with "not", and a guess in one with "may".
    """

    def read_sentence(
        _self: AssertionReader, text: str, mentions: Sequence[Mention], offset: int = 0
    ) -> tuple[Evidence, ...]:
        named = list({mention.best.term: mention for mention in mentions}.values())
        if len(named) < 2:
            return ()
        word = text.split(maxsplit=1)[0]
        return (
            Evidence(
                subject=named[0],
                predicate=Predicate.ACTIVATES if "activate" in text else Predicate.REGULATES,
                object=named[1],
                negated=" not " in text,
                speculative=" may " in text,
                start=offset,
                end=offset + len(word),
                trigger=word,
                method="order",
                confidence=0.5,
            ),
        )

    monkeypatch.setattr(AssertionReader, "read_sentence", read_sentence)


SAID = """interleukin 7

Top Publications

  1. Doe J, Roe R. IL-7 activates STAT5 in T cells. J Test. 2001;1:1-9 pubmed
    ..IL-7 does not activate STAT5. IL-7 may control STAT5. ..
  2. Poe E. IL-7 activates STAT5. J Test. 2002;2:1-9 pubmed
    ..It was seen. ..
"""


@pytest.mark.usefixtures("reading")
def test_assertions_are_built_and_counted(lexicon: Lexicon, tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text(SAID)
    report = build_graph([path], tmp_path / "a.kg", lexicon)
    found = values(
        tmp_path / "a.kg",
        "SELECT ?p ?not ?maybe ?papers (COUNT(?e) AS ?n) { ?a a kg:Assertion ; kg:predicate ?p ;"
        " kg:negated ?not ; kg:speculative ?maybe ; kg:paperCount ?papers ; kg:evidence ?e }"
        " GROUP BY ?p ?not ?maybe ?papers ORDER BY ?p ?not",
    )
    kg = "https://w3id.org/litkg/ontology#"
    assert found == [
        (f"{kg}activates", "false", "false", "2", "2"),
        (f"{kg}activates", "true", "false", "1", "1"),
        (f"{kg}regulates", "false", "true", "1", "1"),
    ]
    assert (report.assertions, report.evidence) == (3, 4)
    with open_graph(tmp_path / "a.kg") as graph:
        counts = graph.manifest["counts"]
        assert len(graph) == report.quads
    assert (counts["assertions"], counts["evidence"]) == (3, 4)
    assert counts["assertions_by_predicate"] == {
        "activates": {"assertions": 2, "negated": 1, "speculative": 0},
        "regulates": {"assertions": 1, "negated": 0, "speculative": 1},
    }
    ((pairs,),) = values(tmp_path / "a.kg", "SELECT (COUNT(*) AS ?n) { ?p a kg:CoMention }")
    assert int(pairs) == report.co_mentions == counts["co_mentions"] > 0


@pytest.mark.usefixtures("reading")
def test_assertions_do_not_depend_on_the_order_of_inputs(lexicon: Lexicon, tmp_path: Path) -> None:
    a, b = tmp_path / "a.txt", tmp_path / "b.txt"
    a.write_text(SAID)
    b.write_text(OTHER)
    for name, paths in (("ab.kg", [a, b]), ("ba.kg", [b, a])):
        assert build_graph(paths, tmp_path / name, lexicon).assertions > 3
    assert turtle(tmp_path / "ab.kg") == turtle(tmp_path / "ba.kg")


@pytest.mark.usefixtures("reading")
def test_evidence_and_plain_triples_of_the_real_list_are_true(
    lexicon: Lexicon, tmp_path: Path
) -> None:
    report = build_graph([LIST], tmp_path / "il7.kg", lexicon)
    check_assertions(tmp_path / "il7.kg", evidence=report.evidence)
    assert report.evidence > 50


def test_assertions_read_from_the_real_list_are_true_to_its_words(il7_graph: Path) -> None:
    with open_graph(il7_graph) as graph:
        check_assertions(il7_graph, evidence=graph.manifest["counts"]["evidence"])


def check_assertions(folder: Path, *, evidence: int) -> None:
    """Check that evidence leads to its words, and that plain triples are those asserted."""
    rows = values(
        folder,
        "SELECT ?text ?from ?start ?trigger { ?a kg:evidence ?e ; kg:subject ?s ;"
        " kg:object ?o ; kg:negated ?not . ?e kg:evidenceSentence ?in ; kg:negated ?not ;"
        " kg:trigger ?trigger ; kg:start ?start ;"
        " kg:subjectMention ?one ; kg:objectMention ?other ."
        " ?in kg:hasMention ?one , ?other . ?one kg:refersTo ?s . ?other kg:refersTo ?o ."
        " ?in kg:text ?text ; kg:start ?from }",
    )
    assert len(rows) == evidence
    for text, begin, start, trigger in rows:
        assert text[int(start) - int(begin) :].startswith(trigger)
    stated = values(
        folder,
        "SELECT ?s ?p ?o { ?a kg:subject ?s ; kg:predicate ?p ; kg:object ?o ;"
        " kg:negated false ; kg:speculative false }",
    )
    plain = values(folder, "SELECT ?s ?p ?o { ?p a kg:Relation . ?s ?p ?o }")
    assert sorted(plain) == sorted(stated)


def test_co_mentions_of_the_real_list_are_those_that_a_query_counts(il7_graph: Path) -> None:
    rows = values(
        il7_graph,
        "SELECT ?one ?other ?papers ?sentences { ?pair a kg:CoMention ; kg:paperCount ?papers ;"
        " kg:sentenceCount ?sentences ; kg:coMentioned ?a , ?b . ?a kg:curie ?one ."
        " ?b kg:curie ?other FILTER(?one < ?other) }",
    )
    numbers = {(one, other): (int(p), int(s)) for one, other, p, s in rows}
    assert len(numbers) == len(rows) > 100
    shared = values(
        il7_graph,
        "SELECT ?one ?other (COUNT(*) AS ?n) { ?p kg:mentions ?a , ?b . ?a kg:curie ?one ."
        " ?b kg:curie ?other FILTER(?one < ?other)"
        " FILTER NOT EXISTS { ?a kg:ancestor ?b } FILTER NOT EXISTS { ?b kg:ancestor ?a } }"
        " GROUP BY ?one ?other",
    )
    papers = {(one, other): int(n) for one, other, n in shared}
    together = values(
        il7_graph,
        "SELECT ?one ?other (COUNT(DISTINCT ?s) AS ?n) { ?s kg:hasMention ?m , ?w ."
        " ?m kg:refersTo ?a . ?w kg:refersTo ?b . ?a kg:curie ?one . ?b kg:curie ?other"
        " FILTER(?one < ?other) } GROUP BY ?one ?other",
    )
    sentences = {(one, other): int(n) for one, other, n in together}
    assert numbers == {
        pair: (n, sentences.get(pair, 0))
        for pair, n in papers.items()
        if n >= 3 or pair in sentences
    }


def test_the_build_hash_depends_on_the_table_of_triggers(
    lexicon: Lexicon, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.txt"
    path.write_text(SMALL)
    hashes = set()
    for name in ("one", "two", "two"):
        monkeypatch.setattr(AssertionReader, "table_sha256", name)
        build_graph([path], tmp_path / "a.kg", lexicon)
        with open_graph(tmp_path / "a.kg") as graph:
            hashes.add(graph.manifest["build_hash"])
        method = values(tmp_path / "a.kg", "SELECT ?sha { ?m kg:version ?v ; kg:sha256 ?sha }")
        assert method == [(name,)]
    assert len(hashes) == 2


def test_a_failed_build_leaves_the_graph_that_was_there(lexicon: Lexicon, tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text(SMALL)
    build_graph([path], tmp_path / "a.kg", lexicon)
    before = turtle(tmp_path / "a.kg")
    with pytest.raises(InputError, match=r"none\.txt"):
        build_graph([path, tmp_path / "none.txt"], tmp_path / "a.kg", lexicon)
    assert turtle(tmp_path / "a.kg") == before
    manifest = json.loads(
        next((tmp_path / "a.kg" / "generations").glob("*/manifest.json")).read_text()
    )
    assert manifest["counts"]["papers"] == 1


def test_several_processes_give_the_same_graph(
    lexicon: Lexicon, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    build_graph([LIST], tmp_path / "one.kg", lexicon, options=BuildOptions(jobs=1))
    monkeypatch.setattr("kg.pipeline.building._ALONE", 0)
    monkeypatch.setattr("kg.pipeline.building._BATCH", 20)
    build_graph([LIST], tmp_path / "two.kg", lexicon, options=BuildOptions(jobs=2))
    assert turtle(tmp_path / "one.kg") == turtle(tmp_path / "two.kg")


def test_a_packed_file_that_is_cut_is_one_problem_in_any_number_of_processes(
    lexicon: Lexicon, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sample = Path(__file__).parent / "readers" / "samples" / SAMPLE
    packed = gzip.compress(sample.read_bytes(), 0)
    path = tmp_path / "cut.xml.gz"
    path.write_bytes(packed[:-300])
    monkeypatch.setattr("kg.pipeline.reading._LARGE", 0)
    reports = [
        build_graph([path], tmp_path / f"{jobs}.kg", lexicon, options=BuildOptions(jobs=jobs))
        for jobs in (1, 2)
    ]
    assert reports[0].papers == reports[1].papers > 0
    assert reports[0].problems == reports[1].problems
    [problem] = [problem for problem in reports[0].problems if problem.lost]
    assert problem.code == "cut-file"
    assert problem.locator.line > 1
    assert "fetch it again" in problem.message


def test_a_file_of_which_nothing_can_be_read_says_why(lexicon: Lexicon, tmp_path: Path) -> None:
    path = tmp_path / "bomb.xml"
    path.write_text(
        '<!DOCTYPE PubmedArticleSet [<!ENTITY a "aaaa">]><PubmedArticleSet>'
        "<PubmedArticle>&a;</PubmedArticle></PubmedArticleSet>",
        encoding="utf-8",
    )
    with pytest.raises(InputError, match=r"no record that could be read \(.*:1: .*expanded"):
        build_graph([path], tmp_path / "a.kg", lexicon)
    assert not (tmp_path / "a.kg").exists()
