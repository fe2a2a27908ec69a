"""The reader of MEDLINE: PubMed's exports as they are today, and as they were."""

import io
from pathlib import Path

import pytest

from kg.model import Heading, Problem, Qualifier, Record, Relation, RelationKind, Substance
from kg.readers.fields import make_author
from kg.readers.lines import MAX_RECORD
from kg.readers.medline import MedlineReader, read_relation

SAMPLES = Path(__file__).parent / "samples"


def read(text: str) -> list[Record | Problem]:
    return list(MedlineReader().read(io.BytesIO(text.encode()), "export.nbib"))


def records(text: str) -> list[Record]:
    return [item for item in read(text) if isinstance(item, Record)]


def one(fields: str) -> Record:
    [record] = records(f"PMID- 1\nTI  - A title.\n{fields}\nSO  - Blood. 2001;1:2.\n")
    return record


@pytest.fixture(scope="module")
def pubmed() -> list[Record]:
    return records((SAMPLES / "medline.pubmed.nbib").read_text("utf-8"))


# --- what PubMed writes ------------------------------------------------------------------------


def test_citation(pubmed: list[Record]) -> None:
    record = pubmed[0]
    assert record.title == (
        "Interleukin-7 withdrawal empties the thymic niche within days: a kinetic study in adult "
        "mice"
    )
    assert (record.journal, record.journal_title) == (
        "J Immunol", "Journal of immunology (Baltimore, Md. : 1950)",
    )  # fmt: skip
    assert record.issns == ("1550-6606", "0022-1767")
    assert (record.year, record.volume, record.issue, record.pages) == (2025, "214", "5", "812-24")
    assert (record.first_page, record.last_page) == ("812", "824")
    assert (record.position, record.locator.line, record.locator.format) == (1, 1, "medline")


def test_identifiers_are_the_papers_own(pubmed: list[Record]) -> None:
    assert pubmed[0].identifiers == {
        "PMID": "39912345", "PMCID": "PMC11999999", "DOI": "10.4049/jimmunol.2409999",
    }  # fmt: skip
    assert pubmed[1].identifiers == {"PMID": "12345671"}
    assert pubmed[2].identifiers == {"PMID": "33520002"}


def test_abstract_keeps_its_sections(pubmed: list[Record]) -> None:
    [abstract] = [text for text in pubmed[0].texts if text.field == "abstract"]
    sections = {part.label: abstract.text[part.start : part.end] for part in abstract.sections}
    assert list(sections) == ["BACKGROUND", "METHODS", "RESULTS", "CONCLUSIONS"]
    assert sections["RESULTS"] == (
        "Double-negative cells halved in 31 h (95% CI 27-36). STAT5 phosphorylation was gone "
        "after 2 h."
    )


def test_authors_groups_suffixes_and_orcids(pubmed: list[Record]) -> None:
    authors = pubmed[0].authors
    assert [(author.name, author.family, author.given, author.orcid) for author in authors] == [
        ("Okonkwo AN", "Okonkwo", "Adaeze N", "0000-0002-1825-0097"),
        ("van der Meer P", "van der Meer", "Pieter", "0000-0001-5109-3700"),
        ("Brown CE 3rd", "Brown", "Charles E", ""),
        ("Thymus Kinetics Consortium", "Thymus Kinetics Consortium", "", ""),
    ]
    assert [author.collective for author in authors] == [False, False, False, True]


def test_indexing(pubmed: list[Record]) -> None:
    indexing = pubmed[0].indexing
    assert indexing.languages == ("eng",)
    assert indexing.publication_types == (
        "Journal Article", "Research Support, N.I.H., Extramural",
    )  # fmt: skip
    assert indexing.keywords == ("thymus", "homeostasis")
    assert indexing.headings[1] == Heading(
        name="Interleukin-7",
        major=True,
        qualifiers=(Qualifier(name="deficiency"), Qualifier(name="genetics", major=True)),
    )
    assert indexing.headings[4] == Heading(
        name="Thymus Gland", qualifiers=(Qualifier(name="immunology", major=True),)
    )
    assert indexing.substances == (
        Substance(name="Interleukin-7"),
        Substance(name="Receptors, Interleukin-7 (CD127)"),
        Substance(name="Janus Kinase 3", registry="EC 2.7.10.2"),
    )
    assert indexing.grants == (
        "R01 AI199999/AI/NIAID NIH HHS/United States",
        "102345/Z/13/Z/WT_/Wellcome Trust/United Kingdom",
    )


def test_relations_hold_the_numbers_of_the_other_papers(pubmed: list[Record]) -> None:
    assert pubmed[0].indexing.relations == (
        Relation(
            kind=RelationKind.COMMENT_IN,
            citation="J Immunol. 2025 Apr 15;214(8):1700-1. doi: 10.4049/jimmunol.2500001",
            identifiers={"PMID": "40011122", "DOI": "10.4049/jimmunol.2500001"},
        ),
        Relation(
            kind=RelationKind.CORRECTED_IN,
            citation="J Immunol. 2025 Jun 1;214(11):2999",
            identifiers={"PMID": "40099999"},
        ),
    )
    [relation] = pubmed[1].indexing.relations
    assert (relation.kind, relation.identifiers) == (
        RelationKind.RETRACTED_IN, {"PMID": "14999991"},
    )  # fmt: skip


@pytest.mark.parametrize(
    ("tag", "kind"),
    [
        ("CON", "commentOn"), ("EFR", "correctionFor"), ("ROF", "retractionOf"),
        ("ECI", "concernIn"), ("ECF", "concernFor"), ("RPI", "republishedIn"),
        ("RPF", "republishedFrom"), ("UIN", "updatedIn"), ("UOF", "updateOf"),
        ("SPIN", "summaryIn"), ("ORI", "originalReportIn"),
        ("CRF", "republishedFrom"), ("DDIN", "datasetOf"), ("DRIN", "datasetIn"),
    ],
)  # fmt: skip
def test_kinds_of_relations(tag: str, kind: str) -> None:
    record = one(f"{tag:4}- Lancet. 2003;1:2. PMID: 99")
    [relation] = record.indexing.relations
    assert (relation.kind, relation.citation) == (kind, "Lancet. 2003;1:2")
    assert relation.identifiers == {"PMID": "99"}
    assert record.identifiers == {"PMID": "1"}


def test_relation_without_identifiers_keeps_its_citation() -> None:
    relation = read_relation(RelationKind.COMMENT_ON, "Blood. 1990;75:1-9")
    assert (relation.citation, relation.identifiers) == ("Blood. 1990;75:1-9", {})


def test_translated_title_and_its_original(pubmed: list[Record]) -> None:
    texts = {text.field: text.text for text in pubmed[1].texts}
    assert texts == {
        "title": "Lymphopenia and autoimmunity: a retracted hypothesis",
        "vernacular-title": "Lymphopenie und Autoimmunität: eine zurückgezogene Hypothese",
    }
    assert "Retracted Publication" in pubmed[1].indexing.publication_types
    assert pubmed[1].indexing.languages == ("ger",)


def test_chapter_stands_in_its_book(pubmed: list[Record]) -> None:
    assert (pubmed[2].journal, pubmed[2].year) == ("StatPearls", 2025)


def test_book_alone_has_its_title() -> None:
    [record] = records("PMID- 7\nBTI - Drugs and Lactation\nDP  - 2006\nLA  - eng\n")
    assert (record.title, record.journal) == ("Drugs and Lactation", "")


# --- traps -------------------------------------------------------------------------------------


def test_doi_of_the_article_comes_before_that_of_the_location_and_no_pii_is_one() -> None:
    record = one(
        "LID - 10.9999/printed [doi]\nLID - S0140-6736(20)30300-7 [pii]\n"
        "AID - 10.9999/S0140-6736(20)30300-7 [doi]\nAID - NBK5 [bookaccession]"
    )
    assert record.identifiers["DOI"] == "10.9999/S0140-6736(20)30300-7"
    assert one("LID - 10.9999/printed [doi]").identifiers["DOI"] == "10.9999/printed"
    assert "DOI" not in one("AID - S0140 [pii]").identifiers


def test_authors_are_not_editors_or_investigators() -> None:
    record = one(
        "FAU - Doe, Jane\nAU  - Doe J\nFED - Roe, Bob\nED  - Roe B\nAUID- ORCID: 0000000218250097\n"
        "FIR - Poe, Eve\nIR  - Poe E\nAUID- ORCID: 0000-0001-5109-3700"
    )
    assert [(author.name, author.orcid) for author in record.authors] == [("Doe J", "")]


def test_authors_of_old_records() -> None:
    record = one("AU  - de la Cruz MT\nFAU - WATSON, J D\nAU  - WATSON JD\nAU  - Suharto")
    assert [(author.name, author.family, author.initials) for author in record.authors] == [
        ("de la Cruz MT", "de la Cruz", "MT"), ("WATSON JD", "WATSON", "JD"),
        ("Suharto", "Suharto", ""),
    ]  # fmt: skip
    assert not any(author.collective for author in record.authors)


def test_group_may_have_an_orcid_too() -> None:
    record = one("CN  - IL-7 Group\nAUID- ORCID: 0000-0002-1825-0097\nFAU - Doe, Jane")
    assert [(author.name, author.collective, author.orcid) for author in record.authors] == [
        ("IL-7 Group", True, "0000-0002-1825-0097"), ("Doe J", False, ""),
    ]  # fmt: skip


def test_retracted_and_republished_is_both() -> None:
    kinds = [each.kind for each in one("RRI - Blood. 2003;1:2. PMID: 99").indexing.relations]
    assert kinds == [RelationKind.RETRACTED_IN, RelationKind.REPUBLISHED_IN]


def test_substances_and_supplementary_concepts() -> None:
    indexing = one(
        "RN  - PVB protocol\nRN  - 9007-49-2 (DNA)\nNM  - 0 (Cyclosporins)\nNM  - Omenn syndrome"
    ).indexing
    assert indexing.substances == (
        Substance(name="PVB protocol"), Substance(name="DNA", registry="9007-49-2"),
        Substance(name="Cyclosporins"),
    )  # fmt: skip
    assert indexing.headings == (Heading(name="Omenn syndrome"),)


def test_number_of_an_article_stands_for_pages_and_a_pii_does_not() -> None:
    assert one("LID - S1769-7212(19)30059-X [pii]\nLID - e80092").pages == "e80092"
    assert one("LID - 10.9999/x [doi]\nLID - bcy123 [pii]").pages == "bcy123"
    assert one("LID - S1769-7212(19)30059-X [pii]").pages == ""
    assert one("LID - e80092\nPG  - 1-9").pages == "1-9"


@pytest.mark.parametrize(
    ("fields", "abstract"),
    [
        ("OAB - plain-language-summary: Mice are small.\nOABL- eng", "Mice are small."),
        ("OAB - KIE: Mice are small.", "Mice are small."),
        ("OAB - Les souris sont petites.\nOABL- fre", ""),
        ("OAB - Les souris.\nOABL- fre\nOAB - Mice.\nOABL- eng", "Mice."),
        ("OAB - Publisher: Abstract available from the publisher.\nOABL- eng", ""),
        ("AB  - Own.\nOAB - Mice.\nOABL- eng", "Own."),
    ],
)
def test_abstract_of_somebody_else_stands_in_where_it_is_english(
    fields: str, abstract: str
) -> None:
    texts = {text.field: text.text for text in one(fields).texts}
    assert texts.get("abstract", "") == abstract


def test_title_in_the_papers_language_stands_in_for_one_that_is_missing() -> None:
    [record, other] = records(
        "PMID- 1\nTI  - [Not Available].\nTT  - Mäuse.\nSO  - x\n\nPMID- 2\nAB  - Mice.\nSO  - x\n"
    )
    assert (record.title, len(record.texts)) == ("Mäuse", 1)
    assert other.title == ""
    assert [problem.code for problem in other.problems] == ["missing-title"]


# --- where records begin and end ---------------------------------------------------------------


def test_old_records_begin_with_another_number() -> None:
    first, second = records((SAMPLES / "medline.2002.txt").read_text("utf-8"))
    assert (first.identifiers["PMID"], second.identifiers["PMID"]) == ("12230099", "12230100")
    assert first.identifiers["DOI"].endswith("::AID-IMMU2501>3.0.CO;2-Z")
    assert first.title == "Common gamma chain cytokines share a docking surface"
    assert "both leave the same residues" in first.texts[1].text


def test_records_without_a_blank_line_between_them() -> None:
    text = "PMID- 1\nTI  - One.\nSO  - x\nPMID- 2\nTI  - Two.\nSO  - x\n"
    assert [record.title for record in records(text)] == ["One", "Two"]


def test_blank_lines_within_a_record() -> None:
    text = "PMID- 1\n\nTI  - One.\n\nAB  - Long.\n\n      Longer.\n\nPMID- 2\nTI  - Two.\n"
    found = records(text)
    assert [record.title for record in found] == ["One", "Two"]
    assert found[0].texts[1].text == "Long. Longer."


def test_records_without_numbers_are_parted_by_blank_lines() -> None:
    text = "TI  - One.\nDP  - 2001\n\nTI  - Two.\nDP  - 2002\n"
    assert [(record.title, record.year) for record in records(text)] == [
        ("One", 2001),
        ("Two", 2002),
    ]


def test_eric_writes_it_too() -> None:
    text = (
        "OWN - ERIC\nTI  - {}\nAU  - van Groen, Maaike M.\nJT  - Invented Testing\nDP  - 2020\n\n"
    )
    found = records(text.format("One") + text.format("Two"))
    assert [(record.title, record.journal) for record in found] == [
        ("One", "Invented Testing"), ("Two", "Invented Testing"),
    ]  # fmt: skip
    assert [author.name for author in found[0].authors] == ["van Groen MM"]


def test_record_with_nothing_in_it_is_lost() -> None:
    [problem, record] = read("OWN - NLM\nSTAT- MEDLINE\n\nPMID- 2\nTI  - Two.\n")
    assert isinstance(problem, Problem)
    assert (problem.code, problem.lost, problem.locator.line) == ("empty-record", True, 1)
    assert isinstance(record, Record)
    assert record.position == 2


def test_half_a_number_is_not_taken() -> None:
    whole = "PMID- 17265423\nTI  - One.\nSO  - x\n\n"
    [_, problem] = read(whole + "PMID- 1726")
    assert isinstance(problem, Problem)
    assert problem.lost
    [_, record] = read(whole + "PMID- 17265424\nTI  - Two.\nPMC - PMC26")
    assert isinstance(record, Record)
    assert record.identifiers == {"PMID": "17265424"}
    assert [problem.code for problem in record.problems] == ["cut-record"]
    [_, record] = records(whole + "PMID- 17265424\nTI  - Two.\n")
    assert [problem.code for problem in record.problems] == ["cut-record"]


def test_file_without_the_last_line_end_is_whole() -> None:
    [record] = records("PMID- 17265423\nTI  - One.\nSO  - Blood. 2001;1:2.")
    assert (record.identifiers, record.problems) == ({"PMID": "17265423"}, ())


def test_line_that_cannot_be_read_costs_its_record_even_where_it_is_the_first() -> None:
    data = b"PMID- 1\nTI  - One.\n\nPM\xffD- 2\nTI  - Two.\n\nPMID- 3\nTI  - Three.\n"
    items = list(MedlineReader().read(io.BytesIO(data), "export.nbib"))
    assert [item.title for item in items if isinstance(item, Record)] == ["One", "Three"]
    [problem] = [item for item in items if isinstance(item, Problem)]
    assert (problem.locator.line, problem.code) == (4, "not-utf-8")


def test_what_is_no_medline_is_told() -> None:
    [problem] = read("Dear Sir or Madam,\n\nplease find enclosed my reading list.\n")
    assert isinstance(problem, Problem)
    assert (problem.code, problem.lost) == ("no-record", True)


@pytest.mark.parametrize(
    ("text", "is_medline"),
    [
        ("\n\nPMID- 12\nOWN - NLM\n", True),
        ("\ufeffPMID- 12\r\nOWN - NLM\r\n", True),
        ("UI  - 12\nPMID- 12\n", True),
        ("\r\nOWN - ERIC\r\nTI  - A title\r\n", True),
        ("TY  - JOUR\nN1  - a note\nPMID- 12\nER  - \n", False),
        ("1. Doe J. A title. Blood. 2001;1:2. PMID- 12\n", False),
    ],
)
def test_sniff(text: str, is_medline: bool) -> None:
    assert MedlineReader().sniff(text.encode()) is is_medline


def test_first_line_that_cannot_be_read_may_be_long_and_the_last() -> None:
    data = b"PMID- \0" + b"1" * 5_000
    [problem] = MedlineReader().read(io.BytesIO(data), "export.nbib")
    assert isinstance(problem, Problem)
    assert problem.code == "nul"
    assert 0 < len(problem.raw) <= 2_100


def test_record_without_end_is_lost_alone() -> None:
    filler = "      and more of it\n" * (MAX_RECORD // 20)
    items = read(f"PMID- 1\nAB  - Long\n{filler}\nPMID- 2\nTI  - Two.\nSO  - x\n")
    assert isinstance(items[0], Problem)
    assert (items[0].code, items[0].lost, len(items[0].raw)) == ("long-record", True, 2_000)
    assert isinstance(items[1], Record)
    assert items[1].title == "Two"


def test_a_name_that_is_forenames_only_is_a_name() -> None:
    author = make_author("", "re, Norway.", initials="RN")
    assert (author.name, author.family, author.initials) == ("re, Norway.", "re, Norway.", "")
    assert make_author("", "", initials="RN").name == "RN"
