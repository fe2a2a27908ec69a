"""The reader of BibTeX: entries, macros, names and fields, as the tools write them; broken ones."""

import io
from pathlib import Path
from typing import Any

import pytest
from pybtex.scanner import Scanner

from kg.model import Problem, Record
from kg.readers import detect_reader, read_file
from kg.readers.bibtex import BibtexReader
from kg.readers.bibtex_names import parse_names

SAMPLES = Path(__file__).parent / "samples"


def read(text: str | bytes) -> list[Record | Problem]:
    data = text.encode() if isinstance(text, str) else text
    return list(BibtexReader().read(io.BytesIO(data), "a.bib"))


def records(text: str | bytes) -> list[Record]:
    return [item for item in read(text) if isinstance(item, Record)]


def problems(text: str | bytes) -> list[Problem]:
    return [item for item in read(text) if isinstance(item, Problem)]


def sample(name: str) -> list[Record]:
    items = list(read_file(SAMPLES / f"bibtex.{name}"))
    return [item for item in items if isinstance(item, Record)]


def entry(**fields: str) -> Record:
    values = {"title": "T", **fields}
    lines = ",\n".join(
        f"  {name.replace('_', '-')} = {{{value}}}" for name, value in values.items()
    )
    [record] = records(f"@article{{key,\n{lines}\n}}\n")
    return record


def names(field: str) -> list[str]:
    return [author.name for author in parse_names(field)[0]]


# --- what the tools write ----------------------------------------------------------------------


def test_zotero() -> None:
    first, second, book = sample("zotero.bib")
    assert first.title == (
        "Interleukin-7 restores CD4+ T cells and their STAT5 signalling after lymphopenia in "
        "Il7ra mutant mice"
    )
    assert first.texts[1].text.endswith("RESULTS: Interferon-γ rose two-fold & stayed high.")
    assert "(p < 0.05, 20% of them)" in first.texts[1].text
    assert [part.label for part in first.texts[1].sections] == ["BACKGROUND", "METHODS", "RESULTS"]
    assert [author.name for author in first.authors] == [
        "Adeyemi ỌT", "Müller-Lüdenscheid J", "The Lymphopenia Study Group",
    ]  # fmt: skip
    assert first.authors[0].given == "Ọlá T."
    assert first.authors[2].collective
    assert first.identifiers == {
        "PMID": "90000101", "PMCID": "PMC9000101", "DOI": "10.5555/jimm.1900101",
    }  # fmt: skip
    assert first.issns == ("0022-1767", "1550-6606")
    assert first.indexing.languages == ("eng",)
    assert first.indexing.keywords == ("Animals", "Mice")
    [seven, lymphopenia] = first.indexing.headings
    assert (seven.name, seven.qualifiers[0].name, seven.qualifiers[0].major) == (
        "Interleukin-7", "metabolism", True,
    )  # fmt: skip
    assert len(lymphopenia.qualifiers) == 2
    assert (first.year, first.volume, first.issue, first.pages) == (2019, "203", "4", "101-109")
    assert (first.locator.line, first.position) == (1, 1)
    # What Zotero has in Extra it may write as a note.
    assert second.identifiers["PMID"] == "90000102"
    assert second.identifiers["PMCID"] == "PMC9000102"
    assert second.title.endswith("a {brace} in a title")
    assert [author.name for author in second.authors] == [
        "Brandão I",
        "King ML Jr",
        "van der Berg J",
    ]
    assert (second.volume, second.first_page, second.last_page) == ("12 Suppl 1", "S12", "S19")
    assert (book.title, book.journal) == ("Thymus: Development and Decline", "")


def test_better_bibtex() -> None:
    first, second = sample("better.biblatex")
    assert first.title.endswith("Requires IL-15 and IL-7")
    assert [author.name for author in first.authors] == [
        "Danjuma A",
        "van den Berg J",
        "ARDS Network",
    ]
    assert (first.journal, first.journal_title) == (
        "J Exp Med", "The Journal of Experimental Medicine",
    )  # fmt: skip
    assert (first.year, first.identifiers["PMID"]) == (2016, "90000103")
    assert first.texts[1].text.startswith("Memory CD8+ T cells")
    assert "IL-15Rα" in first.texts[1].text
    assert second.title == "Signalling Downstream of the Common Gamma Chain: A Structural View"
    assert (second.pages, second.first_page, second.last_page) == ("e55104", "e55104", "")
    assert second.authors[1].family == "de'Medici"


def test_texmed() -> None:
    first, second = sample("texmed.bib")
    assert first.title == "Production of interleukin-7 by keratinocytes à la carte"
    assert first.et_al
    assert (first.journal, first.identifiers["PMID"]) == ("J Invest Dermatol", "90000105")
    assert second.identifiers == {"PMID": "90000106"}  # its key is all that tells it
    assert [author.name for author in second.authors] == ["Hansen K"]


def test_jabref() -> None:
    first, second = sample("jabref.bib")
    assert (first.journal, first.year, first.volume) == ("Blood", 2010, "115")
    assert first.title == "Cytokine Networks in Human > Mouse Marrow: The Role of β-Chains"
    assert first.identifiers == {"PMID": "90000107", "PMCID": "PMC9000107"}
    assert [author.name for author in first.authors] == ["Ivanova O", "Saïd K", "Østergaard T"]
    assert first.indexing.keywords == ("Bone Marrow, metabolism", "Cytokines, metabolism")
    assert second.title == 'Leukocytes and the "Unquoted" Growth Factor'
    assert second.journal == "Journal of Leukocyte Biology"
    assert [author.name for author in second.authors] == ["Kowalski J", "Li WM"]


def test_scopus() -> None:
    first, second = sample("scopus.bib")
    assert first.identifiers == {"PMID": "90000109", "DOI": "10.5555/gutjnl-2018-0109"}
    assert first.indexing.keywords == ("colitis", "interleukin-7", "macrophage")
    assert "50% of patients & controls" in first.texts[1].text
    assert (second.journal, second.journal_title) == (
        "J Exp Zool",
        "Journal of Experimental Zoology",
    )
    assert (second.pages, second.issue) == ("e22110", "1-2")


def test_mendeley() -> None:
    first, second = sample("mendeley.bib")
    assert first.title == "Quantitative binding of interleukins to lymphocytes"
    assert first.texts[1].text == (
        "Interleukin-7 (IL-7) binds its receptor with Kd of 10^-10~M. T_reg cells do not (>90%)."
    )
    assert [author.name for author in first.authors] == [
        "Okafor C", "Pereira J", "Quantitative Binding Consortium",
    ]  # fmt: skip
    assert second.et_al
    assert second.title.endswith("Sjögren's syndrome")


# --- names -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("field", "expected"),
    [
        ("Doe, Jane A. and Roe, B.", ["Doe JA", "Roe B"]),
        ("Jane A. Doe and Ludwig van Beethoven", ["Doe JA", "van Beethoven L"]),
        ("King, Jr., Martin L. and King, Martin L., Jr.", ["King ML Jr", "King ML Jr"]),
        ("Juan {de la Cruz} and {de la Cruz}, Juan", ["de la Cruz J", "de la Cruz J"]),
        (r"{\"O}zt{\"u}rk, A. and {\'E}lie Metchnikoff", ["Öztürk A", "Metchnikoff É"]),
        ("{Doe and Sons} and Roe, B.", ["Doe and Sons", "Roe B"]),
        ("{Doe, J.} and {Roe, B. A.}", ["Doe J", "Roe BA"]),
        ("Doe JA and Roe B", ["Doe JA", "Roe B"]),
        ("Doe J, Roe BA, Poe E", ["Doe J", "Roe BA", "Poe E"]),
        ("Doe, Jane; Roe, Bob", ["Doe J", "Roe B"]),
        ("family=Berg, given=Jan, prefix=van der, useprefix=true", ["van der Berg J"]),
        ("d’ Este, Beatrice and al- Hakim, Tawfiq", ["d’Este B", "al-Hakim T"]),
        ("Doe, Jane and\n   Roe,\n Bob", ["Doe J", "Roe B"]),
        ("ARDS Network and WHO", ["ARDS Network", "WHO"]),
        (" and ", []),
    ],
)
def test_names(field: str, expected: list[str]) -> None:
    assert names(field) == expected


@pytest.mark.parametrize("end", [" and others", " and et al.", " et al.", " and Others"])
def test_a_byline_that_is_cut(end: str) -> None:
    authors, et_al = parse_names(f"Doe, Jane and Roe, B.{end}")
    assert ([author.name for author in authors], et_al) == (["Doe J", "Roe B"], True)


def test_orcids_of_web_of_science() -> None:
    record = entry(
        author="Doe, Jane and Roe, Bob",
        ORCID_Numbers="Roe, B/0000-0001-5109-3700\nDoe, Jane/0000-0002-1825-0097",
    )
    assert [author.orcid for author in record.authors] == [
        "0000-0002-1825-0097", "0000-0001-5109-3700",
    ]  # fmt: skip


# --- identifiers -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"pmid": "PMID: 17265423"}, {"PMID": "17265423"}),
        ({"eprint": "17265423", "eprinttype": "pubmed"}, {"PMID": "17265423"}),
        ({"eprint": "1706.06508", "archiveprefix": "arXiv"}, {}),
        ({"url": "https://pubmed.ncbi.nlm.nih.gov/17265423/"}, {"PMID": "17265423"}),
        ({"url": r"http://www.ncbi.nlm.nih.gov/pubmed/17265423"}, {"PMID": "17265423"}),
        ({"howpublished": r"\url{https://doi.org/10.5555/a\_b}"}, {"DOI": "10.5555/a_b"}),
        ({"doi": r"https://doi.org/10.5555/a{\_}b"}, {"DOI": "10.5555/a_b"}),
        ({"doi": "10.5555/\n   abc"}, {"DOI": "10.5555/abc"}),
        ({"note": "PMID: 17265423"}, {"PMID": "17265423"}),
        ({"annote": "From Duplicate 2 (PMID: 17265423)"}, {"PMID": "17265423"}),
        ({"note": "Comment in: Blood. 2001. PMID: 17265423"}, {}),
        ({"note": "PMID: 1234567 and PMID: 7654321"}, {}),
        ({"abstract": "As in PMID: 17265423, doi: 10.5555/x."}, {}),
        ({"pmc": "2661571"}, {"PMCID": "PMC2661571"}),
    ],
)
def test_identifiers(fields: dict[str, str], expected: dict[str, str]) -> None:
    record = entry(**fields)
    assert record.identifiers == expected
    assert not record.problems


def test_identifiers_that_do_not_agree() -> None:
    record = entry(pmid="17265423", url="https://pubmed.ncbi.nlm.nih.gov/1/", note="PMID: 17265423")
    assert record.identifiers == {"PMID": "17265423"}
    [problem] = record.problems
    assert (problem.code, problem.lost) == ("conflicting-identifier", False)


@pytest.mark.parametrize(
    ("key", "expected"),
    [
        ("pmid17265423", {"PMID": "17265423"}),
        ("pmid:17265423", {"PMID": "17265423"}),
        ("PMID_17265423", {"PMID": "17265423"}),
        ("17265423", {}),  # IEEE's keys are numbers too
        ("Doe2001", {}),
    ],
)
def test_keys_that_are_identifiers(key: str, expected: dict[str, str]) -> None:
    [record] = records(f"@article{{{key}, title={{T}}}}")
    assert record.identifiers == expected


# --- fields ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"pages": "1--10"}, ("1-10", "1", "10")),
        ({"pages": "1 -- 10"}, ("1-10", "1", "10")),
        ({"pages": "S12–S19"}, ("S12-S19", "S12", "S19")),
        ({"pages": "732--42"}, ("732-42", "732", "742")),
        ({"eid": "e124"}, ("e124", "e124", "")),
        ({"pages": "5", "eid": "e124"}, ("5", "5", "")),
    ],
)
def test_pages(fields: dict[str, str], expected: tuple[str, str, str]) -> None:
    record = entry(**fields)
    assert (record.pages, record.first_page, record.last_page) == expected


@pytest.mark.parametrize(
    ("fields", "year"),
    [
        ({"year": "2007"}, 2007),
        ({"date": "2007-02/2007-03", "year": "2006"}, 2007),
        ({"date": "2007-02-15T10:00:00"}, 2007),
        ({"year": "in press"}, None),
    ],
)
def test_year(fields: dict[str, str], year: int | None) -> None:
    assert entry(**fields).year == year


def test_titles() -> None:
    assert entry(title="{{[Interleukin-7 in {M}ice.]}}").title == "Interleukin-7 in Mice"
    assert entry(title="What is {IL}-7?", subtitle="A review").title == "What is IL-7? A review"
    assert entry(
        title="{\\textless}i{\\textgreater}Il7{\\textless}/i{\\textgreater} in mice"
    ).title == ("Il7 in mice")
    record = entry(title="Mice", origtitle="Mäuse")
    assert [text.field for text in record.texts] == ["title", "vernacular-title"]


def test_language() -> None:
    assert entry(langid="ngerman").indexing.languages == ("ger",)
    assert entry(language="English and French").indexing.languages == ("eng", "fre")


def test_an_entry_takes_over_what_it_refers_to() -> None:
    text = """\
@inproceedings{a, title = {One}, crossref = {book}}
@incollection{b, title = {Two}, crossref = {Book}, year = 1999}
@proceedings{book, title = {All of Them}, year = 2001, issn = {0022-1767}}
@article{c, title = {Three}, crossref = {nowhere}}
"""
    found = {record.title: record for record in records(text)}
    assert found["One"].journal == "All of Them"
    assert (found["One"].year, found["Two"].year) == (2001, 1999)
    assert found["One"].issns == ("0022-1767",)
    assert found["Three"].journal == ""
    assert [found[title].position for title in ("One", "Two", "Three")] == [1, 2, 4]


# --- what is not as it should be ---------------------------------------------------------------


def test_entries_whose_braces_do_not_match_are_lost_alone() -> None:
    text = """\
@article{a, title = {One}}
@article{b, title = {Two}, note = {never closed
@article{c, title = {Three}}
text between entries, an a@b.org address, and
% @article{x, title = {commented out}}
@article{d, title = {Four}} @article{e, title = {Five}}
@comment{@article{y, title = {commented out}}}
@article
  {f, title = "Six"}
@article{g, title = {Seven
"""
    found = read(text)
    assert [item.title for item in found if isinstance(item, Record)] == [
        "One", "Three", "Four", "Five", "Six",
    ]  # fmt: skip
    broken, cut = (item for item in found if isinstance(item, Problem))
    assert (broken.code, broken.locator.line, broken.lost) == ("broken-entry", 2, True)
    assert (cut.code, cut.locator.line, cut.lost) == ("cut-file", 10, True)
    assert "Seven" in cut.raw


@pytest.mark.parametrize(
    ("body", "year", "message"),
    [
        ("k, title = {T} year = {2001}", 2001, "no comma behind 'title'"),
        ("k, title = {T}, pages = 1--10, year = 2001", 2001, "'1--10' is in no quotes"),
        ("k, title = {T}, journal = ji, year = 2001", 2001, "'ji' is in no quotes and no macro"),
        ('k, title = {T}, note = "x, \n year = {2001}', 2001, "note"),
        ("k, title = {T}, note {x},\n year = {2001}", 2001, "note"),
        ("k, title = {T}, year = {2001}, year = {2002}", 2001, "a second 'year'"),
    ],
)
def test_fields_that_are_broken_cost_themselves(body: str, year: int, message: str) -> None:
    [record] = records(f"@article{{{body}}}")
    assert (record.title, record.year) == ("T", year)
    assert any(message in problem.message for problem in record.problems)
    assert {problem.code for problem in record.problems} == {"broken-field"}


@pytest.mark.parametrize(
    "body",
    ["title = {T}, year = 2001", ", title = {T}, year = 2001", "a b c, title = {T}, year = 2001,,",
     "k, funding_text 1 = {x}, title = {T}, year = 2001", "k,title={T},year=2001,}\n@comment{"],
)  # fmt: skip
def test_keys_and_names_of_fields_need_not_be_right(body: str) -> None:
    [record] = records(f"@article{{{body}}}")
    assert (record.title, record.year, record.problems) == ("T", 2001, ())


def test_round_brackets_hold_entries_too() -> None:
    [record] = records('@article(k, title = "One (and {more)}", year = 2001)')
    assert (record.title, record.year) == ("One (and more)", 2001)


def test_macros_are_filled_in_whatever_their_case() -> None:
    text = '@STRING{JI = "J. " # {Immunol.}}\n@string(bl = {Blood})\n'
    text += "@article{a, title={T}, journal = ji}\n@article{b, title={U}, journal = BL # {!}}"
    assert [record.journal for record in records(text)] == ["J Immunol", "Blood!"]


def test_macros_made_of_macros_do_not_grow_without_end() -> None:
    text = "@string{a0 = {" + "x" * 1000 + "}}\n"
    text += "".join(
        f"@string{{a{number} = a{number - 1} # a{number - 1}}}\n" for number in range(1, 99)
    )
    text += "@article{k, title = {T}, note = " + " # ".join(["a0"] * 5000) + ", journal = a1}"
    *told, record = read(text)
    assert isinstance(record, Record)
    assert record.title == "T"
    assert record.journal in {"x" * 2000, "a1"}
    assert all(isinstance(item, Problem) and not item.lost for item in told)
    assert any("very long" in item.message for item in told if isinstance(item, Problem))


def test_an_entry_without_anything_is_a_problem() -> None:
    [problem] = problems("@article{a, year = 2001}")
    assert (problem.code, problem.lost) == ("no-record", True)
    [problem] = problems("no entry at all")
    assert (problem.code, problem.lost) == ("no-record", True)


def test_commands_that_are_not_known_are_told_once() -> None:
    record = entry(title=r"\foo{Seven}", abstract=r"A \foo{b} c.")
    assert record.title == "Seven"
    assert [(problem.code, problem.raw) for problem in record.problems] == [
        ("unknown-command", "\\foo")
    ]


def test_another_encoding_is_told_and_can_be_named(tmp_path: Path) -> None:
    path = tmp_path / "a.bib"
    path.write_bytes("@article{凯撒2013,\n  title = {测试},\n  year = 2013\n}\n".encode("gbk"))
    assert detect_reader(path).name == "bibtex"
    [problem] = read_file(path)
    assert isinstance(problem, Problem)
    assert (problem.code, problem.locator.line) == ("not-utf-8", 1)
    assert "--encoding" in problem.message
    [record] = read_file(path, encoding="gbk")
    assert isinstance(record, Record)
    assert record.title == "测试"


@pytest.mark.parametrize(
    ("text", "is_bibtex"),
    [
        ("@article{a,", True),
        ("\ufeff% a comment\n\n  @ARTICLE ( a ,", True),
        ('@string{a = "b"}', True),
        ("@Comment{jabref-meta: databaseType:bibtex;}", True),
        ("@jurisdiction{a,\n  title = {T}", True),
        ("Any text\n@inproceedings{DBLP:conf/x/Y,\r\n title", True),
        ("@article is a word {", False),
        ("write to a@book{x,", False),
        ('@Table(name = "a", schema = "b")', False),
        ('{"@article": {"a": 1}}', False),
        ("TY  - JOUR\nTI  - @article\n", False),
    ],
)
def test_sniffing(text: str, is_bibtex: bool) -> None:
    assert BibtexReader().sniff(text.encode()) is is_bibtex


def test_a_value_of_many_braces_takes_no_time(monkeypatch: Any) -> None:
    # Each pair costs pybtex's own parser a search to the end of the text.
    steps = 0

    def count(self: Any, *args: Any) -> Any:
        nonlocal steps
        steps += 1
        return original(self, *args)

    original = Scanner.skip_to
    monkeypatch.setattr(Scanner, "skip_to", count)
    [record] = records('@article{a, title = "' + "{x}" * 50_000 + '"}')
    assert len(record.title) == 50_000
    assert steps < 100
