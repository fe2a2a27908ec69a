"""Europe PMC's answers: core and lite, pages, bare results, and what is odd in them."""

import io
import json
from pathlib import Path
from typing import Any

import pytest

from kg.model import Author, Problem, Record, RelationKind, Substance
from kg.readers import Item, read_file
from kg.readers.europepmc import EuropePmcReader

SAMPLES = Path(__file__).parent / "samples"


def read(value: object) -> list[Item]:
    return list(EuropePmcReader().read(io.BytesIO(json.dumps(value).encode()), "a.json"))


def only_record(**fields: Any) -> Record:
    [record] = read({"id": "1", "source": "MED", "title": "Zelitis.", **fields})
    assert isinstance(record, Record)
    return record


def sample(name: str) -> list[Record]:
    items = list(read_file(SAMPLES / name))
    assert all(isinstance(item, Record) for item in items)
    return [item for item in items if isinstance(item, Record)]


@pytest.fixture(scope="module")
def core() -> list[Record]:
    return sample("europepmc-json.core.json")


@pytest.fixture(scope="module")
def lite() -> list[Record]:
    return sample("europepmc-json.lite.jsonl")


def test_citation(core: list[Record]) -> None:
    record = core[0]
    assert record.title == "Interleukin-7 restrains Il7r-dependent zelitis in mice"
    assert record.identifiers == {
        "PMID": "90000021",
        "PMCID": "PMC9900021",
        "DOI": "10.5555/zel.2011.021",
    }
    assert record.authors == (
        Author(
            name="van Amelsfort JM",
            family="van Amelsfort",
            initials="JM",
            given="Jacob M",
            orcid="0000-0002-1825-0097",
        ),
        Author(name="Doe J Jr", family="Doe", initials="J", given="John"),
        Author(name="Zelitis Study Group", family="Zelitis Study Group", collective=True),
    )
    assert record.journal == "J Invent Immunol"
    assert record.journal_title == "Journal of invented immunology (Baltimore, Md. : 1950)"
    assert record.issns == ("0022-1767", "1550-6606")
    assert (record.year, record.volume, record.issue) == (2011, "186", "4")
    assert (record.pages, record.first_page, record.last_page) == ("2341-9", "2341", "2349")
    assert [one.position for one in core] == [1, 2, 3]
    assert not any(one.problems for one in core)


def test_sections_and_bare_less_than(core: list[Record]) -> None:
    abstract = core[0].texts[1]
    assert abstract.text == (
        "BACKGROUND: Zelitis is driven by exhausted CD4+ T cells (p < 0.05). "
        "METHODS AND RESULTS: Mice were given interleukin-7 & dexanol. "
        "CONCLUSIONS: Interleukin-7 protects from zelitis."
    )
    assert [part.label for part in abstract.sections] == [
        "BACKGROUND",
        "METHODS AND RESULTS",
        "CONCLUSIONS",
    ]


def test_a_text_before_the_first_section_is_kept() -> None:
    record = only_record(abstractText="We asked.<h4>Results</h4>Many (n<5).")
    assert record.texts[1].text == "We asked. RESULTS: Many (n<5)."
    assert [part.label for part in record.texts[1].sections] == ["RESULTS"]


def test_indexing(core: list[Record]) -> None:
    indexing = core[0].indexing
    assert indexing.languages == ("eng",)
    assert indexing.publication_types == (
        "Research Support, N.I.H., Extramural",
        "Journal Article",
    )
    assert indexing.keywords == ("Zelitis", "Dexanol")
    assert [
        (one.name, one.major, [(each.name, each.major) for each in one.qualifiers])
        for one in indexing.headings
    ] == [
        ("Animals", False, []),
        ("Interleukin-7", True, [("immunology", True), ("metabolism", False)]),
    ]
    assert indexing.substances == (
        Substance(name="Interleukin-7"),
        Substance(name="Glucose", registry="IY9XDZ35W2"),
    )
    assert indexing.grants == ("R01 AI000001/AI/NIAID NIH HHS", "Zelitis Trust")


def test_papers_referred_to_are_not_the_paper(core: list[Record]) -> None:
    [comment] = core[0].indexing.relations
    assert (comment.kind, comment.identifiers) == (RelationKind.COMMENT_IN, {"PMID": "90000099"})
    assert comment.citation == "J Invent Immunol. 2011 May;186(5):1-2."
    [retraction] = core[1].indexing.relations
    assert retraction.kind is RelationKind.RETRACTED_IN
    assert core[1].identifiers["PMID"] == "90000022"


def test_a_relation_that_is_not_known_is_told() -> None:
    record = only_record(
        commentCorrectionList={
            "commentCorrection": [{"type": "Sequel of", "reference": "Z. 2001."}]
        }
    )
    assert not record.indexing.relations
    assert [(one.code, one.raw) for one in record.problems] == [("unknown-relation", "Z. 2001.")]


def test_a_preprint(core: list[Record]) -> None:
    record = core[2]
    assert record.identifiers == {"DOI": "10.1101/2020.01.01.990001"}
    assert (record.journal, record.year) == ("bioRxiv", 2020)
    assert record.texts[1].text == "Lymphocytes were counted."
    assert record.authors[0].orcid == ""


def test_lite_results(lite: list[Record]) -> None:
    first, second = lite
    assert first.title == "Interleukin-7 restrains Il7r-dependent zelitis in mice"
    assert [(one.name, one.collective) for one in first.authors] == [
        ("van Amelsfort JM", False),
        ("Doe J Jr", False),
        ("Zelitis Study Group", True),
    ]
    assert (first.journal, first.journal_title) == ("J Invent Immunol", "")
    assert first.issns == ("0022-1767", "1550-6606")
    assert (first.volume, first.issue, first.last_page) == ("186", "4", "2349")
    assert first.indexing.publication_types == (
        "Research Support, Non-U.S. Gov't",
        "Clinical Trial, Phase II",
        "Journal Article",
    )
    assert second.identifiers == {"PMCID": "PMC9900023"}
    assert (second.et_al, [one.name for one in second.authors]) == (True, ["Poe P"])
    assert [one.locator.line for one in lite] == [1, 2]


RESULT = {"id": "1", "source": "MED", "title": "Zelitis.", "pubYear": "2001"}


@pytest.mark.parametrize(
    "value",
    [
        {"hitCount": 1, "resultList": {"result": [RESULT, RESULT]}},
        [{"hitCount": 1, "resultList": {"result": [RESULT]}}] * 2,
        [RESULT, RESULT],
        [{"hitCount": 1, "result": RESULT}] * 2,
    ],
    ids=["page", "pages", "results", "articles"],
)
def test_whatever_results_stand_in(value: object) -> None:
    assert EuropePmcReader().sniff(json.dumps(value).encode())
    first, second = read(value)
    for record, position in ((first, 1), (second, 2)):
        assert isinstance(record, Record)
        assert (record.title, record.position) == ("Zelitis", position)
        assert record.identifiers == {"PMID": "1"}


def test_an_article_and_a_result_by_themselves() -> None:
    for value in ({"version": "6.9", "hitCount": 1, "result": RESULT}, RESULT):
        assert EuropePmcReader().sniff(json.dumps(value).encode())
        [record] = read(value)
        assert isinstance(record, Record)
        assert record.title == "Zelitis"


def test_pages_one_behind_the_other() -> None:
    page = json.dumps({"hitCount": 2, "resultList": {"result": [RESULT]}}).encode()
    items = list(EuropePmcReader().read(io.BytesIO(page + b"\n" + page), "a.json"))
    assert [item.position for item in items if isinstance(item, Record)] == [1, 2]


def test_a_page_without_results_is_no_record() -> None:
    empty = {"version": "6.9", "hitCount": 0, "request": {}, "resultList": {"result": []}}
    assert EuropePmcReader().sniff(json.dumps(empty).encode())
    assert read(empty) == []


def test_identifiers_alone_make_a_record_and_a_problem() -> None:
    [record] = read({"hitCount": 1, "resultList": {"result": [{"id": "7", "source": "MED"}]}})
    assert isinstance(record, Record)
    assert (record.identifiers, record.texts) == ({"PMID": "7"}, ())
    assert [one.code for one in record.problems] == ["missing-title"]


def test_values_of_other_types_count_as_missing() -> None:
    record = only_record(
        title=["Zelitis"],
        authorList={"author": {"fullName": "Doe J", "lastName": "Doe", "initials": "J"}},
        journalInfo=None,
        pubYear=2001,
        keywordList={"keyword": "one"},
        meshHeadingList={"meshHeading": ["x", {"descriptorName": 5}]},
        pageInfo={"a": 1},
        grantsList=[],
    )
    assert (record.title, record.year, record.pages) == ("", 2001, "")
    assert [one.name for one in record.authors] == ["Doe J"]
    assert record.indexing.keywords == ("one",)
    assert [one.name for one in record.indexing.headings] == ["5"]


def test_what_is_no_result_is_a_problem() -> None:
    good, bad = read([RESULT, "no result"])
    assert isinstance(good, Record)
    assert isinstance(bad, Problem)
    assert bad.lost


@pytest.mark.parametrize(
    "value",
    [
        [{"id": "1", "type": "article-journal", "title": "Z", "source": "PubMed"}],
        {"documents": [{"id": "1", "passages": []}]},
        {"id": 1, "text": "Z"},
        [],
    ],
    ids=["CSL-JSON", "BioC", "texts", "nothing"],
)
def test_other_json_is_not_recognised(value: object) -> None:
    assert not EuropePmcReader().sniff(json.dumps(value).encode())
