"""The reader of RIS, dialect by dialect: what each tool writes, and whose identifiers those are."""

import io
from pathlib import Path

import pytest

from kg.model import Heading, Problem, Qualifier, Record
from kg.readers.addresses import find_doi, read_address
from kg.readers.byline import parse_listed_name
from kg.readers.fields import find_issns, find_language, name_journal, strip_markup
from kg.readers.headings import find_heading
from kg.readers.ris import RisReader

SAMPLES = Path(__file__).parent / "samples"


def read(text: str) -> list[Record | Problem]:
    return list(RisReader().read(io.BytesIO(text.encode()), "export.ris"))


def records(text: str) -> list[Record]:
    return [item for item in read(text) if isinstance(item, Record)]


def sample(name: str) -> list[Record]:
    return records((SAMPLES / name).read_text("utf-8"))


def one(*fields: str) -> Record:
    [record] = records("\n".join(["TY  - JOUR", "TI  - A title", *fields, "ER  - ", ""]))
    return record


def names(record: Record) -> list[str]:
    return [author.name for author in record.authors]


# --- what each tool writes ---------------------------------------------------------------------


def test_zotero() -> None:
    record, other = sample("ris.zotero.ris")
    assert record.title == (
        "Loss of Il7r in thymic progenitors is rescued by sustained STAT5 signalling"
    )
    assert names(record) == ["Okonkwo AN", "van der Meer P", "IL-7 Study Group"]
    assert [author.collective for author in record.authors] == [False, False, True]
    assert (record.journal, record.journal_title) == ("J Immunol", "Journal of Immunology")
    assert record.issns == ("1550-6606", "0022-1767")
    assert (record.year, record.pages, record.last_page) == (2019, "950-961", "961")
    assert record.identifiers == {
        "DOI": "10.4049/jimmunol.1999001", "PMID": "31999001", "PMCID": "PMC6999001",
    }  # fmt: skip
    assert "Il7r-/- mice (p<0.001)" in record.texts[1].text
    assert [part.label for part in record.texts[1].sections] == ["BACKGROUND", "METHODS", "RESULTS"]
    assert record.indexing.keywords == ("Animals", "Thymus")
    assert record.indexing.headings == (
        Heading(name="Interleukin-7", qualifiers=(Qualifier(name="metabolism", major=True),)),
    )
    assert (other.position, other.locator.line, other.pages) == (2, 28, "e42")


def test_embase_has_the_pmid_in_c5() -> None:
    record, other = sample("ris.embase.ris")
    assert record.identifiers == {"PMID": "24990001", "DOI": "10.1182/blood-2013-99-999001"}
    assert names(record) == ["Lindqvist Å", "de la Cruz MT"]
    assert (record.journal, record.journal_title) == ("Blood", "")
    assert (other.journal, other.journal_title) == (
        "J Invent Case Rep", "Journal of Invented Case Reports",
    )  # fmt: skip
    assert other.indexing.publication_types == ("Review",)
    assert other.indexing.languages == ("eng",)
    assert "PMID" not in other.identifiers


def test_endnote_has_lists_over_several_lines_and_the_pmid_in_an() -> None:
    record, other = sample("ris.endnote.txt")
    assert record.identifiers == {"PMID": "27990001", "DOI": "10.1084/jem.20169901"}
    assert names(record) == ["Moreau T", "King ML Jr"]
    assert (record.pages, record.first_page, record.last_page) == ("1701-11", "1701", "1711")
    assert record.indexing.keywords == ("Humans",)
    assert [heading.name for heading in record.indexing.headings] == [
        "Interleukin-7 Receptor alpha Subunit", "T-Lymphocytes, Regulatory",
    ]  # fmt: skip
    assert record.indexing.publication_types == ("Journal Article", "Comparative Study")
    # The serial number that EndNote puts into ID, and Rayyan's in AN, are nobody's.
    assert other.identifiers == {}
    assert other.indexing.keywords == ("Cytokines", "Health Literacy")


def test_ovid_numbers_its_records_and_lists_references() -> None:
    record, other = sample("ris.ovid.ris")
    assert record.identifiers == {"PMID": "32990001", "DOI": "10.9999/immtod.2020.3.401"}
    assert [(author.name, author.orcid) for author in record.authors] == [
        ("Haddad R", "0000-0002-1694-233X"), ("Okafor N", ""),
    ]  # fmt: skip
    assert (record.journal, record.journal_title) == ("Immun Today", "Immunity Today")
    assert (record.first_page, record.last_page) == ("401", "412")
    [heading] = record.indexing.headings
    assert (heading.name, heading.major) == ("Receptors, Interleukin-7", True)
    assert [qualifier.name for qualifier in heading.qualifiers] == ["metabolism"]
    assert names(other) == ["Roe B"]
    assert other.identifiers == {}


def test_cochrane_spaces_twice_and_has_the_pmid_in_c3() -> None:
    record, other = sample("ris.cochrane.ris")
    assert record.identifiers == {"PMID": "21999001", "DOI": "10.1186/9999-6215-12-39"}
    assert (record.locator.line, other.locator.line) == (5, 30)
    assert (record.first_page, record.last_page) == ("39", "47")
    [heading] = record.indexing.headings
    assert [(each.name, each.major) for each in heading.qualifiers] == [
        ("drug therapy", True), ("immunology", False),
    ]  # fmt: skip
    assert other.identifiers == {}


def test_web_of_science_goes_on_with_three_spaces() -> None:
    record, other = sample("ris.wos.ris")
    assert record.texts[1].text.endswith("The waves are set by the epithelium.")
    assert (record.journal, record.journal_title) == (
        "J Invent Immunol", "JOURNAL OF INVENTED IMMUNOLOGY",
    )  # fmt: skip
    assert record.issns == ("1932-6299", "1932-6300")
    assert (record.year, record.pages) == (2010, "e12999")
    assert record.identifiers == {"DOI": "10.9999/jii.0012999"}
    assert other.year == 1994


def test_scopus_has_the_pmid_in_c2_and_the_number_of_an_article_in_c7() -> None:
    record = one(
        "T2  - Nature Communications", "C7  - 2864", "SN  - 20411723 (ISSN)", "C2  - 38580657",
        "J2  - Nat. Commun.", "DB  - Scopus",
        "UR  - https://www.scopus.com/inward/record.uri?eid=2-s2.0-8&doi=10.9999%2fs41-2&md5=6a",
        "N1  - Export Date: 05 August 2024; Cited By: 2; Correspondence Address: L.N. Wilson",
    )  # fmt: skip
    assert record.identifiers == {"PMID": "38580657", "DOI": "10.9999/s41-2"}
    assert (record.pages, record.journal, record.issns) == ("2864", "Nat Commun", ("2041-1723",))
    assert one("C2  - 38580657").identifiers == {}


def test_ebsco_has_the_doi_in_l3_the_pmid_in_a_note_and_a_second_abstract() -> None:
    record = one(
        "AB  - What was found.", "L3  - 10.9999/journal.0298242",
        "AB  - Copyright of PLoS ONE is the property of Public Library of Science and so on.",
        "N1  - Accession Number: 104567. Commentary: Doe J. Subset: USA. PMID: NLM23803399.",
    )  # fmt: skip
    assert record.texts[1].text == "What was found."
    assert record.identifiers == {"DOI": "10.9999/journal.0298242", "PMID": "23803399"}


def test_refworks_and_rayyan_run_values_together() -> None:
    record = one(
        "SN  - 1932-8494; 1932-8486", "JA  - Anat.Rec.", "JF  - Anatomical Record",
        "UR  - https://www.example.org/a http://dx.doi.org/10.9999/ar.25520 https://x.org/b",
    )  # fmt: skip
    assert (record.journal, record.issns) == ("Anat Rec", ("1932-8494", "1932-8486"))
    assert record.identifiers == {"DOI": "10.9999/ar.25520"}
    record = one("DO  - 10.9999/s41467-024-4     LK  - https://x.org/?id=doi:10.9999%2Fother")
    assert record.identifiers == {"DOI": "10.9999/s41467-024-4"}


def test_reference_manager_and_epistemonikos_mark_the_pmid() -> None:
    assert one("UR  - PM:8812345").identifiers == {"PMID": "8812345"}
    assert one("U1  - 23733381[pmid]").identifiers == {"PMID": "23733381"}
    assert one("U2  - PMC3922137[pmcid]").identifiers == {"PMCID": "PMC3922137"}
    assert one("C2  - PMC3922137").identifiers == {"PMCID": "PMC3922137"}
    assert one("DB  - ProQuest", "AN  - 733902312; pmid-20442205").identifiers == {
        "PMID": "20442205"
    }
    assert one("AN  - MEDLINE:20442205").identifiers == {"PMID": "20442205"}


# --- whose identifiers -------------------------------------------------------------------------


@pytest.mark.parametrize(
    "fields",
    [
        ["AN  - 20442205"],
        ["AN  - 20442205", "DB  - Embase"],
        ["ID  - 20442205", "DB  - Medline"],
        ["AN  - WOS:000282053100002"],
        ["N1  - Comment in: J Immunol. 2011;1:2. PMID: 20442205"],
        ["N1  - PMID: 20442205", "PMID: 20442206"],
        ["M1  - Doe J. Cited. Blood. 2001;1:2. PMID: 20442205"],
        ["N1  - Erratum of doi: 10.9999/other"],
        ["KW  - PMID: 20442205"],
        ["AB  - See PMID: 20442205 and 10.9999/other."],
        ["UR  - https://www.cochranelibrary.com/central/doi/10.9999/central/CN-1/full"],
    ],
)
def test_identifiers_of_others_are_left_alone(fields: list[str]) -> None:
    assert one(*fields).identifiers == {}


def test_doi_in_a_title_is_no_identifier() -> None:
    [record] = records(
        "TY  - JOUR\nTI  - Erratum: A title (Sci Rep (2024) DOI: 10.9999/s41598-1)\nER  -\n"
    )
    assert record.identifiers == {}


def test_places_that_do_not_agree_are_reported() -> None:
    record = one(
        "DO  - 10.9999/a", "UR  - https://doi.org/10.9999/B", "UR  - http://doi.org/10.9999/A"
    )
    assert record.identifiers == {"DOI": "10.9999/a"}
    [problem] = record.problems
    assert (problem.code, problem.lost) == ("conflicting-identifier", False)
    assert "'10.9999/B' in UR" in problem.message


@pytest.mark.parametrize(
    ("address", "found"),
    [
        ("http://www.ncbi.nlm.nih.gov/pubmed/22752652", {"PMID": "22752652"}),
        ("https://www.ncbi.nlm.nih.gov/pubmed/?term=22752652", {"PMID": "22752652"}),
        (
            "http://www.ncbi.nlm.nih.gov/entrez/query.fcgi?cmd=Retrieve&list_uids=12345",
            {"PMID": "12345"},
        ),
        ("https://europepmc.org/article/MED/33523284", {"PMID": "33523284"}),
        ("https://www.ncbi.nlm.nih.gov/pmc/articles/PMC8382607/pdf", {"PMCID": "PMC8382607"}),
        ("https://pmc.ncbi.nlm.nih.gov/articles/PMC8382607/", {"PMCID": "PMC8382607"}),
        ("https://europepmc.org/articles/PMC8382607", {"PMCID": "PMC8382607"}),
        ("https://doi.org/10.1002%2Fcncr.20369", {"DOI": "10.1002/cncr.20369"}),
        ("https://notpubmed.example.org/pubmed/12", {}),
        ("https://link.springer.com/article/10.1007/s11307-012-0572-0", {}),
    ],
)
def test_addresses(address: str, found: dict[str, str]) -> None:
    assert dict(read_address(address)) == found


def test_doi_of_a_sentence_loses_its_full_stop_and_keeps_its_brackets() -> None:
    assert find_doi("(10.1016/S0140-6736(20)30300-7).") == "10.1016/S0140-6736(20)30300-7"
    assert find_doi("10.1/x") == find_doi("no") == ""
    assert len(find_doi("10.1234/" + ")" * 1_000_000)) == 0


# --- fields ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "name", "given"),
    [
        ("Rudnik, Agata", "Rudnik A", "Agata"),
        ("Slesser, A. A. P.", "Slesser AAP", ""),
        ("Sampson, SD", "Sampson SD", ""),
        ("Benson, Roger BJ", "Benson RBJ", "Roger BJ"),
        ("Baldwin,S.A.", "Baldwin SA", ""),
        ("Liu R.", "Liu R", ""),
        ("Brownstein C D", "Brownstein CD", ""),
        ("de la Cruz M.T.", "de la Cruz MT", ""),
        ("King, M. L., Jr.", "King ML Jr", ""),
        ("King, Jr., Martin", "King M Jr", "Martin"),
        ("Jane Doe", "Doe J", "Jane"),
        ("J. P. Roe", "Roe JP", ""),
        ("Ludwig van Beethoven", "van Beethoven L", "Ludwig"),
        ("Suharto", "Suharto", ""),
    ],
)
def test_names(written: str, name: str, given: str) -> None:
    author = parse_listed_name(written)
    assert (author.name, author.given, author.collective) == (name, given, False)


@pytest.mark.parametrize("written", ["IL-7 Study Group", "World Health Organization,"])
def test_groups(written: str) -> None:
    author = parse_listed_name(written)
    assert (author.name, author.collective) == (written.strip(","), True)


def test_byline() -> None:
    record = one("A1  - Doe, J.", "AU  - Roe, B.; Poe, E.", "A2  - Editor, An", "AU  - et al.")
    assert names(record) == ["Doe J", "Roe B", "Poe E"]
    assert record.et_al


@pytest.mark.parametrize(
    ("fields", "year"),
    [
        (["PY  - 2014"], 2014),
        (["Y1  - 2014/06/01/"], 2014),
        (["PY  - 0000", "Y1  - 2013//"], 2013),
        (["DA  - 2019/10//undefined"], 2019),
        (["DA  - Jun"], None),
        (["Y2  - 2021/02/01"], None),
    ],
)
def test_years(fields: list[str], year: int | None) -> None:
    assert one(*fields).year == year


@pytest.mark.parametrize(
    ("fields", "pages"),
    [
        (["SP  - 152", "EP  - 160"], "152-160"),
        (["SP  - 349-69"], "349-69"),
        (["SP  - 1279‐1297", "EP  - 1297"], "1279-1297"),
        (["SP  - 12", "EP  - 12"], "12"),
        (["EP  - 12"], ""),
    ],
)
def test_pages(fields: list[str], pages: str) -> None:
    assert one(*fields).pages == pages


def test_issns_are_no_isbns() -> None:
    assert find_issns("978-3-16-148410-0 9783161484100 1-4020-1234-5") == ()
    assert find_issns("0268960x; 1550-6606 (Electronic)") == ("0268-960X", "1550-6606")


def test_journals() -> None:
    assert name_journal(["PLoS One"], ["PLOS ONE"]) == ("PLoS One", "")
    assert one("JO  - Blood Adv", "JF  - Blood Advances").journal == "Blood Adv"
    assert one("JO  - Biological Reviews").journal == "Biological Reviews"
    assert one("T2  - Nat. Commun.").journal == "Nat Commun"


def test_chapter_stands_in_its_book_and_a_book_has_its_title() -> None:
    [chapter, book] = records(
        "TY  - CHAP\nT1  - A chapter\nBT  - A book\nSN  - 978-3-16-148410-0\nER  - \n"
        "TY  - BOOK\nBT  - Another book\nPY  - 2001\nER  - \n"
    )
    assert (chapter.title, chapter.journal, chapter.issns) == ("A chapter", "A book", ())
    assert (book.title, book.journal) == ("Another book", "")


def test_markup_and_languages() -> None:
    assert strip_markup("CD4<sup>+</sup> &amp; p<0.05 <jats:p>x</jats:p> &bogus;") == (
        "CD4+ & p<0.05 x &bogus;"
    )
    assert [find_language(name) for name in ("English (US)", "fra", "DE", "Klingon", "")] == [
        "eng", "fre", "ger", "", "",
    ]  # fmt: skip


def test_headings_are_told_by_mesh_qualifiers() -> None:
    assert find_heading("T-cell/B-cell") is None
    assert find_heading("Mice [animal]") is None
    heading = find_heading("Receptors, Interleukin-7/ge, *im [Genetics, Immunology]")
    assert heading is not None
    assert [each.name for each in heading.qualifiers] == ["genetics", "immunology"]


# --- lines -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("first", "tag", "last"),
    [
        ("TY  - JOUR", "{}  - ", "ER  - "),
        ("TY  - JOUR  ", "{}  - ", "ER  -"),
        ("TY  -  JOUR", "{}  -  ", "ER  -  "),
        ("TY  -JOUR", "{}  -", "ER  -"),
        ("TY - JOUR", "{} - ", "ER -"),
        ("  TY  - JOUR", "  {}  - ", "  ER  - "),
    ],
)
def test_spacing_of_the_hyphen(first: str, tag: str, last: str) -> None:
    lines = [first, tag.format("TI") + "A title", tag.format("DO") + "10.9999/x", last]
    text = "\n".join([*lines, *lines, ""])
    assert RisReader().sniff(text.encode())
    found = records(text)
    assert [(record.title, record.identifiers) for record in found] == [
        ("A title", {"DOI": "10.9999/x"})
    ] * 2


def test_text_that_looks_loosely_like_a_tag_is_text() -> None:
    record = one("AB  - We treated with", "IL - 7 and with", "TH - 2 cells.", "", "A paragraph.")
    assert record.texts[1].text == "We treated with IL - 7 and with TH - 2 cells. A paragraph."


def test_missing_ends_and_types() -> None:
    text = "TY  - JOUR\nTI  - One\nTY  - JOUR\nTI  - Two\nER  - \nTI  - Three\nER  - \n"
    assert [record.title for record in records(text)] == ["One", "Two", "Three"]


def test_text_between_records() -> None:
    text = (
        "Provider: X\nAnything\n\nTY  - JOUR\nTI  - One\nER  - \n\n2. \n<3>\nRecord 2 of 9\n"
        "Who wrote this?\nTY  - JOUR\nTI  - Two\nER  - \n"
    )
    items = read(text)
    assert [item.title for item in items if isinstance(item, Record)] == ["One", "Two"]
    [problem] = [item for item in items if isinstance(item, Problem)]
    assert (problem.code, problem.lost, problem.raw) == ("unknown-line", False, "Who wrote this?")


def test_cut_file() -> None:
    whole = "TY  - JOUR\nTI  - One\nDO  - 10.9999/one\nER  - \n"
    [_, record] = read(whole + "TY  - JOUR\nTI  - Two\nDO  - 10.9999/tw")
    assert isinstance(record, Record)
    assert (record.title, record.identifiers) == ("Two", {})
    assert [problem.code for problem in record.problems] == ["cut-record"]
    [_, record] = read(whole + "TY  - JOUR\nTI  - Two\nDO  - 10.9999/two\n")
    assert isinstance(record, Record)
    assert record.identifiers == {"DOI": "10.9999/two"}
    assert [problem.code for problem in record.problems] == ["cut-record"]
    [_, problem] = read(whole + "TY  - JOUR\n")
    assert isinstance(problem, Problem)
    assert problem.lost


@pytest.mark.parametrize(
    ("text", "is_ris"),
    [
        ("TY  - JOUR\r\nTI  - x\r\n", True),
        ("Provider: X\n\n1. \nTY  - EJOUR\nTI  - x\n", True),
        ("\ufeffTY  - Journal Article\nTI  - x\n", True),
        ("PMID- 12\nAB  - x\nTY  - JOUR\n", False),
        ("TI  - x\nTY is no tag\n", False),
    ],
)
def test_sniff(text: str, is_ris: bool) -> None:
    assert RisReader().sniff(text.encode()) is is_ris
