"""The readers of EndNote's tagged text and XML, and of Web of Science's text."""

import io
from pathlib import Path

import pytest

from kg.model import Problem, Record
from kg.readers.endnote import EndnoteReader
from kg.readers.endnote_xml import EndnoteXmlReader
from kg.readers.wos import WosReader

SAMPLES = Path(__file__).parent / "samples"


def read(text: str) -> list[Record | Problem]:
    return list(EndnoteReader().read(io.BytesIO(text.encode()), "export.enw"))


def records(text: str) -> list[Record]:
    return [item for item in read(text) if isinstance(item, Record)]


def sample(name: str) -> list[Record]:
    return records((SAMPLES / name).read_text("utf-8"))


# --- EndNote -----------------------------------------------------------------------------------


def test_endnote_from_pubmed() -> None:
    record, chapter = sample("endnote.refer.enw")
    assert record.title == "CD127 expression inversely tracks FOXP3 in human regulatory cells"
    assert [author.name for author in record.authors] == ["Moreau T", "King ML Jr"]
    assert (record.journal, record.year, record.volume, record.issue) == (
        "J Exp Med", 2016, "203", "7",
    )  # fmt: skip
    assert (record.first_page, record.last_page) == ("1701", "1711")
    assert record.identifiers == {
        "PMID": "27990001", "PMCID": "PMC4990001", "DOI": "10.1084/jem.20169901",
    }  # fmt: skip
    assert record.issns == ("1540-9538", "0022-1007")
    assert record.texts[1].text.endswith("METHODS: We sorted cells from 40 donors.")
    assert record.indexing.keywords == ("Humans",)
    assert [heading.name for heading in record.indexing.headings] == [
        "Interleukin-7 Receptor alpha Subunit"
    ]
    assert (chapter.title, chapter.journal, chapter.issns) == (
        "Receptors of the common gamma chain", "Cytokines Today", (),
    )  # fmt: skip
    assert (chapter.position, chapter.locator.line) == (2, 28)


def test_google_scholar_has_no_blank_lines() -> None:
    first, second = sample("endnote.scholar.enw")
    assert (first.title[-14:], first.journal, second.year) == ("interleukin-9?", "Blood", 2001)


def test_records_without_a_type_are_parted_by_blank_lines() -> None:
    text = "%A Doe, J\n%T One\n\n\n%A Roe, B\n%T Two\n%D 2001\n"
    assert EndnoteReader().sniff(text.encode())
    assert [(record.title, record.year) for record in records(text)] == [
        ("One", None),
        ("Two", 2001),
    ]


def test_accession_number_is_a_pmid_only_where_the_database_is_pubmed() -> None:
    text = "%0 Journal Article\n%T One\n%M 27990001\n%~ {}\n"
    assert records(text.format("Embase"))[0].identifiers == {}
    assert records(text.format("PubMed"))[0].identifiers == {"PMID": "27990001"}


def test_other_name_of_a_journal_is_told_from_a_note() -> None:
    text = "%0 Journal Article\n%T One\n%J Journal of Immunology\n%O {}\n"
    assert records(text.format("J. Immunol."))[0].journal == "J Immunol"
    assert records(text.format("PMID: 12; see there"))[0].journal == "Journal of Immunology"


def test_half_an_identifier_is_not_taken() -> None:
    [record] = records("%0 Journal Article\n%T One\n%R 10.9999/on")
    assert (record.identifiers, [problem.code for problem in record.problems]) == (
        {}, ["cut-record"],
    )  # fmt: skip


@pytest.mark.parametrize(
    ("text", "is_endnote"),
    [
        ("%0 Journal Article\r\n%T x\r\n", True),
        ("\ufeff\n%A Doe, J\n%T x\n", True),
        ("%0 Journal Article\n", True),
        ("% a comment\n%A macro\n", False),
        ("100 %\n%T x\n", False),
        ("%matplotlib inline\n", False),
    ],
)
def test_sniff(text: str, is_endnote: bool) -> None:
    assert EndnoteReader().sniff(text.encode()) is is_endnote


# --- EndNote's XML -----------------------------------------------------------------------------


def read_xml(data: bytes) -> list[Record | Problem]:
    return list(EndnoteXmlReader().read(io.BytesIO(data), "library.xml"))


def test_xml_says_what_the_tagged_text_of_the_same_paper_says() -> None:
    record, other = read_xml((SAMPLES / "endnote-xml.endnote20.xml").read_bytes())
    tagged, _ = sample("endnote.refer.enw")
    assert isinstance(record, Record)
    assert record.identifiers == tagged.identifiers
    assert record.authors == tagged.authors
    assert (record.title, record.issns, record.pages) == (
        tagged.title, tagged.issns, tagged.pages,
    )  # fmt: skip
    assert (record.journal, record.journal_title) == (
        "J Exp Med", "The Journal of Experimental Medicine",
    )  # fmt: skip
    assert [part.label for part in record.texts[1].sections] == ["BACKGROUND", "METHODS"]
    assert "(p < 0.05)." in record.texts[1].text
    assert record.indexing.headings == tagged.indexing.headings
    assert record.indexing.publication_types == ("Journal Article", "Comparative Study")
    assert isinstance(other, Record)
    assert (other.identifiers, other.year, other.position, other.locator.line) == ({}, 2011, 2, 2)


def test_record_of_xml_with_nothing_in_it_is_lost() -> None:
    items = read_xml(
        b"<xml><records><record><rec-number>1</rec-number></record>"
        b"<record><abstract>Mice.</abstract></record></records></xml>"
    )
    assert isinstance(items[0], Problem)
    assert (items[0].code, items[0].lost) == ("empty-record", True)
    assert isinstance(items[1], Record)
    assert [problem.code for problem in items[1].problems] == ["missing-title"]


@pytest.mark.parametrize(
    ("text", "is_endnote"),
    [
        (b"<xml><records><record>", True),
        (b"\xef\xbb\xbf<?xml version='1.0'?>\r\n<xml>\r\n<records>", True),
        (b"<records><record>", False),
        (b"<?xml version='1.0'?><PubmedArticleSet>", False),
    ],
)
def test_sniff_xml(text: bytes, is_endnote: bool) -> None:
    assert EndnoteXmlReader().sniff(text) is is_endnote


# --- Web of Science ----------------------------------------------------------------------------


def wos(text: str) -> list[Record]:
    items = list(WosReader().read(io.BytesIO(text.encode()), "savedrecs.txt"))
    return [item for item in items if isinstance(item, Record)]


def test_web_of_science() -> None:
    record, other = wos((SAMPLES / "wos.savedrecs.txt").read_text("utf-8"))
    assert record.title == "Thymic Epithelium Provides Interleukin-7 in Waves"
    assert [(author.name, author.given, author.orcid) for author in record.authors] == [
        ("Sampson SD", "Scott D.", "0000-0002-1825-0097"),
        ("van der Meer P", "Pieter", "0000-0001-5109-3700"),
    ]
    # Those of the cited references are others'.
    assert record.identifiers == {"PMID": "20999001", "DOI": "10.9999/jii.0012999"}
    assert record.indexing.keywords == (
        "thymus", "interleukin-7 receptor", "ageing of the thymus", "T-CELL DEVELOPMENT",
    )  # fmt: skip
    assert record.indexing.publication_types == ("Journal Article",)
    assert record.indexing.grants == (
        "National Science Foundation of Nowhere [0799999]", "Thymus Trust",
    )  # fmt: skip
    assert (record.journal, record.pages) == ("J Invent Immunol", "e12999")
    assert (other.locator.line, other.pages, other.identifiers) == (42, "423-424", {})


def test_files_of_web_of_science_put_together() -> None:
    part = "FN Clarivate\nVR 1.0\nPT J\nAU Doe, J\nTI One\nPY 2001\nER\n\nEF\n"
    assert [record.position for record in wos(part + part)] == [1, 2]
