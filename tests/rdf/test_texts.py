"""Sentences and mentions as RDF: a wording is written once, wherever it stands."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any

from pyoxigraph import Literal, NamedNode, QuerySolutions, RdfFormat, Store

from kg.model import AnnotatedPublication, AnnotatedSentence, Grounding, Mention
from kg.namespaces import KG
from kg.rdf.papers import PaperWriter

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


# What the graph does not say, because it follows: where a mention ends, and its text.
PLACES = """
  ?mention a kg:Mention ; kg:refersTo ?entity ; kg:naming ?naming ; kg:inSentence ?sentence ;
    kg:start ?start .
  ?naming a kg:Naming ; kg:exact ?exact ; kg:takenFor ?entity .
  ?sentence a kg:Sentence ; kg:text ?text ; kg:start ?begin .
  FILTER(?start >= ?begin && ?start < ?begin + STRLEN(?text))
  BIND(SUBSTR(?text, ?start - ?begin + 1, STRLEN(?exact)) AS ?there)
"""


def test_every_place_of_a_mention_is_told(make_paper: MakePaper) -> None:
    paper = make_paper(
        "1", ("IL-7 meets STAT5.",), ("STAT5 in T cells.",), ("\U0001d6fc IL-7 again.",)
    )
    found = ask(write(paper), PLACES, "exact", "there", "text", "start")
    assert found == [
        ("IL-7", "IL-7", "IL-7 meets STAT5.", "0"),
        ("IL-7", "IL-7", "\U0001d6fc IL-7 again.", "38"),
        ("STAT5", "STAT5", "IL-7 meets STAT5.", "11"),
        ("STAT5", "STAT5", "STAT5 in T cells.", "18"),
        ("T cells", "T cells", "STAT5 in T cells.", "27"),
    ]


def test_one_wording_in_one_field_is_one_mention(make_paper: MakePaper) -> None:
    paper = make_paper("1", ("IL-7 meets STAT5.",), ("More IL-7.",))
    (node,) = ask(write(paper), "?m kg:refersTo <http://identifiers.org/hgnc/6023>", "m")
    assert node[0].startswith(f"{BASE}mention/pmid-1.abstract.HGNC_6023.")
    titled = replace(
        paper,
        sentences=(
            replace(
                paper.sentences[0], sentence=replace(paper.sentences[0].sentence, field="title")
            ),
            paper.sentences[1],
        ),
    )
    lines = write(titled)
    both = ask(lines, "?m kg:naming/kg:exact 'IL-7' ; kg:inSentence/kg:field ?field", "m", "field")
    assert [field for _, field in both] == ["abstract", "title"]
    assert len({node for node, _ in both}) == 2
    # What is said of the words themselves is said once.
    assert sum(f'<{KG}exact> "IL-7"' in line for line in lines) == 1


def test_papers_share_a_naming_that_they_mean_alike(make_paper: MakePaper) -> None:
    one, other = (make_paper(pmid, ("IL-7 acts.",)) for pmid in "12")
    lines = write(one, other)
    assert len(ask(lines, "?n a kg:Naming", "n")) == 1
    assert len(ask(lines, "?m a kg:Mention", "m")) == 2

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
    ):
        lines = write(one, change(other, **fields))
        assert len(ask(lines, "?n a kg:Naming ; kg:score ?s ; kg:method ?m", "n")) == 2
        shared = [dict(PaperWriter(BASE).shared(each)) for each in (one, change(other, **fields))]
        same = shared[0].keys() & shared[1].keys()
        assert all(shared[0][node] == shared[1][node] for node in same)
    lines = write(change(other, groundings=doubtful))
    assert len(ask(lines, "?n kg:mayReferTo ?e", "e")) == 2
    # Of what else a name may refer to, the order says nothing.
    turned = (doubtful[0], *reversed(doubtful[1:]))
    assert sorted(write(change(other, groundings=turned))) == sorted(lines)


def test_scores_that_are_written_alike_are_one_naming(make_paper: MakePaper) -> None:
    one, other = (make_paper(pmid, ("IL-7 acts.",)) for pmid in "12")

    def scored(score: float) -> dict[str, tuple[Grounding, ...]]:
        return {"groundings": (Grounding(term="HGNC:6023", score=score, method="name"),)}

    lines = write(change(one, **scored(0.90001)), change(other, **scored(0.89999)))
    assert ask(lines, "?n kg:score ?score", "score") == [("0.9",)]


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


def test_statements_of_a_mention_are_few(make_paper: MakePaper) -> None:
    """Type, reference and naming once; for each place its start, for each sentence that it is in.

    A graph is mostly mentions: one statement more is a tenth more of all.
    """
    paper = make_paper("1", ("IL-7 acts.",), ("IL-7 rests.",))
    lines = [line for line in PaperWriter(BASE).own(paper) if line.startswith(f"<{BASE}mention/")]
    assert len(lines) == 3 + 2 * 2
    assert isinstance(paper.sentences[0].mentions[0], Mention)
