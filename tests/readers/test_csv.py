"""The reader of tables: exports of databases and managers, sheets made by hand, lists, bad rows."""

import csv
import io
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.model import Problem, Record
from kg.publications import merge_records
from kg.readers import READERS, read_file, source_of
from kg.readers.csv_columns import read_header
from kg.readers.csv_names import parse_authors
from kg.readers.csv_reader import CsvReader

SAMPLES = Path(__file__).parent / "samples"


def read(text: str | bytes) -> list[Record | Problem]:
    data = text.encode() if isinstance(text, str) else text
    return list(CsvReader().read(io.BytesIO(data), "a.csv"))


def records(text: str | bytes) -> list[Record]:
    return [item for item in read(text) if isinstance(item, Record)]


def problems(text: str | bytes) -> list[Problem]:
    return [item for item in read(text) if isinstance(item, Problem)]


def sample(name: str) -> list[Record]:
    items = list(read_file(SAMPLES / f"csv.{name}"))
    return [item for item in items if isinstance(item, Record)]


def row(**cells: str) -> Record:
    values = {"title": "T", **cells}
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(name.replace("_", " ") for name in values)
    writer.writerow(values.values())
    [record] = records(out.getvalue())
    return record


# --- what the tools write ----------------------------------------------------------------------


def test_pubmed() -> None:
    first, second, third = sample("pubmed.csv")
    assert [author.name for author in first.authors] == [
        "Adeyemi OT", "van der Berg J", "King ML Jr", "Lymphopenia Study Group", "Roe B",
    ]  # fmt: skip
    assert first.authors[3].collective
    assert first.identifiers == {
        "PMID": "90000201", "PMCID": "PMC9000201", "DOI": "10.5555/jimm.1900201",
    }  # fmt: skip
    assert (first.journal, first.year) == ("J Immunol", 2019)
    assert (first.volume, first.issue, first.pages, first.last_page) == ("203", "4", "101-9", "109")
    assert second.title == "Differentiation of thymocytes in the zebrafish"
    assert (second.volume, second.issue, second.pages) == ("328", "1-2", "e22202")
    assert third.title == 'A "quoted" hypothesis of homeostasis'
    assert (third.year, third.volume, third.pages) == (2020, "", "")  # not printed yet
    assert [each.locator.line for each in (first, second, third)] == [2, 3, 4]


def test_scopus() -> None:
    first, second = sample("scopus.csv")
    assert [(author.name, author.given) for author in first.authors] == [
        ("Laurent C", "Camille"), ("Mbeki TN", "Thabo-Nelson"), ("O'Neil S", "Siobhán"),
    ]  # fmt: skip
    assert first.identifiers == {"DOI": "10.5555/gutjnl-2018-0204", "PMID": "90000204"}
    assert first.pages == "445-452"
    assert first.indexing.publication_types == ("Review",)
    assert first.indexing.keywords == ("colitis", "macrophage", "Human", "Macrophages")
    assert second.pages == "e22205"
    assert (second.journal, second.journal_title) == (
        "J Exp Zool",
        "Journal of Experimental Zoology",
    )
    assert [text.field for text in second.texts] == ["title"]  # "[No abstract available]"


def test_web_of_science() -> None:
    first, second = sample("wos.txt")
    assert first.title == '"Tight" binding of interleukins to lymphocytes'
    assert first.texts[1].text == 'Interleukin-7 (IL-7) binds its receptor, "tightly".'
    assert [author.name for author in first.authors] == [
        "Okafor C", "Pereira J", "Quantitative Binding Consortium",
    ]  # fmt: skip
    assert first.authors[0].orcid == "0000-0002-1825-0097"
    # The DOI of a cited paper is not its own.
    assert first.identifiers == {"DOI": "10.5555/j.celrep.2015.0206", "PMID": "90000206"}
    assert (second.journal, second.pages, second.year) == ("J Clin Invest", "e12", 1999)


def test_zotero() -> None:
    first, book = sample("zotero.csv")
    assert first.identifiers == {
        "PMID": "90000208", "PMCID": "PMC9000208", "DOI": "10.5555/jem.20160208",
    }  # fmt: skip
    assert (first.journal, first.journal_title) == (
        "J Exp Med", "The Journal of Experimental Medicine",
    )  # fmt: skip
    assert first.authors[2].collective
    assert [part.label for part in first.texts[1].sections] == ["BACKGROUND", "METHODS"]
    assert first.indexing.keywords == ("Memory", "Animals")
    assert [heading.name for heading in first.indexing.headings] == ["Interleukin-15"]
    assert (book.title, book.year) == ("Thymus: Development and Decline", 2011)


def test_embase() -> None:
    first, second = sample("embase.csv")
    assert (first.journal, first.volume, first.issue, first.pages) == (
        "Journal of Investigative Dermatology", "110", "2", "205-210",
    )  # fmt: skip
    assert first.texts[1].text == (
        "Skin makes a cytokine. Keratinocytes of man and mouse do so alike."
    )
    assert first.identifiers == {"PMID": "90000209", "DOI": "10.5555/jid.9800209"}
    assert (second.volume, second.pages, second.locator.line) == ("142", "3491", 4)
    assert [text.field for text in second.texts] == ["title", "vernacular-title"]


def test_made_by_hand() -> None:
    first, second = sample("by-hand.csv")
    assert [author.name for author in first.authors] == ["Kowalski J", "Li WM"]
    assert second.title == "Monocytes; a review"
    assert [author.name for author in second.authors] == ["Doe J", "Roe BA", "Poe E"]
    assert second.texts[1].text == "In two paragraphs."


def test_rayyan() -> None:
    first, second = sample("rayyan.tsv")
    assert [author.name for author in first.authors] == ["Ivanova O", "Saïd K"]
    assert first.identifiers == {"PMID": "90000212", "PMCID": "PMC9000212"}
    assert second.pages == "1-8"


# --- headers -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("Title,Year\nOne,2001\n", "One"),
        ("title;year\n\n;;\nOne;2001\n", "One"),
        ("TITLE\tDOI\nOne, two\t10.5555/x\n", "One, two"),
        ("title|abstract\nOne|Two\n", "One"),
        ("sep=;\r\nArticle Title;PubMed ID\r\nOne;17265423\r\n", "One"),
        ('"sep=\t"\ntitle\tyear\nOne\t2001\n', "One"),
        ("title\nOne\n", "One"),
        # Dimensions and Embase have lines before it.
        ('"About the data: Exported on Mar 12, 2021"\nRank,DOI,Title\n1,10.5555/x,One\n', "One"),
        ('"SEARCH QUERY","il7:ti"\n-----\n\n"Title","Year"\n"One","2001"\n', "One"),
        # R has a name for each row, and none for the column.
        ('"pmid","title"\n"1","17265423","One"\n', "One"),
        ('"","pmid","title"\n"1","17265423","One"\n', "One"),
        ("Author_Names,pub.year,Paper Title\nDoe J,2001,One\n", "One"),
    ],
)
def test_headers(text: str, title: str) -> None:
    assert [reader.name for reader in READERS if reader.sniff(text.encode())] == ["csv"]
    [record] = records(text)
    assert record.title == title


@pytest.mark.parametrize(
    "text",
    [
        "name,age\nDoe,5\n",
        "abstract,journal,year\nA,B,2001\n",  # nothing that tells one paper from another
        "interleukin 7\n\n  1. Doe J, Roe B. One title, two. Blood. 2007;56:732-42 pubmed\n",
        "TY  - JOUR\nTI  - Title, Year, DOI\nER  - \n",
        '["pmid","title"]\n',
        '{"title": "x", "doi": "10.5555/x"}\n',
        "123|t|Title\n123|a|Abstract\n",
        "<title>DOI</title>\n",
        "Title of the work\n",
        "12\n13\n",
    ],
)
def test_what_is_no_table_of_papers(text: str) -> None:
    assert not CsvReader().sniff(text.encode())


def test_columns_that_are_not_known_are_told_once() -> None:
    problem, *found = read("title,my mark,year,\x00odd\nOne,x,2001,y\nTwo,x,2002,y\n")
    assert isinstance(problem, Problem)
    assert (problem.code, problem.lost, problem.locator.line) == ("unknown-column", False, 1)
    assert "'my mark'" in problem.message
    assert len(found) == 2


def test_columns_that_exports_have_beside_are_not_told() -> None:
    for path in sorted(SAMPLES.glob("csv.*")):
        told = [item for item in read_file(path) if isinstance(item, Problem)]
        assert [item.message[-6:] for item in told] == (["'read'"] if "hand" in path.name else [])


def test_of_two_columns_the_better_goes_first() -> None:
    columns = read_header(["Date", "Publication Year", "Index Keywords", "Author Keywords"])
    assert columns.places["year"] == (1, 0)
    assert columns.places["keywords"] == (3, 2)


def test_two_letters_count_only_among_others() -> None:
    assert "title" not in read_header(["TI", "AU", "id"]).places
    assert "title" in read_header(["TI", "AU", "PY", "SO"]).places


def test_names_of_columns_are_each_in_one_field() -> None:
    text = (Path(__file__).parents[2] / "data" / "csv" / "columns.tsv").read_text()
    rows = [line.split("\t") for line in text.splitlines()]
    assert rows[0] == ["field", "header"]
    names = ["".join(filter(str.isalnum, name.casefold())) for _, name in rows]
    assert len(names) == len(set(names))


# --- cells -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("Doe J, Roe BA, Poe E", ["Doe J", "Roe BA", "Poe E"]),
        ("Doe J., van der Berg J.A.", ["Doe J", "van der Berg JA"]),
        ("Doe, Jane", ["Doe J"]),
        ("Doe Roe, Jane A.", ["Doe Roe JA"]),
        ("Wilson, Lauren N.; Gardner, Jacob D.", ["Wilson LN", "Gardner JD"]),
        ("Doe, Jane (57000000001); Roe, Bob (57000000002)", ["Doe J", "Roe B"]),
        ("Doe, J., Roe, B. A.", ["Doe J", "Roe BA"]),
        ("Doe, J., Roe, B. A. & Poe, E.", ["Doe J", "Roe BA", "Poe E"]),
        ("Doe, Jane and Roe, Bob", ["Doe J", "Roe B"]),
        ("Doe, Jane|Roe, Bob", ["Doe J", "Roe B"]),
        ("Doe, Jane\n and Roe, Bob\n", ["Doe J", "Roe B"]),
        ("Jane Doe, Bob A. Roe, Eve Poe", ["Doe J", "Roe BA", "Poe E"]),
        ("Jane Doe and Bob Roe", ["Doe J", "Roe B"]),
        ("['Marx, Karl', 'Lindgren, Astrid']", ["Marx K", "Lindgren A"]),
        ('["Marx, Karl", "O\'Neil, Siobhan"]', ["Marx K", "O'Neil S"]),
        ("Doe J, Roe B; ARDS Network; Poe E", ["Doe J", "Roe B", "ARDS Network", "Poe E"]),
        ("Smits,Maarten L. J.;van den Hoven,null", ["Smits MLJ", "van den Hoven"]),
        ("", []),
        (" ; , ", []),
    ],
)
def test_authors(cell: str, expected: list[str]) -> None:
    authors, et_al = parse_authors(cell)
    assert [author.name for author in authors] == expected
    assert not et_al


@pytest.mark.parametrize("end", [", et al.", " et al", "; and others", ", ..."])
def test_a_byline_that_is_cut(end: str) -> None:
    authors, et_al = parse_authors(f"Doe J, Roe BA{end}")
    assert ([author.name for author in authors], et_al) == (["Doe J", "Roe BA"], True)


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        ({"pmid": "17265423"}, {"PMID": "17265423"}),
        ({"pmid": "17265423.0"}, {"PMID": "17265423"}),
        ({"pmid": "1.7265423E+07"}, {"PMID": "17265423"}),
        ({"pmid": '="17265423"'}, {"PMID": "17265423"}),
        ({"pmid": "https://pubmed.ncbi.nlm.nih.gov/17265423"}, {"PMID": "17265423"}),
        ({"PubMed_ID": "PUBMED 17265423,EMBASE 46177123"}, {"PMID": "17265423"}),
        ({"pmid": "0"}, {}),
        ({"pmid": "n/a", "doi": "NA"}, {}),
        ({"doi": "https://doi.org/10.5555/x"}, {"DOI": "10.5555/x"}),
        ({"link": "https://doi.org/10.5555/x"}, {"DOI": "10.5555/x"}),
        ({"extra": "PMID: 17265423 PMCID: PMC2661571"},
         {"PMID": "17265423", "PMCID": "PMC2661571"}),
        ({"abstract": "PMID: 17265423"}, {}),
        # What is none is given on, and told where identifiers are compared.
        ({"pmid": "1.72E+07"}, {"PMID": "1.72E+07"}),
    ],
)  # fmt: skip
def test_identifiers(cells: dict[str, str], expected: dict[str, str]) -> None:
    assert row(**cells).identifiers == expected


def test_cells_of_other_kinds() -> None:
    record = row(
        language="English; French",
        document_type="Review",
        mesh_terms="Animals; Interleukin-7/*metabolism",
        chemicals="Interleukin-7; Steroids",
        is_retracted="True",
        abstract="<p>One &amp; two.</p>",
        volume="5",
        number="2",
        issn='="00221767"',
    )
    assert record.indexing.languages == ("eng", "fre")
    assert record.indexing.publication_types == ("Review", "Retracted Publication")
    assert [heading.name for heading in record.indexing.headings] == ["Animals", "Interleukin-7"]
    assert [each.name for each in record.indexing.substances] == ["Interleukin-7", "Steroids"]
    assert record.texts[1].text == "One & two."
    assert (record.issue, record.issns) == ("2", ("0022-1767",))
    assert row(number="2").issue == ""  # the number of the row, where there is no volume


# --- rows that are not as they should be -------------------------------------------------------


def test_rows_with_a_wrong_number_of_cells() -> None:
    found = read(
        "pmid,title,year,journal\n"
        "1000001,One,2001,Blood\n"
        "1000002,Two, with a comma,2001,Blood\n"
        "1000003,Three\n"
        "1000004\n"
        "Three and,a half\n"
        "1000005,Five,2001,Blood,,\n"
        ",,,\n"
        "1000006,Six,2001,Blood"
    )
    assert [item.title for item in found if isinstance(item, Record)] == [
        "One", "Three", "Five", "Six",
    ]  # fmt: skip
    told = [item for item in found if isinstance(item, Problem)]
    assert [(each.code, each.locator.line, each.lost) for each in told] == [
        ("broken-row", 3, True),
        ("short-row", 4, False),
        ("broken-row", 5, True),
        ("broken-row", 6, True),
    ]
    assert "5 cells and the header 4" in told[0].message


def test_a_quote_that_is_never_closed_costs_its_row() -> None:
    found = read(
        "pmid,title,year\n"
        '1000001,"One",2001\n'
        '1000002,"Two,2001\n'
        "1000003,Three,2001\n"
        '1000004,"Four\nand more",2001\n'
        "1000005,Five,2001\n"
    )
    titles = [item.title for item in found if isinstance(item, Record)]
    assert titles == ["One", "Three", "Four and more", "Five"]
    [problem] = [item for item in found if isinstance(item, Problem)]
    assert (problem.code, problem.locator.line, problem.lost) == ("broken-row", 3, True)


def test_a_file_that_ends_in_a_quoted_cell() -> None:
    record, problem = read('pmid,title,abstract\n1,One,x\n2,Two,"begun\nand not ended')
    assert isinstance(record, Record)
    assert isinstance(problem, Problem)
    assert (problem.code, problem.locator.line) == ("cut-file", 3)


def test_a_file_that_ends_in_the_middle_of_a_row() -> None:
    record, problem = read("pmid,title,abstract\n1000001,One,x\n1000002,Two")
    assert isinstance(record, Record)
    assert isinstance(problem, Problem)
    assert (problem.code, problem.lost) == ("cut-file", True)


def test_quotes_in_tables_that_have_no_quoting() -> None:
    text = (
        'title\tabstract\tyear\n"One" of two\t5" of rain\t2001\n"Two\tx\t2002\n"Three"\t"x"\t2003\n'
    )
    assert [record.title for record in records(text)] == ['"One" of two', "Three"]
    assert [(each.code, each.locator.line) for each in problems(text)] == [("broken-row", 3)]


def test_cells_may_be_longer_than_csv_allows_by_itself() -> None:
    [record] = records(f'title,abstract\nOne,"{"word " * 60_000}"\n')
    assert len(record.texts[1].text) == 299_999


def test_a_row_without_anything_is_a_problem() -> None:
    [record, problem] = read("title,year\nOne,2001\n,2002\n")
    assert isinstance(record, Record)
    assert isinstance(problem, Problem)
    assert (problem.code, problem.locator.line, problem.lost) == ("no-record", 3, True)


def test_another_encoding_costs_the_rows_that_show_it(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes("title,authors\nOne,Müller J\nTwo,Doe J\n".encode("cp1252"))
    problem, record = read_file(path)
    assert isinstance(problem, Problem)
    assert isinstance(record, Record)
    assert (problem.code, problem.locator.line) == ("not-utf-8", 2)
    assert "--encoding" in problem.message
    assert (
        len([each for each in read_file(path, encoding="cp1252") if isinstance(each, Record)]) == 2
    )


def test_a_table_without_a_header_is_told() -> None:
    [problem] = problems("1,2,3\n4,5,6\n")
    assert (problem.code, problem.lost) == ("unknown-header", True)


# --- identifiers alone -------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "17265423\n12345678\n",
        "PMID: 17265423\r\n\r\nPMID:12345678",
        "17265423,\n12345678\n",
        "pmid\n17265423\n12345678\n",
        '"PMID"\n"17265423"\n"12345678"\n',
        "PMID,DOI\n17265423,\n12345678,\n",
    ],
)
def test_a_list_of_pmids(text: str, tmp_path: Path) -> None:
    path = tmp_path / "list.txt"
    path.write_text(text, newline="")
    problem, first, second = read_file(path)
    assert isinstance(problem, Problem)
    assert (problem.code, problem.lost) == ("bare-identifiers", False)
    assert "kg fetch" in problem.message
    for record, pmid in ((first, "17265423"), (second, "12345678")):
        assert isinstance(record, Record)
        assert record.identifiers["PMID"].endswith(pmid)
        assert record.texts == ()
    assert isinstance(first, Record)
    assert (first.position, first.locator.format) == (1, "csv")


def test_a_list_of_other_identifiers() -> None:
    text = "PMC2661571\n10.5555/x(1)y\nhttps://doi.org/10.5555/z\nnone of these\n"
    found = read(text)[1:]
    assert [item.identifiers for item in found if isinstance(item, Record)] == [
        {"PMCID": "PMC2661571"}, {"DOI": "10.5555/x(1)y"}, {"DOI": "https://doi.org/10.5555/z"},
    ]  # fmt: skip
    [problem] = [item for item in found if isinstance(item, Problem)]
    assert (problem.locator.line, problem.lost) == (4, True)


def test_papers_known_by_identifiers_alone_are_kept_apart(tmp_path: Path) -> None:
    path = tmp_path / "list.txt"
    path.write_text("10.5555/a\n10.5555/b\n17265423\n11111111\n17265423\n")
    source = source_of(path)
    found = [(item, source) for item in read_file(path) if isinstance(item, Record)]
    publications, told = merge_records(found)
    assert [list(each.identifiers.values()) for each in publications] == [
        ["10.5555/a"], ["10.5555/b"], ["17265423"], ["11111111"],
    ]  # fmt: skip
    assert told == []


# --- whatever is in the cells ------------------------------------------------------------------

_CELL = st.text(
    alphabet=st.characters(exclude_categories=["Cs"], exclude_characters="\0\r\ufeff"), max_size=20
)


@given(st.lists(st.tuples(_CELL, _CELL), max_size=5), st.sampled_from(",;\t|"))
@settings(max_examples=200, deadline=None)
def test_rows_as_csv_writes_them_are_all_read(rows: list[tuple[str, str]], delimiter: str) -> None:
    out = io.StringIO()
    writer = csv.writer(out, delimiter=delimiter, lineterminator="\n")
    writer.writerow(["title", "abstract", "year"])
    for title, abstract in rows:
        writer.writerow([f"Title {title} end", abstract, "2001"])
    found = read(out.getvalue())
    assert len([item for item in found if isinstance(item, Record)]) == len(rows)
    assert [item.year for item in found if isinstance(item, Record)] == [2001] * len(rows)
