"""The reader of PubMed's XML: everything it keeps, and files that are broken or hostile.

The papers are invented; what stands in `samples/pubmed-xml.*` is read here field by field.
"""

import gzip
import io
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml.etree import fromstring

from kg.model import (
    Author,
    Heading,
    Problem,
    Qualifier,
    Record,
    Relation,
    RelationKind,
    Substance,
)
from kg.readers import Item, detect_reader, read_file
from kg.readers.markup import flatten
from kg.readers.pieces import Fault
from kg.readers.pubmed_xml import PubmedXmlReader
from kg.readers.xml_pieces import MAX_RECORD, ElementNames, split_elements

SAMPLES = Path(__file__).parent / "samples"
READER = PubmedXmlReader()


def read(data: str | bytes) -> list[Item]:
    stream = io.BytesIO(data.encode() if isinstance(data, str) else data)
    return list(READER.read(stream, "papers.xml"))


def records(items: list[Item]) -> list[Record]:
    return [item for item in items if isinstance(item, Record)]


def problems(items: list[Item]) -> list[Problem]:
    return [item for item in items if isinstance(item, Problem)]


def sample(name: str) -> list[Record]:
    return records(read((SAMPLES / f"pubmed-xml.{name}.xml").read_bytes()))


def article(inner: str = "", *, outer: str = "", data: str = "", pmid: str = "1") -> str:
    return (
        f"<PubmedArticle><MedlineCitation><PMID>{pmid}</PMID><Article><ArticleTitle>On {pmid}."
        f"</ArticleTitle>{inner}</Article>{outer}</MedlineCitation><PubmedData>{data}</PubmedData>"
        "</PubmedArticle>"
    )


def paper(inner: str = "", *, outer: str = "", data: str = "") -> Record:
    [record] = read(
        f"<PubmedArticleSet>{article(inner, outer=outer, data=data)}</PubmedArticleSet>"
    )
    assert isinstance(record, Record)
    return record


# --- what is kept ------------------------------------------------------------------------------


def test_citation_of_a_paper() -> None:
    record = sample("baseline")[0]
    assert record.title == "Interleukin-7 licenses Stat5+ thymocytes in mice without Treg cells"
    assert record.journal == "J Immunol"
    assert record.journal_title == "Journal of immunology (Baltimore, Md. : 1950)"
    assert record.issns == ("1550-6606", "0022-1767")
    assert (record.year, record.volume, record.issue) == (2018, "201", "7")
    assert (record.pages, record.first_page, record.last_page) == ("1987-1996", "1987", "1996")
    assert (record.position, record.locator.line) == (1, 4)


def test_identifiers_are_the_papers_own_and_not_those_of_its_references() -> None:
    record = sample("baseline")[0]
    assert record.identifiers == {
        "PMID": "90000101", "DOI": "10.9999/jimmunol.1800001", "PMCID": "PMC9000011",
    }  # fmt: skip


@pytest.mark.parametrize("first", ["data", "citation"])
def test_references_that_come_first_are_no_trap(first: str) -> None:
    cited = (
        "<ReferenceList><Reference><Citation>C</Citation><ArticleIdList>"
        '<ArticleId IdType="pubmed">99</ArticleId><ArticleId IdType="doi">10.1/ref</ArticleId>'
        '<ArticleId IdType="pmc">PMC99</ArticleId></ArticleIdList></Reference></ReferenceList>'
    )
    comment = (
        '<CommentsCorrectionsList><CommentsCorrections RefType="CommentOn">'
        "<RefSource>S</RefSource><PMID>98</PMID></CommentsCorrections></CommentsCorrectionsList>"
    )
    own = '<ArticleIdList><ArticleId IdType="doi">10.1/own</ArticleId></ArticleIdList>'
    data = f"<PubmedData>{cited}{own}</PubmedData>"
    citation = (
        f"<MedlineCitation>{comment}<PMID>1</PMID><Article><ArticleTitle>T.</ArticleTitle>"
        "</Article></MedlineCitation>"
    )
    inner = data + citation if first == "data" else citation + data
    [record] = records(read(f"<PubmedArticle>{inner}</PubmedArticle>"))
    assert record.identifiers == {"PMID": "1", "DOI": "10.1/own"}
    assert [relation.identifiers for relation in record.indexing.relations] == [
        {"PMID": "98"},
        {"PMID": "99", "DOI": "10.1/ref", "PMCID": "PMC99"},
    ]


def test_a_paper_without_identifiers_takes_none_from_its_references() -> None:
    cited = (
        "<ReferenceList><Reference><ArticleIdList>"
        '<ArticleId IdType="pubmed">99</ArticleId></ArticleIdList></Reference></ReferenceList>'
    )
    text = article(data=cited).replace("<PMID>1</PMID>", "")
    [record] = records(read(text))
    assert record.identifiers == {}


def test_identifiers_stand_in_several_places() -> None:
    location = '<ELocationID EIdType="doi" ValidYN="{}">10.1/{}</ELocationID>'
    listed = '<ArticleIdList><ArticleId IdType="doi">10.1/c</ArticleId></ArticleIdList>'
    both = location.format("N", "a") + location.format("Y", "b")
    assert paper(both).identifiers["DOI"] == "10.1/b"
    assert paper(both, data=listed).identifiers["DOI"] == "10.1/c"
    empty = '<ArticleIdList><ArticleId IdType="doi"> </ArticleId></ArticleIdList>'
    assert "DOI" not in paper(data=empty).identifiers


def test_structured_abstract_keeps_its_labels() -> None:
    abstract = sample("baseline")[0].texts[1]
    assert abstract.field == "abstract"
    assert abstract.text == (
        "BACKGROUND: IL-7 signals through JAK1 & JAK3 (P < 0.05). "
        "METHODS: We counted thymocytes in 106 cells. STAT5 is needed."
    )
    assert [(part.label, abstract.text[part.start : part.end]) for part in abstract.sections] == [
        ("BACKGROUND", "IL-7 signals through JAK1 & JAK3 (P < 0.05)."),
        ("METHODS", "We counted thymocytes in 106 cells."),
    ]


def test_abstract_of_somebody_else_stands_in_only_for_one_that_is_missing() -> None:
    def other(language: str, text: str) -> str:
        return (
            f'<OtherAbstract Type="Publisher" Language="{language}"><AbstractText Label="Ziel">'
            f"{text}</AbstractText></OtherAbstract>"
        )

    def abstract(inner: str, outer: str) -> list[str]:
        return [t.text for t in paper(inner, outer=outer).texts if t.field == "abstract"]

    own = "<Abstract><AbstractText>Own.</AbstractText></Abstract>"
    both = other("ger", "Deutsch.") + other("eng", "English.")
    assert abstract(own, both) == ["Own."]
    assert abstract("", both) == ["ZIEL: English."]
    assert abstract("<Abstract><AbstractText/></Abstract>", both) == ["ZIEL: English."]
    assert abstract("", other("ger", "Deutsch.")) == []


def test_authors_people_and_groups() -> None:
    record = sample("baseline")[0]
    assert record.authors == (
        Author(
            name="de la Fuente MJ",
            family="de la Fuente",
            initials="MJ",
            given="María José",
            orcid="0000-0002-1825-0097",
        ),
        Author(name="Smith AB Jr", family="Smith", initials="AB"),
        Author(name="Thymus Atlas Consortium", family="Thymus Atlas Consortium", collective=True),
    )
    assert not record.et_al
    assert sample("baseline")[1].et_al
    assert sample("medline-2005")[0].authors == (
        Author(name="Kovács IP", family="Kovács", initials="IP", given="István P"),
    )


def test_names_with_parts_missing() -> None:
    people = (
        "<AuthorList><Author><LastName>Suharto</LastName></Author><Author/>"
        "<Author><ForeName>Madonna</ForeName></Author><Author><LastName> </LastName></Author>"
        "<Author><CollectiveName>  The <i>In vitro</i>\n Group </CollectiveName></Author>"
        '<Author><LastName>Doe</LastName><Identifier Source="ORCID">not one</Identifier></Author>'
        "</AuthorList>"
    )
    authors = paper(people).authors
    assert [author.name for author in authors] == [
        "Suharto", "Madonna", "The In vitro Group", "Doe",
    ]  # fmt: skip
    assert authors[-1].orcid == ""


def test_titles_in_other_languages() -> None:
    record = sample("baseline")[1]
    assert [(text.field, text.text) for text in record.texts] == [
        ("title", "Lymphopenia after fracture: an observational study"),
        ("vernacular-title", "Linfopenia después de la fractura: un estudio observacional"),
    ]
    assert record.indexing.languages == ("spa", "pol")
    untranslated = "<VernacularTitle>Über Zellen.</VernacularTitle>"
    text = article(untranslated).replace("On 1.", "[Not Available].")
    [record] = records(read(text))
    assert [(text.field, text.text) for text in record.texts] == [("title", "Über Zellen")]


def test_record_without_a_title_says_so() -> None:
    [record] = records(read(article().replace("On 1.", "")))
    assert record.texts == ()
    assert [(p.code, p.field, p.lost) for p in record.problems] == [
        ("missing-title", "title", False)
    ]


def test_indexing() -> None:
    indexing = sample("baseline")[0].indexing
    assert indexing.languages == ("eng",)
    assert indexing.publication_types == ("Journal Article", "Research Support, Non-U.S. Gov't")
    assert indexing.keywords == ("thymus", "Mus musculus")
    assert indexing.grants == (
        "R01 AI000123/AI/NIAID NIH HHS/United States",
        "Wellcome Trust/United Kingdom",
    )
    assert indexing.substances == (
        Substance(name="Interleukin-7", id="D015851"),
        Substance(name="Janus Kinase 1", id="D053613", registry="EC 2.7.10.2"),
    )
    assert indexing.headings == (
        Heading(name="Animals", id="D000818"),
        Heading(
            name="Interleukin-7",
            id="D015851",
            qualifiers=(
                Qualifier(name="genetics", id="Q000235"),
                Qualifier(name="immunology", id="Q000276", major=True),
            ),
        ),
        Heading(name="Imagined Thymic Aplasia", id="C536943"),
    )


def test_major_topics_and_headings_without_identifiers() -> None:
    [heading] = sample("medline-2005")[0].indexing.headings
    assert heading == Heading(
        name="Thymus Gland", major=True, qualifiers=(Qualifier(name="cytology"),)
    )


def test_relations_to_other_papers() -> None:
    assert sample("baseline")[0].indexing.relations == (
        Relation(
            kind=RelationKind.COMMENT_IN,
            citation="Nat Rev Immunol. 2018 Nov;18(11):660",
            identifiers={"PMID": "90000777"},
        ),
        Relation(
            kind=RelationKind.RETRACTED_IN,
            citation="J Immunol. 2020 Jan 1;204(1):1",
            identifiers={"PMID": "90000888"},
        ),
        Relation(
            kind=RelationKind.CITES,
            citation="Roe B. A first imagined paper. Blood. 2001;97:1-9.",
            identifiers={"PMID": "90000001", "DOI": "10.9999/blood.1", "PMCID": "9000001"},
        ),
        Relation(kind=RelationKind.CITES, citation="Poe E. A book. Nowhere: 1999."),
    )


@pytest.mark.parametrize(
    ("ref_type", "kinds"),
    [
        ("AssociatedDataset", ["datasetIn"]), ("AssociatedPublication", ["datasetOf"]),
        ("Cites", ["cites"]), ("CommentIn", ["commentIn"]), ("CommentOn", ["commentOn"]),
        ("CorrectedandRepublishedFrom", ["republishedFrom"]),
        ("CorrectedandRepublishedIn", ["republishedIn"]),
        ("ErratumFor", ["correctionFor"]), ("ErratumIn", ["correctedIn"]),
        ("ExpressionOfConcernFor", ["concernFor"]), ("ExpressionOfConcernIn", ["concernIn"]),
        ("OriginalReportIn", ["originalReportIn"]), ("PartialRetractionIn", ["correctedIn"]),
        ("PartialRetractionOf", ["correctionFor"]), ("ReprintIn", ["republishedIn"]),
        ("ReprintOf", ["republishedFrom"]), ("RepublishedFrom", ["republishedFrom"]),
        ("RepublishedIn", ["republishedIn"]),
        ("RetractedandRepublishedFrom", ["republishedFrom"]),
        ("RetractedandRepublishedIn", ["retractedIn", "republishedIn"]),
        ("RetractionIn", ["retractedIn"]), ("RetractionOf", ["retractionOf"]),
        ("SummaryForPatientsIn", ["summaryIn"]), ("UpdateIn", ["updatedIn"]),
        ("UpdateOf", ["updateOf"]), ("Praises", []),
    ],
)  # fmt: skip
def test_every_kind_of_comment_and_correction(ref_type: str, kinds: list[str]) -> None:
    record = paper(
        outer=f'<CommentsCorrectionsList><CommentsCorrections RefType="{ref_type}">'
        "<RefSource>Blood. 2001;1:2</RefSource></CommentsCorrections></CommentsCorrectionsList>"
    )
    assert [relation.kind for relation in record.indexing.relations] == kinds
    assert all(r.citation == "Blood. 2001;1:2" for r in record.indexing.relations)
    assert [p.code for p in record.problems] == ([] if kinds else ["unknown-relation"])


@pytest.mark.parametrize(
    ("dates", "year"),
    [
        ("<PubDate><Year>1998</Year><Month>Dec</Month></PubDate>", 1998),
        ("<PubDate><Year>1998</Year><Season>Fall</Season></PubDate>", 1998),
        ("<PubDate><MedlineDate>1998 Dec-1999 Jan</MedlineDate></PubDate>", 1998),
        ("<PubDate><MedlineDate>Spring 2000</MedlineDate></PubDate>", 2000),
        ("<PubDate><MedlineDate>in press</MedlineDate></PubDate>", 2001),
        ("<PubDate/>", 2001),
    ],
)
def test_years(dates: str, year: int) -> None:
    record = paper(
        f"<Journal><JournalIssue>{dates}</JournalIssue></Journal>"
        "<ArticleDate><Year>2001</Year><Month>01</Month></ArticleDate>"
    )
    assert record.year == year


@pytest.mark.parametrize(
    ("inner", "pages"),
    [
        ("<Pagination><MedlinePgn>732-42</MedlinePgn></Pagination>", ("732-42", "732", "742")),
        (
            "<Pagination><StartPage>12</StartPage><EndPage>19</EndPage></Pagination>",
            ("12-19", "12", "19"),
        ),
        ("<Pagination><StartPage>e12</StartPage></Pagination>", ("e12", "e12", "")),
        ("<Pagination><StartPage>7</StartPage><EndPage>7</EndPage></Pagination>", ("7", "7", "")),
        ('<ELocationID EIdType="pii">e1001234</ELocationID>', ("e1001234", "e1001234", "")),
        ('<ELocationID EIdType="pii">S0091-6749(11)00296-X</ELocationID>', ("", "", "")),
        ('<ELocationID EIdType="doi">10.1/e12</ELocationID>', ("", "", "")),
    ],
)
def test_pages(inner: str, pages: tuple[str, str, str]) -> None:
    record = paper(inner)
    assert (record.pages, record.first_page, record.last_page) == pages


def test_journals_by_what_names_them() -> None:
    def names(journal: str, outer: str = "") -> tuple[str, str]:
        record = paper(f"<Journal>{journal}</Journal>", outer=outer)
        return record.journal, record.journal_title

    title = "<Title>The Journal of immunology</Title>"
    iso = "<ISOAbbreviation>J. Immunol.</ISOAbbreviation>"
    info = "<MedlineJournalInfo><MedlineTA>J Immun</MedlineTA></MedlineJournalInfo>"
    assert names(title + iso, info) == ("J Immun", "The Journal of immunology")
    assert names(title + iso) == ("J Immunol", "The Journal of immunology")
    assert names(iso.replace("J. Immunol.", "Proc. Imag. U.S.A.")) == ("Proc Imag U S A", "")
    assert names("<Title>PloS one</Title>", info.replace("J Immun", "PLoS One"))[1] == ""
    assert names(title) == ("The Journal of immunology", "")
    assert names("<Title>Gut</Title>", info.replace("J Immun", "Gut")) == ("Gut", "")
    record = sample("baseline")[2]
    assert (record.journal, record.year) == ("Imagined reports", 2021)


def test_books_and_chapters() -> None:
    chapter, book, paper_beside = sample("efetch")
    assert chapter.title == "IL7R-Related Severe Combined Immunodeficiency"
    assert (chapter.journal, chapter.year) == ("GeneReviews(®)", 1993)
    assert [author.name for author in chapter.authors] == ["Haddad RK"]
    assert chapter.identifiers == {"PMID": "90000201"}
    assert chapter.texts[1].text == (
        "CLINICAL CHARACTERISTICS: Infants lack T cells. DIAGNOSIS/TESTING: By sequencing of IL7R."
    )
    assert chapter.indexing.publication_types == ("Review",)
    assert chapter.indexing.keywords == ("SCID",)
    assert [r.identifiers for r in chapter.indexing.relations] == [{"PMID": "90000002"}]
    assert book.title == "Cytokine Biology for the Perplexed"
    assert (book.journal, book.year, book.volume) == ("Imagined Lectures in Immunology", 2007, "3")
    assert [author.name for author in book.authors] == ["Nakamura Y"]
    assert book.identifiers == {"PMID": "90000202", "DOI": "10.9999/book.3"}
    assert [chapter.position, book.position, paper_beside.position] == [1, 2, 3]
    assert paper_beside.journal_title == "Science (Nowhere)"


def test_book_documents_by_themselves() -> None:
    document = "<BookDocument><PMID>5</PMID><ArticleTitle>A chapter.</ArticleTitle></BookDocument>"
    gone = "<DeleteDocument><PMID>6</PMID></DeleteDocument>"
    record, problem = read(f"<BookDocumentSet>{document}{gone}</BookDocumentSet>")
    assert isinstance(record, Record)
    assert (record.title, record.identifiers) == ("A chapter", {"PMID": "5"})
    assert isinstance(problem, Problem)
    assert (problem.code, problem.raw, problem.lost) == ("deleted-citation", "6", False)


def test_citations_of_medline_by_themselves() -> None:
    first, second = sample("medline-2005")
    assert first.title == "Formation of imaginary lymphocytes in rat thymus"
    assert (first.journal, first.year, first.pages) == ("Biochem Imag", 1975, "1517-21")
    assert (first.first_page, first.last_page) == ("1517", "1521")
    assert first.issns == ("0006-2952",)
    assert [r.kind for r in first.indexing.relations] == [RelationKind.CITES]
    assert second.texts[1].text == "Somebody else told of hepatocytes."


def test_deleted_citations_are_named() -> None:
    [problem] = problems(read((SAMPLES / "pubmed-xml.baseline.xml").read_bytes()))
    assert problem.code == "deleted-citation"
    assert not problem.lost
    assert "2 citations: 90000901, 90000902;" in problem.message
    assert problem.locator.line == 246
    many = "".join(f"<PMID>{number}</PMID>" for number in range(100, 130))
    [problem] = problems(read(f"<DeleteCitation>{many}</DeleteCitation>"))
    assert "30 citations: 100, 101" in problem.message
    assert "119, ...;" in problem.message
    assert problem.raw.split() == [str(number) for number in range(100, 130)]


_MATHML = "xmlns:m='http://www.w3.org/1998/Math/MathML'"


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("plain &amp; &lt;i&gt; &#945; &#x3B2;", "plain & <i> α β"),
        ("<b>bold<i>er</i></b> H<sub>2</sub>O<u/> end", "bolder H2O end"),
        ("<![CDATA[a < b]]> c", "a < b c"),
        (f"a <m:math {_MATHML}> <m:mi>R</m:mi> <m:mn>2</m:mn> </m:math> b", "a R2 b"),
        ("<math><mfrac><mn>1</mn><msqrt><mi>x</mi></msqrt></mfrac></math>", "1/√x"),
        ("<math><mi>f</mi><mfenced><mi>x</mi><mi>y</mi></mfenced></math>", "f(x,y)"),
        ("<math><mi>x</mi><annotation>\\chi</annotation></math>", "x"),
        ("<math><mtext> in  vitro </mtext><mspace/></math>", "in vitro"),
    ],
)
def test_markup_becomes_text(markup: str, text: str) -> None:
    assert flatten(fromstring(f"<t>{markup}</t>")) == text


def test_tags_that_were_escaped_are_no_text() -> None:
    abstract = (
        "<Abstract><AbstractText>&lt;p&gt;&lt;i&gt;p&lt;/i&gt; &lt; 0.05</AbstractText></Abstract>"
    )
    text = article(abstract).replace("On 1.", "&lt;i&gt;In vitro&lt;/i&gt; R&amp;amp;D.")
    [record] = records(read(text))
    assert [text.text for text in record.texts] == ["In vitro R&D", "p < 0.05"]


def test_formulas_with_an_undeclared_prefix_and_deep_ones() -> None:
    abstract = "<Abstract><AbstractText>{}</AbstractText></Abstract>"
    undeclared = "<ns0:math><ns0:mi>k</ns0:mi> <ns0:mn>2</ns0:mn></ns0:math> on <i>k</i>"
    assert paper(abstract.format(undeclared)).texts[1].text == "k2 on k"
    [problem] = problems(read(article(abstract.format(f"{undeclared}<a>"))))
    assert problem.code == "broken-xml"
    deep = f"<math>{'<mrow>' * 200}<mi>k</mi>{'</mrow>' * 200}</math>"
    assert paper(abstract.format(deep)).texts[1].text == "k"


# --- broken files ------------------------------------------------------------------------------


def test_broken_record_costs_only_itself_and_says_where() -> None:
    text = f"<PubmedArticleSet>\n{article()}\n{article('<b>', pmid='22')}\n{article(pmid='3')}\n"
    items = read(f"{text}</PubmedArticleSet>")
    assert [(record.title, record.position) for record in records(items)] == [
        ("On 1", 1),
        ("On 3", 3),
    ]
    [problem] = problems(items)
    assert (problem.code, problem.lost, problem.locator.line) == ("broken-xml", True, 3)
    assert problem.message.startswith("PMID 22: ")
    assert problem.message.endswith("(line 3)")
    assert "<b>" in problem.raw


def test_line_of_the_fault_is_that_of_the_file() -> None:
    text = article("\n<Journal>\n&nbsp;</Journal>")
    [problem] = problems(read(f"\n\n{text}"))
    assert problem.locator.line == 3
    assert "'nbsp'" in problem.message
    assert problem.message.endswith("(line 5)")


def test_file_that_ends_too_early_says_so_once() -> None:
    whole = f"<PubmedArticleSet>{article()}{article(pmid='2')}"
    for cut, code in ((whole, "cut-file"), (whole + "</Pubmed", "cut-file"), (whole[:-3], "cut-r")):
        items = read(cut)
        assert len(records(items)) == (2 if code == "cut-file" else 1)
        [problem] = problems(items)
        assert problem.lost
        assert problem.code.startswith(code)
    assert problems(read(article())) == []


def test_files_joined_to_one() -> None:
    text = f'<?xml version="1.0"?>\n<PubmedArticleSet>{article()}</PubmedArticleSet>\n'
    assert [(r.position, r.locator.line) for r in records(read(text * 3))] == [
        (1, 2), (2, 4), (3, 6),
    ]  # fmt: skip
    cut = text[: text.index("</Article>")]
    items = read(cut + text)
    assert [record.position for record in records(items)] == [2]
    [problem] = problems(items)
    assert (problem.code, problem.locator.line) == ("cut-record", 2)


def test_what_is_no_part_of_the_format_is_reported_and_passed_over() -> None:
    text = (
        f"<PubmedArticleSet>{article()}stray words <x/>\n{article(pmid='2')}<y></PubmedArticleSet>"
    )
    items = read(text)
    assert [record.title for record in records(items)] == ["On 1", "On 2"]
    assert [(p.code, p.lost) for p in problems(items)] == [("unknown-content", True)] * 2
    assert problems(items)[0].raw.startswith("stray words <x/>")
    [problem] = problems(read("TY  - JOUR\nER  - \n"))
    assert problem.code == "unknown-content"


def test_empty_records_and_sets() -> None:
    assert read("<PubmedArticleSet></PubmedArticleSet>") == []
    assert read("<PubmedArticleSet/>") == []
    for empty in ("<PubmedArticle/>", '<PubmedArticle a="b" />', "<PubmedBookArticle/>"):
        [problem] = problems(read(empty))
        assert (problem.code, problem.lost) == ("empty-record", True)
    assert read("<!-- <PubmedArticle></PubmedArticle> --><?note x?>\n") == []


@pytest.mark.parametrize("form", ["<![CDATA[{}]]>", "<!-- {} -->"])
def test_hidden_end_tags_cost_their_record_only(form: str) -> None:
    hidden = f"<Abstract><AbstractText>{form.format('</PubmedArticle>')}</AbstractText></Abstract>"
    text = f"{article()}{article(hidden, pmid='2')}{article(pmid='3')}"
    items = read(f"<PubmedArticleSet>{text}</PubmedArticleSet>")
    assert [record.position for record in records(items)] == [1, 3]
    assert all(problem.lost for problem in problems(items))
    assert len(problems(items)) == 2


def test_comments_and_instructions_in_a_record_are_no_text() -> None:
    text = article().replace("On 1.", "On <!-- not --> I<?x not?>L-7.")
    [record] = records(read(text))
    assert record.title == "On IL-7"


# --- encodings ---------------------------------------------------------------------------------


def test_declared_encoding_holds_where_the_bytes_are_not_utf_8() -> None:
    head = '<?xml version="1.0" encoding="{}"?>'
    text = article().replace("On 1.", "Über Zellen.")
    for encoding in ("ISO-8859-1", "windows-1252", "macintosh"):
        declared = head.format(encoding) + text
        for data in (declared.encode(encoding), declared.encode()):
            assert [record.title for record in records(read(data))] == ["Über Zellen"]
    for encoding in ("UTF-8", "klingon", "UTF-16", "hex"):
        [problem] = problems(read((head.format(encoding) + text).encode("cp1252")))
        assert problem.code == "bad-encoding"
        assert "--encoding" in problem.message


def test_whole_file_in_another_encoding(tmp_path: Path) -> None:
    path = tmp_path / "papers.xml"
    head = '<?xml version="1.0" encoding="UTF-8"?>'
    text = head + article().replace("On 1.", "Über Zellen.")
    path.write_bytes(text.encode("cp1252"))
    [problem] = read_file(path)
    assert isinstance(problem, Problem)
    for encoding in ("cp1252", "utf-16"):
        path.write_bytes(text.encode(encoding))
        [record] = read_file(path, encoding=encoding)
        assert isinstance(record, Record)
        assert record.title == "Über Zellen"


# --- hostile files -----------------------------------------------------------------------------


def test_entities_are_neither_expanded_nor_fetched(tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("the secret")
    declarations = (
        '<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;">',
        f'<!ENTITY c SYSTEM "file://{secret}">',
        '<!ENTITY c SYSTEM "http://127.0.0.1:9/x">',
        f'<!ENTITY % p SYSTEM "file://{secret}"> %p;',
    )
    for declared in declarations:
        text = f"<!DOCTYPE PubmedArticleSet [{declared}]><PubmedArticleSet>{article('&c;')}"
        path = tmp_path / "hostile.xml"
        path.write_text(f"{text}</PubmedArticleSet>")
        assert detect_reader(path).name == "pubmed-xml"
        [problem] = read_file(path)
        assert isinstance(problem, Problem)
        assert (problem.code, problem.lost) == ("declared-entities", True)


def test_document_type_of_nlm_is_not_fetched() -> None:
    # Sockets are refused in tests, and the address is none that answers.
    doctype = '<!DOCTYPE PubmedArticleSet PUBLIC "-//NLM//DTD" "http://127.0.0.1:9/pubmed.dtd">'
    assert [r.title for r in records(read(f"{doctype}\n{article()}"))] == ["On 1"]


def test_document_types_inside_a_record_declare_nothing() -> None:
    inner = '<!DOCTYPE x [<!ENTITY c "ha">]>'
    [problem] = problems(read(article(f"{inner}&c;")))
    assert (problem.code, problem.lost) == ("broken-xml", True)


def test_record_that_is_too_long_or_has_too_many_elements() -> None:
    many = "<a/>" * 600_000
    items = read(f"{article(many)}{article(pmid='2')}")
    assert [p.code for p in problems(items)] == ["long-record"]
    assert [record.title for record in records(items)] == ["On 2"]
    long = f"<Abstract><AbstractText>{'x' * (MAX_RECORD + (2 << 20))}</AbstractText></Abstract>"
    items = read(f"{article(long)}\n{article(pmid='2')}")
    assert [(p.code, len(p.raw)) for p in problems(items)] == [("long-record", 2000)]
    assert [(r.title, r.position, r.locator.line) for r in records(items)] == [("On 2", 2, 2)]


def test_long_records_are_read() -> None:
    person = "<Author><LastName>Doe</LastName><ForeName>Jo</ForeName></Author>"
    record = paper(f"<AuthorList>{person * 5000}</AuthorList>")
    assert len(record.authors) == 5000
    text = "word " * 500_000
    record = paper(f"<Abstract><AbstractText>{text}</AbstractText></Abstract>")
    assert record.texts[1].text == text.strip()


def test_packed_files_are_read(tmp_path: Path) -> None:
    path = tmp_path / "pubmed25n0001.xml.gz"
    path.write_bytes(gzip.compress(f"<PubmedArticleSet>{article()}</PubmedArticleSet>".encode()))
    assert detect_reader(path).name == "pubmed-xml"
    assert len(list(read_file(path))) == 1


# --- splitting, which other processes can go on from -------------------------------------------

NAMES = ElementNames(records=["r"], wrappers=["rs"], others=["d"])


def test_pieces_can_be_parsed_elsewhere() -> None:
    data = (SAMPLES / "pubmed-xml.baseline.xml").read_bytes()
    pieces = list(READER.split(io.BytesIO(data)))
    assert [READER.parse(piece, "papers.xml") for piece in reversed(pieces)] == read(data)[::-1]
    assert [piece.position for piece in pieces] == [1, 2, 3, 0]
    lines = data.splitlines()
    assert all(piece.data.startswith(lines[piece.line - 1].strip()) for piece in pieces)


@given(
    st.lists(
        st.sampled_from(
            [b"<rs>", b"</rs>", b"<r>", b"</r>", b"<d>", b"</d>", b"<r/>", b"x", b"\n", b"\r",
             b"\r\n", b" ", b"<", b">", b"<!--", b"-->", b"<?x?>", b"<!DOCTYPE rs>"]
        ),
        max_size=30,
    ).map(b"".join),
    st.integers(1, 9),
)  # fmt: skip
@settings(max_examples=300)
def test_pieces_do_not_depend_on_blocks_and_their_lines_are_right(data: bytes, size: int) -> None:
    class Slow(io.BytesIO):
        def read(self, _: int | None = -1) -> bytes:
            return super().read(size)

    pieces = list(split_elements(io.BytesIO(data), NAMES))
    assert list(split_elements(Slow(data), NAMES)) == pieces
    lines = data.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    place = 0
    for piece in pieces:
        shown = piece.data.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
        place = lines.index(shown, place)
        if piece.fault is Fault.NONE:
            assert piece.line == lines.count(b"\n", 0, place) + 1
            assert piece.data.startswith((b"<r", b"<d"))
        place += len(shown)
    positions = [piece.position for piece in pieces if piece.position]
    assert positions == list(range(1, len(positions) + 1))
