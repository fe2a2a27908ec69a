"""How well a citation fits a paper: what agrees, what does not, and what cannot be told."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.model import Locator, Record, Text
from kg.readers.fields import make_author, make_group
from kg.web.candidates import (
    WEIGHTS,
    Candidate,
    compare,
    compare_titles,
    read_summary,
    read_work,
)

TITLE = "Interleukin-7 keeps invented lymphocytes alive in mice"
RECORD = Record(
    locator=Locator(path="list.txt", format="reading-list", line=3),
    texts=(Text(field="title", text=TITLE, raw=TITLE),),
    authors=(make_author("Ferrante", initials="QA"), make_author("Oduya", initials="B")),
    journal="J Invent Immunol",
    year=2020,
    volume="12",
    pages="101-9",
    first_page="101",
    last_page="109",
)
SAME = Candidate(
    identifiers={"PMID": "1"},
    titles=(TITLE,),
    first_author="Ferrante QA",
    first_page="101",
    years=(2020,),
)


def retitle(title: str) -> Record:
    return replace(RECORD, texts=(Text(field="title", text=title, raw=title),))


def test_the_same_paper_fits_wholly() -> None:
    fit = compare(RECORD, SAME)
    assert (fit.score, fit.agreed) == (1.0, ("title", "author", "page", "year"))
    assert sum(WEIGHTS.values()) == pytest.approx(1)


@pytest.mark.parametrize(
    ("change", "score", "agreed"),
    [
        ({"years": (2021,)}, 0.95, "title author page"),
        ({"years": (2021, 2020)}, 1.0, "title author page year"),
        ({"years": (2024,)}, 0.9, "title author page"),
        ({"years": ()}, 0.95, "title author page"),
        ({"first_page": "e101"}, 1.0, "title author page year"),
        ({"first_page": "0101"}, 1.0, "title author page year"),
        ({"first_page": "210"}, 0.85, "title author year"),
        ({"first_page": ""}, 0.925, "title author year"),
        ({"first_page": "", "is_preprint": True}, 0.85, "title author year"),
        ({"first_author": "Novak P"}, 0.85, "title page year"),
        ({"first_author": "Ferranté Q"}, 1.0, "title author page year"),
        ({"first_author": ""}, 0.925, "title page year"),
        ({"titles": ()}, 0.7, "author page year"),
        ({"titles": ("Another paper", TITLE.upper())}, 1.0, "title author page year"),
    ],
)
def test_each_part_counts_by_its_weight(change: dict[str, Any], score: float, agreed: str) -> None:
    fit = compare(RECORD, replace(SAME, **change))
    assert (fit.score, fit.agreed) == (score, tuple(agreed.split()))


def test_a_preprint_fits_a_citation_without_a_page() -> None:
    preprint = replace(SAME, first_page="", is_preprint=True)
    assert compare(replace(RECORD, first_page="", pages=""), preprint).score == 0.925
    work = {"DOI": "10.5555/x", "type": "posted-content", "title": [TITLE]}
    candidate = read_work(work)
    assert candidate is not None
    assert candidate.is_preprint


def test_a_title_alone_is_not_enough() -> None:
    bare = Candidate(identifiers={"PMID": "1"}, titles=(TITLE,))
    assert compare(RECORD, bare).score == pytest.approx(0.8)


def test_a_family_name_of_two_words_is_compared_whole() -> None:
    record = replace(RECORD, authors=(make_author("van der Invent", initials="JM"),))
    assert "author" in compare(record, replace(SAME, first_author="van der Invent JM")).agreed
    assert "author" not in compare(record, replace(SAME, first_author="Invent")).agreed


def test_a_group_of_authors_is_compared_by_its_name() -> None:
    record = replace(RECORD, authors=(make_group("Invented Cells Consortium"),))
    fits = compare(record, replace(SAME, first_author="Invented Cells Consortium"))
    assert "author" in fits.agreed


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Interleukin-7 in invented mice", "Interleukin-15 in invented mice"),
        ("Invented cells, part I: birth", "Invented cells, part II: birth"),
        ("CD4 T cells of 10 people", "CD4 T cells of 100 people"),
    ],
)
def test_another_number_is_another_paper(one: str, other: str) -> None:
    assert compare_titles(one, other) == 0.5
    assert compare(retitle(one), replace(SAME, titles=(other,))).score == pytest.approx(0.7)


def test_a_slip_of_the_pen_is_forgiven() -> None:
    assert 0.95 < compare_titles(TITLE, TITLE.replace("lymphocytes", "lymphocites")) < 1
    assert compare(retitle(TITLE.replace("alive", "alife")), SAME).score > 0.95


@given(st.text(max_size=40), st.text(max_size=40))
def test_the_likeness_of_titles_is_a_share_and_goes_both_ways(one: str, other: str) -> None:
    assert 0 <= compare_titles(one, other) <= 1
    assert compare_titles(one, other) == pytest.approx(compare_titles(other, one))
    assert compare_titles(one, one) == 1


def test_a_summary_of_pubmed() -> None:
    summary = {
        "uid": "31999001", "pubdate": "2020 Jan-Feb", "epubdate": "2019 Dec 20",
        "source": "J Invent Immunol", "title": "[Invented cells.]", "pages": "101-9",
        "vernaculartitle": "Erfundene Zellen.", "volume": "12",
        "authors": [{"name": "Ferrante QA", "authtype": "Author"}, {"name": "Oduya B"}],
        "articleids": [
            {"idtype": "pubmed", "value": "31999001"}, {"idtype": "doi", "value": "10.5555/INV.1"},
            {"idtype": "pmc", "value": "PMC7999001"},
            {"idtype": "pmcid", "value": "pmc-id: PMC7999001;"},
            {"idtype": "doi", "value": "no doi"},
        ],
    }  # fmt: skip
    assert read_summary(31999001, summary) == Candidate(
        identifiers={"PMID": "31999001", "DOI": "10.5555/inv.1", "PMCID": "PMC7999001"},
        titles=("Invented cells", "Erfundene Zellen"),
        first_author="Ferrante QA",
        first_page="101",
        years=(2020, 2019),
    )


def test_a_work_of_crossref() -> None:
    work = {
        "DOI": "10.5555/INV.1",
        "title": ["The <i>IL7</i> gene &amp; its &lt;sub&gt;invented&lt;/sub&gt; kin"],
        "subtitle": ["A review"],
        "author": [{"given": "Quirina", "family": "Ferrante", "sequence": "first"}],
        "issued": {"date-parts": [[2020, 1]]},
        "published-print": {"date-parts": [[2021]]},
        "published-online": {"date-parts": [[None]]},
        "article-number": "e101",
    }
    title = "The IL7 gene & its invented kin"
    assert read_work(work) == Candidate(
        identifiers={"DOI": "10.5555/inv.1"},
        titles=(title, f"{title}: A review"),
        first_author="Ferrante",
        first_page="e101",
        years=(2020, 2021),
    )


@pytest.mark.parametrize(
    "work",
    [{}, {"DOI": None}, {"DOI": "n/a"}, {"DOI": "10.5555/x", "title": None, "issued": [],
      "author": [None, "x"], "published-print": {"date-parts": [[]]}, "page": None}],
)  # fmt: skip
def test_works_with_holes_are_read_as_far_as_they_go(work: dict[str, Any]) -> None:
    candidate = read_work(work)
    assert candidate is None or candidate == Candidate(identifiers={"DOI": "10.5555/x"})


def test_summaries_with_holes_are_read_as_far_as_they_go() -> None:
    holes = {"authors": None, "articleids": [{}, 3], "pages": None, "title": None, "pubdate": 5}
    assert read_summary(5, holes) == Candidate(identifiers={"PMID": "5"})
