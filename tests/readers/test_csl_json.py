"""The reader of CSL-JSON: items of Zotero, Crossref and PubMed, markup in them, broken files."""

import io
import json
from pathlib import Path
from typing import Any

import pytest

from kg.model import Problem, Record, RelationKind
from kg.readers import READERS, read_file
from kg.readers.csl_json import CslJsonReader
from kg.readers.jats import flatten_markup, read_abstract

SAMPLES = Path(__file__).parent / "samples"


def read(data: Any) -> list[Record | Problem]:
    raw = data if isinstance(data, bytes) else json.dumps(data).encode()
    return list(CslJsonReader().read(io.BytesIO(raw), "a.json"))


def item(**fields: Any) -> Record:
    values = {"type": "article-journal", "title": "T", **fields}
    [record] = read([{name.replace("_", "-"): value for name, value in values.items()}])
    assert isinstance(record, Record)
    return record


def sample(name: str) -> list[Record]:
    items = list(read_file(SAMPLES / f"csl-json.{name}"))
    return [each for each in items if isinstance(each, Record)]


# --- what the tools write ----------------------------------------------------------------------


def test_zotero() -> None:
    first, second, book = sample("zotero.json")
    assert first.title == (
        "Interleukin-7 restores CD4+ T cells and their STAT5 signalling after lymphopenia"
    )
    assert [part.label for part in first.texts[1].sections] == ["BACKGROUND", "METHODS", "RESULTS"]
    assert "(p < 0.05)" in first.texts[1].text
    assert [author.name for author in first.authors] == [
        "Adeyemi ỌT", "van der Berg J", "King ML Jr", "The Lymphopenia Study Group",
    ]  # fmt: skip
    assert first.authors[3].collective
    assert (first.journal, first.journal_title) == (
        "J Immunol", "Journal of Immunology (Baltimore, Md.: 1950)",
    )  # fmt: skip
    assert first.identifiers == {
        "DOI": "10.5555/jimm.1900101", "PMID": "90000101", "PMCID": "PMC9000101",
    }  # fmt: skip
    assert (first.year, first.volume, first.issue, first.pages) == (2019, "203", "4", "101-109")
    assert second.title == "Signalling Downstream of the Common Gamma Chain"
    assert second.authors[1].name == "d'Este L"
    assert second.indexing.keywords == ("lymphocytes", "structure")
    assert (book.title, book.journal) == ("Thymus: Development and Decline", "")
    assert [each.locator.line for each in (first, second, book)] == [2, 46, 74]


def test_pubmed() -> None:
    first, second = sample("pubmed.json")
    assert (first.title, first.identifiers["PMID"]) == (
        "Macrophages of the gut produce interleukin-7 in colitis", "90000113",
    )  # fmt: skip
    assert [author.name for author in first.authors] == ["Laurent C", "O'Neil SA"]
    assert second.title == "Differentiation of thymocytes in the zebrafish"
    assert second.journal == "J Exp Zool B Mol Dev Evol"
    assert second.authors[1].collective


def test_crossref() -> None:
    first, notice = sample("crossref.json")
    assert first.texts[1].text == (
        "BACKGROUND: Interleukin-7 binds Treg cells in vitro (p<0.05). "
        "RESULTS: It does so tightly. Ca2+ helps."
    )
    assert [part.label for part in first.texts[1].sections] == ["BACKGROUND", "RESULTS"]
    # What is in its references is other papers'.
    assert first.identifiers == {"DOI": "10.5555/j.celrep.2015.0111"}
    assert first.authors[0].orcid == "0000-0002-1825-0097"
    assert first.authors[2].collective
    assert first.indexing.grants == ("R01AI000000/Invented Institutes of Health",)
    [relation] = notice.indexing.relations
    assert relation.kind == RelationKind.RETRACTION_OF
    assert relation.identifiers == {"DOI": "10.5555/blood.2001.97"}
    assert (notice.title, notice.pages) == ("Retraction of a paper on receptors: Notice", "e7")


def test_one_item_a_line() -> None:
    first, second = sample("lines.jsonl")
    assert first.indexing.publication_types == ("Preprint",)
    assert [author.name for author in first.authors] == ["Rossi M", "Silva AB"]
    assert first.texts[1].text == "A data set of autoantibodies."
    assert (second.year, second.volume, second.pages, second.et_al) == (2013, "93", "77-79", True)
    assert second.identifiers == {"PMID": "90000115"}


@pytest.mark.parametrize(
    "wrap",
    [
        lambda one: one,
        lambda one: [one],
        lambda one: {"items": [one]},
        lambda one: {"message": one, "status": "ok"},
        lambda one: {"message": {"items": [one]}},
        lambda one: {"references": [one]},
    ],
)
def test_items_stand_in_lists_or_alone(wrap: Any) -> None:
    data = wrap({"type": "book", "title": "T"})
    [record] = read(data)
    assert isinstance(record, Record)
    assert record.title == "T"
    head = json.dumps(data).encode()
    assert [reader.name for reader in READERS if reader.sniff(head)] == ["csl-json"]


@pytest.mark.parametrize(
    "data",
    [
        {"resultList": {"result": [{"id": "1", "source": "MED", "title": "T"}]}, "hitCount": 1},
        {"documents": [{"id": "1", "passages": []}]},
        [{"type": "Feature", "title": "T"}],
        [{"type": "book", "author": []}],
        {"items": [{"itemType": "journalArticle", "title": "T"}]},
        [1, 2],
        {},
    ],
)
def test_other_json_is_none(data: Any) -> None:
    assert not CslJsonReader().sniff(json.dumps(data).encode())


# --- fields ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("author", "name", "is_group"),
    [
        ({"family": "Doe", "given": "Jane A."}, "Doe JA", False),
        ({"family": "Doe", "given": "J A"}, "Doe JA", False),
        ({"family": "Ek", "given": "J", "non-dropping-particle": "van der"}, "van der Ek J", False),
        ({"family": "Este", "given": "B", "dropping-particle": "d’"}, "d’Este B", False),
        ({"literal": "ARDS Network"}, "ARDS Network", True),
        ({"name": "ARDS Network", "sequence": "first"}, "ARDS Network", True),
        ({"literal": "Doe, Jane"}, "Doe J", False),
        ({"family": "IL-7 Study Group"}, "IL-7 Study Group", True),
        ("Doe, Jane", "Doe J", False),
    ],
)  # fmt: skip
def test_authors(author: Any, name: str, is_group: bool) -> None:
    [found] = item(author=[author]).authors
    assert (found.name, found.collective) == (name, is_group)


def test_a_byline_that_is_cut() -> None:
    record = item(author=[{"family": "Doe", "given": "J"}, {"family": "others"}])
    assert ([author.name for author in record.authors], record.et_al) == (["Doe J"], True)


@pytest.mark.parametrize(
    "issued",
    [
        {"date-parts": [[2007, 2, 15]]},
        {"date-parts": [["2007"]]},
        {"date-parts": ["2007"]},
        {"raw": "Feb 2007"},
        {"literal": "Spring 2007"},
        "2007-02-15",
        2007,
    ],
)
def test_year(issued: Any) -> None:
    assert item(issued=issued).year == 2007


def test_year_of_another_date() -> None:
    record = item(issued={"date-parts": [[None]]}, published_print={"date-parts": [[2007]]})
    assert record.year == 2007
    assert item(accessed={"date-parts": [[2007]]}).year is None


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"PMID": "17265423"}, {"PMID": "17265423"}),
        ({"PMID": 17265423, "PMCID": "PMC2661571"}, {"PMID": "17265423", "PMCID": "PMC2661571"}),
        ({"id": "pmid:17265423"}, {"PMID": "17265423"}),
        ({"id": "PMC2661571"}, {"PMCID": "PMC2661571"}),
        ({"id": "17265423"}, {}),
        ({"id": "https://doi.org/10.5555/x"}, {"DOI": "10.5555/x"}),
        ({"note": "PMID: 1726542\nPMCID: PMC26615"}, {"PMID": "1726542", "PMCID": "PMC26615"}),
        ({"note": "Erratum in: PMID: 17265423"}, {}),
        ({"URL": "https://pubmed.ncbi.nlm.nih.gov/17265423/"}, {"PMID": "17265423"}),
        ({"DOI": "https://doi.org/10.5555/X"}, {"DOI": "10.5555/X"}),
        ({"abstract": "PMID: 17265423"}, {}),
        ({"PMID": None, "DOI": ["10.5555/x"]}, {}),
    ],
)  # fmt: skip
def test_identifiers(fields: dict[str, Any], expected: dict[str, str]) -> None:
    assert item(**fields).identifiers == expected


def test_values_of_the_wrong_type_count_as_missing() -> None:
    record = item(author="x", issued=[], volume={"a": 1}, page=[[]], note=5, language=True, ISSN=7)
    assert (record.year, record.volume, record.pages) == (None, "", "")


def test_an_item_without_anything_is_a_problem() -> None:
    record, problem = read([{"type": "book", "title": "T"}, {"type": "book", "author": []}])
    assert isinstance(record, Record)
    assert isinstance(problem, Problem)
    assert (problem.code, problem.lost) == ("no-record", True)


def test_a_broken_item_is_lost_alone() -> None:
    lines = [json.dumps({"type": "book", "title": f"T{number}"}) for number in range(3)]
    first, lost, last = read("\n".join([lines[0], lines[1][:-4], lines[2]]).encode())
    assert isinstance(first, Record)
    assert isinstance(lost, Problem)
    assert isinstance(last, Record)
    assert (lost.lost, lost.locator.line) == (True, 2)
    assert (last.title, last.position, last.locator.line) == ("T2", 3, 3)


# --- markup ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("markup", "shown"),
    [
        ("<i>Il7</i><sup>-/-</sup> mice", "Il7-/- mice"),
        ('<span style="font-variant:small-caps;">l</span>-arginine', "l-arginine"),
        ("<span class=\"nocase\">T cells</span>", "T cells"),
        ("p <0.05 and n> 3, a < b, x<y", "p <0.05 and n> 3, a < b, x<y"),
        ("p&lt;0.05 &amp; Sj&#246;gren&nbsp;x", "p<0.05 & Sjögren x"),
        ("&lt;i&gt;Il7&lt;/i&gt;", "Il7"),
        ("<mml:math><mml:mi>α</mml:mi></mml:math>-chain", "α-chain"),
        (("<jats:inline-formula><jats:alternatives><jats:tex-math>\\alpha</jats:tex-math>"
         "<mml:math><mml:mi>α</mml:mi></mml:math></jats:alternatives></jats:inline-formula>"), "α"),
        ("one<br/>two", "one two"),
        ("a &unknown; b &amp c", "a &unknown; b &amp c"),
    ],
)  # fmt: skip
def test_flattened_markup(markup: str, shown: str) -> None:
    assert flatten_markup(markup) == shown


@pytest.mark.parametrize(
    ("markup", "shown", "labels"),
    [
        ("<jats:p>One.</jats:p>\n<jats:p>Two.</jats:p>", "One. Two.", []),
        ("<jats:title>Abstract</jats:title><jats:p>One.</jats:p>", "One.", []),
        (("<jats:title>Abstract</jats:title>\n <jats:sec>\n <jats:title>Background</jats:title>"
         "<jats:p>One.</jats:p></jats:sec><jats:sec><jats:title>Methods &amp; Results:</jats:title>"
         "<jats:p>Two.</jats:p></jats:sec>"),
         "BACKGROUND: One. METHODS & RESULTS: Two.", ["BACKGROUND", "METHODS & RESULTS"]),
        ("<h4>Aim</h4>One.<h4>Results</h4>Two.", "AIM: One. RESULTS: Two.", ["AIM", "RESULTS"]),
        ("<p><b>Aim:</b> One.</p><p><strong>Results</strong>: Two.</p>",
         "AIM: One. RESULTS: Two.", ["AIM", "RESULTS"]),
        ("<p>Some <b>bold</b>: words.</p>", "Some bold: words.", []),
        ("AIM: One. RESULTS: Two.", "AIM: One. RESULTS: Two.", ["AIM", "RESULTS"]),
        ("<jats:sec><jats:title>Aim</jats:title><jats:p>One.", "AIM: One.", ["AIM"]),
        ("Before. <title>Aim</title><p>One.</p>", "Before. AIM: One.", ["AIM"]),
        ("", "", []),
    ],
)  # fmt: skip
def test_abstracts(markup: str, shown: str, labels: list[str]) -> None:
    text = read_abstract(markup)
    assert (text.text, [part.label for part in text.sections]) == (shown, labels)
    for part in text.sections:
        assert text.text[part.start : part.end] in {"One.", "Two."}
