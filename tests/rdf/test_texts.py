"""Sentences and mentions as RDF: a wording is written once, wherever it stands."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any

from pyoxigraph import Literal, NamedNode, QuerySolutions, RdfFormat, Store

from kg.model import AnnotatedPublication, AnnotatedSentence, Grounding, IndexedTerm
from kg.namespaces import KG, OBO
from kg.rdf.papers import PaperWriter, mentioned_terms, occurring_terms

MakePaper = Callable[..., AnnotatedPublication]
BASE = "https://example.org/"
PREFIXES = f"PREFIX kg: <{KG}>"


def ask(lines: Iterable[str], pattern: str, *names: str) -> list[tuple[str, ...]]:
    """Return the values of some variables for a pattern, in order."""
    store = Store()
    store.load("\n".join(lines).encode(), format=RdfFormat.N_TRIPLES)
    variables = " ".join(f"?{name}" for name in names)
    found = store.query(f"{PREFIXES} SELECT {variables} {{ {pattern} }}")
    assert isinstance(found, QuerySolutions)
    rows = ([row[name] for name in names] for row in found)
    return sorted(
        tuple(each.value for each in row if isinstance(each, NamedNode | Literal)) for row in rows
    )


def write(*papers: AnnotatedPublication) -> list[str]:
    writer = PaperWriter(BASE)
    return [line for paper in papers for line in writer.write(paper)]


def change(paper: AnnotatedPublication, **fields: Any) -> AnnotatedPublication:
    """Return a paper with other fields in each of its mentions."""

    def changed(one: AnnotatedSentence) -> AnnotatedSentence:
        return replace(one, mentions=tuple(replace(each, **fields) for each in one.mentions))

    return replace(paper, sentences=tuple(map(changed, paper.sentences)))


# What the graph does not say, because it follows: whose words stand at a place, and where they end.
PLACES = """
  ?sentence a kg:Sentence ; kg:text ?text ; kg:start ?begin ; kg:mentionAt ?at ;
    kg:hasMention ?mention .
  ?mention a kg:Mention ; kg:refersTo ?entity ; kg:exact ?exact .
  FILTER(SUBSTR(?text, ?at - ?begin + 1, STRLEN(?exact)) = ?exact)
"""


def test_every_place_of_a_mention_is_told(make_paper: MakePaper) -> None:
    paper = make_paper(
        "1", ("IL-7 meets STAT5.",), ("STAT5 in T cells.",), ("\U0001d6fc IL-7 again.",)
    )
    assert ask(write(paper), PLACES, "exact", "text", "at") == [
        ("IL-7", "IL-7 meets STAT5.", "0"),
        ("IL-7", "\U0001d6fc IL-7 again.", "38"),
        ("STAT5", "IL-7 meets STAT5.", "11"),
        ("STAT5", "STAT5 in T cells.", "18"),
        ("T cells", "STAT5 in T cells.", "27"),
    ]


def test_the_longest_words_at_a_place_are_those_that_are_meant(make_paper: MakePaper) -> None:
    paper = make_paper("1", ("STAT5A binds STAT5.",))
    found = ask(write(paper), PLACES, "at", "exact")
    assert found == [("0", "STAT5"), ("0", "STAT5A"), ("13", "STAT5")]


def test_one_wording_is_one_mention_wherever_it_stands(make_paper: MakePaper) -> None:
    papers = [
        make_paper("1", ("IL-7 meets STAT5.",), ("More IL-7.",)),
        make_paper("2", ("IL-7 acts.",)),
    ]
    lines = write(*papers)
    found = ask(lines, "?m kg:refersTo <http://identifiers.org/hgnc/6023>", "m")
    assert len(found) == 1
    assert found[0][0].startswith(f"{BASE}mention/HGNC_6023.")
    assert len(ask(lines, "?s kg:hasMention/kg:exact 'IL-7'", "s")) == 3
    assert sum(f'<{KG}exact> "IL-7"' in line for line in lines) == 1


def test_what_is_taken_otherwise_is_another_mention(make_paper: MakePaper) -> None:
    one, other = (make_paper(pmid, ("IL-7 acts.",)) for pmid in "12")
    doubtful = (
        Grounding(term="HGNC:6023", score=0.9, method="name"),
        Grounding(term="HGNC:53974", score=0.7, method="alias"),
        Grounding(term="HGNC:11366", score=0.6, method="alias"),
    )
    for fields in (
        {"groundings": doubtful},
        {"groundings": (Grounding(term="HGNC:6023", score=0.8, method="name"),)},
        {"groundings": (Grounding(term="HGNC:6023", score=0.9, method="alias"),)},
        {"groundings": (Grounding(term="HGNC:6024", score=0.9, method="name"),)},
        {"text": "IL7"},
    ):
        changed = change(other, **fields)
        lines = write(one, changed)
        assert len(ask(lines, "?n a kg:Mention ; kg:score ?s ; kg:method ?m", "n")) == 2
        shared = [dict(PaperWriter(BASE).shared(each)) for each in (one, changed)]
        same = shared[0].keys() & shared[1].keys()
        assert all(shared[0][node] == shared[1][node] for node in same)
    lines = write(change(other, groundings=doubtful))
    assert len(ask(lines, "?n kg:mayReferTo ?e", "e")) == 2
    # Of what else a name may refer to, the order says nothing.
    turned = (doubtful[0], *reversed(doubtful[1:]))
    assert sorted(write(change(other, groundings=turned))) == sorted(lines)


def test_scores_that_are_written_alike_are_one_mention(make_paper: MakePaper) -> None:
    one, other = (make_paper(pmid, ("IL-7 acts.",)) for pmid in "12")

    def scored(score: float) -> dict[str, tuple[Grounding, ...]]:
        return {"groundings": (Grounding(term="HGNC:6023", score=score, method="name"),)}

    lines = write(change(one, **scored(0.90001)), change(other, **scored(0.89999)))
    assert ask(lines, "?n kg:score ?score", "score") == [("0.9",)]


def test_headings_of_indexers_are_mentions_of_the_paper(make_paper: MakePaper) -> None:
    paper = replace(
        make_paper("1", ("IL-7 acts.",)),
        indexed=(
            IndexedTerm(term="HGNC:6023", heading="Interleukin-7", major=True),
            IndexedTerm(term="NCBITaxon:10090", heading="Mice"),
        ),
    )
    lines = write(paper)
    found = ask(
        lines,
        "?p kg:indexedWith ?m . ?m a kg:Mention ; kg:exact ?words ; kg:refersTo ?e ;"
        " kg:method ?method ; kg:score ?score",
        *("words", "e", "method", "score"),
    )
    assert found == [
        ("Interleukin-7", "http://identifiers.org/hgnc/6023", "indexer", "1"),
        ("Mice", f"{OBO}NCBITaxon_10090", "indexer", "1"),
    ]
    # What the indexer names counts as mentioned; the gene is named in the text as well.
    assert len(ask(lines, "?p kg:mentions ?e", "e")) == 2
    assert mentioned_terms(paper) == occurring_terms(paper) == {"HGNC:6023", "NCBITaxon:10090"}
    assert len(ask(lines, "?s a kg:Sentence ; kg:hasMention ?m", "m")) == 1


def test_sections_of_an_abstract_are_told(make_paper: MakePaper) -> None:
    paper = make_paper("1", ("IL-7 acts.",), ("It does.",))
    first, second = paper.sentences
    labelled = replace(first, sentence=replace(first.sentence, section="RESULTS"))
    lines = write(replace(paper, sentences=(labelled, second)))
    assert ask(lines, "?s kg:section ?label ; kg:text ?text", "label", "text") == [
        ("RESULTS", "IL-7 acts.")
    ]
    assert len(ask(lines, "?s kg:field 'abstract'", "s")) == 2


def test_sentences_follow_each_other_by_field_and_start(make_paper: MakePaper) -> None:
    """How saved queries put sentences in the order of the text."""
    paper = make_paper("1", ("Zero.",), ("One.",), ("Two is longer.",), ("Three.",))
    store = Store()
    store.load("\n".join(write(paper)).encode(), format=RdfFormat.N_TRIPLES)
    found = store.query(
        f"{PREFIXES} SELECT ?text {{ ?s kg:text ?text ; kg:field ?field ; kg:start ?start }}"
        ' ORDER BY DESC(?field = "title") ?field ?start'
    )
    assert isinstance(found, QuerySolutions)
    texts = [row["text"].value for row in found]
    assert texts == ["Zero.", "One.", "Two is longer.", "Three."]


def test_statements_of_a_sentence_are_few(make_paper: MakePaper) -> None:
    """Five of the sentence, one for each mention in it, one for each place.

    A graph is mostly sentences: one statement more of each is four in a hundred.
    """
    paper = make_paper("1", ("IL-7 acts.",), ("IL-7 meets STAT5.",))
    lines = [line for line in PaperWriter(BASE).own(paper) if line.startswith(f"<{BASE}sentence/")]
    assert len(lines) == (5 + 1 + 1) + (5 + 2 + 2)
