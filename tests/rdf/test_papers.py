"""Papers as RDF: their IRIs by identity, their citation, what was read where."""

from collections.abc import Iterable
from typing import Any

from kg.model import (
    AnnotatedPublication,
    AnnotatedSentence,
    EntityType,
    Grounding,
    Locator,
    Mention,
    Record,
    Sentence,
    Source,
    Text,
    Topic,
)
from kg.publications import merge_records
from kg.rdf.papers import PaperWriter
from kg.readers.byline import parse_author

BASE = "https://example.org/"
SOURCE = Source(name="a.txt", format="test", sha256="ab" * 32)


def annotate(**fields: Any) -> AnnotatedPublication:
    values: dict[str, Any] = {
        "locator": Locator(path="a.txt", format="test", line=3),
        "texts": (Text(field="title", text="IL-7 acts", raw="IL-7 acts"),),
        "authors": (parse_author("Doe J"), parse_author("Roe B")),
        "et_al": True,
        "journal": "J Test",
        "year": 2001,
        "volume": "1",
        "issue": "2",
        "pages": "1-9",
        "first_page": "1",
        "last_page": "9",
        "section": "Top",
        "position": 1,
    }
    record = Record(**{**values, **fields})
    (publication,), _ = merge_records([(record, SOURCE)])
    mention = Mention(
        start=0,
        end=4,
        text="IL-7",
        type=EntityType.GENE,
        groundings=(
            Grounding(term="HGNC:6023", score=0.98, method="approved symbol"),
            Grounding(term="HGNC:53974", score=0.7, method="NCBI alias"),
        ),
    )
    sentence = AnnotatedSentence(
        sentence=Sentence(field="title", order=0, start=0, end=9),
        text="IL-7 acts",
        mentions=(mention, mention),
    )
    return AnnotatedPublication(publication=publication, sentences=(sentence,))


def statements(lines: Iterable[str], of: str = "") -> dict[str, set[str]]:
    """Return the objects by the last part of the predicate, of subjects that hold a string."""
    found: dict[str, set[str]] = {}
    for line in lines:
        subject, predicate, value = line.removesuffix(" .").split(" ", 2)
        if of in subject:
            name = predicate.strip("<>").replace("#", "/").rsplit("/", 1)[1]
            found.setdefault(name, set()).add(value)
    return found


def test_a_paper_with_a_pmid_is_pubmeds_node() -> None:
    paper = annotate(identifiers={"PMID": "17265423", "DOI": "10.1000/A(1)"})
    lines = list(PaperWriter(BASE).write(paper))
    node = "<http://www.ncbi.nlm.nih.gov/pubmed/17265423>"
    found = statements(lines, node)
    assert found["seeAlso"] == {"<https://pubmed.ncbi.nlm.nih.gov/17265423/>"}
    assert found["byline"] == {'"Doe J, Roe B, et al"'}
    assert found["mentions"] == {"<http://identifiers.org/hgnc/6023>"}
    assert len(found["author"]) == 2
    assert found["firstAuthor"] < found["author"]
    replaced = {line.split(" ")[0] for line in lines if "isReplacedBy" in line}
    assert "<https://doi.org/10.1000/a(1)>" in replaced
    assert any(one.startswith(f"<{BASE}paper/cit-") for one in replaced)


def test_a_paper_without_identifiers_is_minted_and_searched_for() -> None:
    lines = list(PaperWriter(BASE).write(annotate()))
    found = statements(lines, f"<{BASE}paper/cit-")
    assert len(found["fingerprint"]) == 1
    (page,) = found["seeAlso"]
    assert page.startswith("<https://pubmed.ncbi.nlm.nih.gov/?term=")


def test_a_bare_record_gives_only_what_it_has() -> None:
    bare = annotate(
        texts=(), authors=(), et_al=False, journal="", year=None, volume="", issue="", pages="",
        first_page="", last_page="", section="", position=0,
    )  # fmt: skip
    found = statements(PaperWriter(BASE).write(bare), f"<{BASE}paper/")
    assert not found.keys() & {"title", "year", "volume", "pages", "publishedIn", "byline"}


def test_no_statement_is_written_twice() -> None:
    writer = PaperWriter(BASE)
    first = annotate()
    second = annotate(
        locator=Locator(path="a.txt", format="test", line=9),
        texts=(Text(field="title", text="Other", raw="Other"),),
        position=2,
    )
    lines = [*writer.write(first), *writer.write(second)]
    assert len(lines) == len(set(lines))
    assert sum("#Journal>" in line for line in lines) == 1
    assert writer.mentioned == {"HGNC:6023"}
    assert writer.terms == {"HGNC:6023", "HGNC:53974"}


def test_a_source_tells_its_topic_if_it_has_one() -> None:
    locator = Locator(path="a.txt", format="test", line=1)
    topic = Topic(locator=locator, name="interleukin 7", summary="A cytokine.")
    writer = PaperWriter(BASE)
    found = statements(writer.write_source(SOURCE, topic, "HGNC:6023"))
    assert found["topic"] == {"<http://identifiers.org/hgnc/6023>"}
    assert found["summary"] == {'"A cytokine."'}
    assert writer.terms == {"HGNC:6023"}
    nameless = statements(PaperWriter(BASE).write_source(SOURCE, None, None))
    assert nameless.keys() == {"type", "label", "format", "sha256"}
    unknown = Topic(locator=locator, name="something else", summary="")
    found = statements(PaperWriter(BASE).write_source(SOURCE, unknown, None))
    assert found["topicName"] == {'"something else"'}
    assert not found.keys() & {"topic", "summary"}
