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
from kg.namespaces import KG
from kg.publications import merge_records
from kg.rdf.papers import PaperWriter, mentioned_terms, occurring_terms
from kg.readers.byline import parse_author
from kg.readers.fields import make_author, make_group

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
    assert "seeAlso" not in found
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
    (page,) = found["seeAlso"]
    assert page.startswith("<https://pubmed.ncbi.nlm.nih.gov/?term=")


def test_a_bare_record_gives_only_what_it_has() -> None:
    bare = annotate(
        texts=(), authors=(), et_al=False, journal="", year=None, volume="", issue="", pages="",
        first_page="", last_page="", section="", position=0,
    )  # fmt: skip
    found = statements(PaperWriter(BASE).write(bare), f"<{BASE}paper/")
    assert not found.keys() & {"title", "year", "volume", "pages", "publishedIn", "byline"}


def second_paper(**fields: Any) -> AnnotatedPublication:
    return annotate(
        locator=Locator(path="a.txt", format="test", line=9),
        texts=(Text(field="title", text="Other", raw="Other"),),
        position=2,
        **fields,
    )


def test_no_statement_is_written_twice() -> None:
    writer = PaperWriter(BASE)
    first, second = annotate(), second_paper()
    lines = [*writer.write(first), *writer.write(second)]
    assert len(lines) == len(set(lines))
    assert sum("#Journal>" in line for line in lines) == 1
    assert sum("#Mention>" in line for line in lines) == 1
    assert mentioned_terms(first) == {"HGNC:6023"}
    assert occurring_terms(first) == {"HGNC:6023", "HGNC:53974"}


def test_what_is_shared_and_what_is_not_make_the_whole() -> None:
    first, second = annotate(), second_paper()
    writer = PaperWriter(BASE)
    shared = [dict(writer.shared(each)) for each in (first, second)]
    # The two papers have the same journal, authors and mention.
    assert shared[0] == shared[1]
    assert len(shared[0]) == 4
    own = [writer.own(each) for each in (first, second)]
    assert all(len(lines) == len(set(lines)) for lines in own)
    assert not set(own[0]) & set(own[1])
    told = {line for lines in shared[0].values() for line in lines}
    assert not told & {*own[0], *own[1]}
    whole = [*PaperWriter(BASE).write(first), *PaperWriter(BASE).write(second)]
    assert set(whole) == {*own[0], *own[1], *told}


def test_shared_nodes_that_are_not_wanted_are_left_out() -> None:
    asked: list[str] = []

    def wanted(node: str) -> bool:
        asked.append(node)
        return f"{BASE}author/" in node

    every = dict(PaperWriter(BASE).shared(annotate()))
    some = dict(PaperWriter(BASE).shared(annotate(), wanted))
    assert set(asked) == every.keys()
    assert some == {node: lines for node, lines in every.items() if f"{BASE}author/" in node}
    assert some


def test_a_journal_is_what_records_print_of_it() -> None:
    full = {"journal_title": "Journal of tests", "issns": ("1550-6606", "0022-1767")}
    one, turned, bare, same = (
        statements(PaperWriter(BASE).write(annotate(**fields)), f"<{BASE}journal/")
        for fields in (
            full,
            {**full, "issns": ("0022-1767", "1550-6606")},
            {},
            {"journal_title": "J Test"},
        )
    )
    assert one == turned
    assert one["journalTitle"] == {'"Journal of tests"'}
    assert one["issn"] == {'"0022-1767"', '"1550-6606"'}
    assert one["label"] == bare["label"] == {'"J Test"'}
    assert same.keys() == bare.keys() == {"type", "label"}
    nodes = {
        next(iter(statements(PaperWriter(BASE).write(annotate(**fields)))["publishedIn"]))
        for fields in (full, {}, {"issns": ("0022-1767",)})
    }
    assert len(nodes) == 3


def test_authors_are_told_apart_by_orcid_and_groups_from_people() -> None:
    orcid = "0000-0002-1825-0097"
    named = make_author("Doe", "Jane")
    signed = make_author("Doe", "Jim", orcid=orcid)
    paper = annotate(authors=(named, signed, make_group("Doe J")), et_al=False)
    lines = list(PaperWriter(BASE).write(paper))
    authors = statements(lines)["author"]
    assert len(authors) == 3
    found = [statements(lines, node) for node in sorted(authors)]
    assert all(each["label"] == {'"Doe J"'} for each in found)
    assert all(f"<{KG}Author>" in each["type"] for each in found)
    assert sum(f"<{KG}AuthorGroup>" in each["type"] for each in found) == 1
    ids = [each["orcid"] for each in found if "orcid" in each]
    assert ids == [{f"<https://orcid.org/{orcid}>"}]
    # How a file parts a name is no matter.
    turned = annotate(authors=(make_author("Doe J"),), et_al=False)
    (node,) = statements(PaperWriter(BASE).write(turned))["author"]
    assert node in authors


def test_a_paper_of_several_records_tells_what_each_gave() -> None:
    other = Source(name="b.txt", format="test", sha256="cd" * 32)
    place = Locator(path="a.txt", format="test", line=3)
    title = (Text(field="title", text="IL-7 acts", raw="IL-7 acts"),)
    far = Locator(path="b.txt", format="test", line=40)
    full = Record(locator=place, texts=title, identifiers={"PMID": "7"}, year=2001, position=1)
    more = Record(locator=far, texts=title, identifiers={"PMID": "7"}, volume="9", position=4)
    (publication,), _ = merge_records([(full, SOURCE), (more, other)])
    paper = AnnotatedPublication(publication=publication, sentences=())
    lines = list(PaperWriter(BASE).write(paper))
    records = statements(lines, "pubmed/7")["wasDerivedFrom"]
    given = {}
    for node in records:
        found = statements(lines, node)
        # Where a file has no sections, the line tells the place.
        assert "position" not in found
        given[found["line"].pop().split('"')[1]] = found.get("gives", set())
    assert '"year"' in given["3"]
    assert '"volume"' in given["40"]
    assert not given["3"] & given["40"]
    assert not statements(PaperWriter(BASE).write(annotate()), f"<{BASE}record/").get("gives")


def test_a_title_in_another_language_stands_beside() -> None:
    texts = (
        Text(field="title", text="IL-7 acts", raw="IL-7 acts"),
        Text(field="vernacular-title", text="IL-7 wirkt", raw="IL-7 wirkt"),
    )
    found = statements(PaperWriter(BASE).write(annotate(texts=texts)), f"<{BASE}paper/")
    assert found["title"] == {'"IL-7 acts"'}
    assert found["alternative"] == {'"IL-7 wirkt"'}


def test_a_source_tells_its_topic_if_it_has_one() -> None:
    locator = Locator(path="a.txt", format="test", line=1)
    topic = Topic(locator=locator, name="interleukin 7", summary="A cytokine.")
    writer = PaperWriter(BASE)
    found = statements(writer.write_source(SOURCE, topic, "HGNC:6023"))
    assert found["topic"] == {"<http://identifiers.org/hgnc/6023>"}
    assert found["summary"] == {'"A cytokine."'}
    nameless = statements(PaperWriter(BASE).write_source(SOURCE, None, None))
    assert nameless.keys() == {"type", "label", "format", "sha256"}
    unknown = Topic(locator=locator, name="something else", summary="")
    found = statements(PaperWriter(BASE).write_source(SOURCE, unknown, None))
    assert found["topicName"] == {'"something else"'}
    assert not found.keys() & {"topic", "summary"}
