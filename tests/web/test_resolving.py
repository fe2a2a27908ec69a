"""Looking citations up: by which way, with which score, and never against what is there."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from kg.model import Record, Source
from kg.publications import fingerprint, merge_records
from kg.readers import read_file
from kg.web.client import WebClient
from kg.web.crossref import Crossref
from kg.web.csl import to_csl, write_csl
from kg.web.eutils import Eutils
from kg.web.resolving import Resolution, Resolver, Status, is_complete
from kg.web.services import Settings
from tests.web.conftest import Clock
from tests.web.services import Fault, Paper, WebServices, efetch_error

pytestmark = pytest.mark.allow_hosts(["127.0.0.1"])

LIST = """\
invented cells

  1. Ferrante QA, Oduya B. Interleukin-7 keeps invented lymphocytes alive in mice. \
J Invent Immunol. 2020;12:101-9 pubmed
  2. Novak P. Granulocytes of an unlisted journal. Acta Ficta. 2019;3:44-51 pubmed
  3. Okafor C, Lindqvist S, et al. Invented kinases and what becomes of them. \
J Invent Immunol. 2018;10:7-15 pubmed
  4. Nobody N. A paper that nobody ever wrote anywhere. J Invent Immunol. 2011;3:1-2 pubmed
"""
PAPERS = (
    Paper(
        pmid=31999001,
        title="Interleukin-7 keeps invented lymphocytes alive in mice",
        doi="10.5555/inv.1",
        pmcid="PMC7999001",
    ),
    Paper(
        pmid=31999002,
        title="Granulocytes of an unlisted journal",
        journal="Acta Ficta (Roma)",
        volume="3",
        pages="44-51",
        authors=(("Novak", "P"),),
        published=date(2019, 2, 1),
    ),
    Paper(
        pmid=31999003,
        title="Invented kinases and what becomes of them",
        volume="10",
        pages="7-15",
        authors=(("Okafor", "C"), ("Lindqvist", "S"), ("Third", "T")),
        published=date(2018, 2, 1),
        doi="10.5555/inv.3",
    ),
)
Resolve = Callable[..., list[Resolution]]


@pytest.fixture
def told() -> list[str]:
    return []


@pytest.fixture
def resolve(services: WebServices, settings: Settings, clock: Clock, told: list[str]) -> Resolve:
    services.papers = {paper.pmid: paper for paper in PAPERS}

    def run(
        records: list[Record], *, crossref: bool = True, min_score: float = 0.9
    ) -> list[Resolution]:
        def make(name: str) -> WebClient:
            return WebClient(
                name=name, warn=told.append, clock=clock, sleep=clock.sleep, chance=lambda: 0.0
            )

        with make("PubMed") as ncbi, make("Crossref") as other:
            resolver = Resolver(
                Eutils(ncbi, settings),
                Crossref(other, settings) if crossref else None,
                min_score=min_score,
                warn=told.append,
            )
            return list(resolver.resolve_all(records))

    return run


@pytest.fixture
def records(tmp_path: Path) -> list[Record]:
    path = tmp_path / "list.txt"
    path.write_text(LIST, encoding="utf-8")
    return [item for item in read_file(path) if isinstance(item, Record)]


def summary(one: Resolution) -> list[tuple[str, str, float]]:
    return [(each.method, each.status.value, each.fit.score) for each in one.proposals]


def test_each_citation_by_the_first_way_that_finds_it(
    resolve: Resolve, records: list[Record]
) -> None:
    first, second, third, nobody = resolve(records)
    assert summary(first) == [("ecitmatch", "given", 1.0)]
    assert first.new == {"PMID": "31999001", "DOI": "10.5555/inv.1", "PMCID": "PMC7999001"}
    assert first.proposals[0].fit.agreed == ("title", "author", "page", "year")
    # ECitMatch does not know the journal; PubMed gives no DOI, and Crossref has another paper's.
    assert summary(second)[0] == ("title", "given", 1.0)
    assert second.new == {"PMID": "31999002"}
    assert summary(third) == [("ecitmatch", "given", 1.0)]
    assert nobody.new == {}
    assert [each.status for each in nobody.proposals] == [Status.NOT_FOUND]


def test_ecitmatch_is_asked_once_for_many_and_as_documented(
    resolve: Resolve, records: list[Record], services: WebServices
) -> None:
    resolve(records, crossref=False)
    (asked,) = services.asked_of("ecitmatch.cgi")
    assert asked.fields["bdata"].split("\r")[:2] == [
        "J Invent Immunol|2020|12|101|Ferrante QA|kg0|",
        "Acta Ficta|2019|3|44|Novak P|kg1|",
    ]
    assert asked.fields["db"] == "pubmed"
    (found,) = [one for one in services.asked_of("esearch.fcgi") if "unlisted" in str(one.fields)]
    assert found.fields["term"] == "granulocytes AND unlisted AND journal"
    assert found.fields["field"] == "title"


def test_crossref_is_asked_politely(
    resolve: Resolve, records: list[Record], services: WebServices
) -> None:
    services.crossref_headers = {"X-Rate-Limit-Limit": "2", "X-Rate-Limit-Interval": "1s"}
    resolve([replace(record, journal="", year=None) for record in records[1:]])
    asked = services.asked_of("works")
    assert len(asked) >= 2
    assert asked[0].fields["mailto"] == "ann@example.org"
    assert asked[0].fields["rows"] == "5"
    assert "Granulocytes of an unlisted journal" in asked[0].fields["query.bibliographic"]
    assert asked[1].time - asked[0].time == pytest.approx(0.5), "the pace that the headers name"


def test_crossref_gives_the_doi_and_pubmed_then_the_pmid(
    resolve: Resolve, records: list[Record], services: WebServices
) -> None:
    wrong = records[0].title.replace("alive", "allive")  # PubMed finds no such word in a title
    texts = (replace(records[0].texts[0], text=wrong, raw=wrong),)
    (found,) = resolve([replace(records[0], texts=texts, journal="Unknown J")])
    assert sorted(found.new) == ["DOI", "PMCID", "PMID"]
    assert {method for method, _, _ in summary(found)} == {"crossref", "doi"}
    assert services.asked_of("esearch.fcgi")[-1].fields["term"] == '"10.5555/inv.1"[aid]'


def test_a_doi_gives_the_pmid(resolve: Resolve, records: list[Record]) -> None:
    record = replace(records[0], identifiers={"DOI": "https://doi.org/10.5555/INV.1"})
    (found,) = resolve([record])
    assert summary(found) == [("doi", "given", 1.0)]
    assert found.new == {"PMID": "31999001", "PMCID": "PMC7999001"}
    assert found.identifiers["DOI"] == "10.5555/inv.1"


def test_a_pmid_gives_the_doi(
    resolve: Resolve, records: list[Record], services: WebServices
) -> None:
    (found,) = resolve([replace(records[0], identifiers={"PMID": "31999001"})])
    assert summary(found) == [("pmid", "given", 1.0)]
    assert found.new == {"DOI": "10.5555/inv.1", "PMCID": "PMC7999001"}
    assert [one.endpoint for one in services.asked] == ["esummary.fcgi"]


def test_a_pmid_of_another_paper_is_told_and_kept(resolve: Resolve, records: list[Record]) -> None:
    (found,) = resolve([replace(records[0], identifiers={"PMID": "31999003"})], crossref=False)
    assert [each.status for each in found.proposals] == [Status.UNSURE]
    assert found.identifiers == {"PMID": "31999003"}


def test_nothing_that_is_there_is_replaced(resolve: Resolve, records: list[Record]) -> None:
    (found,) = resolve([replace(records[0], identifiers={"DOI": "10.5555/other"})])
    (proposal,) = found.proposals
    assert (proposal.method, proposal.status) == ("ecitmatch", Status.CONFLICT)
    assert (found.new, found.identifiers) == ({}, {"DOI": "10.5555/other"})


def test_an_identifier_that_is_none_is_not_counted(resolve: Resolve, records: list[Record]) -> None:
    (found,) = resolve([replace(records[0], identifiers={"PMID": "n/a", "DOI": ""})])
    assert found.identifiers["PMID"] == "31999001"
    assert not is_complete(replace(records[0], identifiers={"PMID": "n/a", "DOI": "10.5555/x"}))
    assert is_complete(replace(records[0], identifiers={"PMID": "1", "DOI": "10.5555/x"}))


def test_below_the_threshold_it_is_only_told(resolve: Resolve, records: list[Record]) -> None:
    record = replace(records[0], first_page="350", pages="350-9", volume="13")
    (found,) = resolve([record])
    assert summary(found)[0] == ("title", "unsure", 0.85)
    assert found.proposals[0].identifiers["PMID"] == "31999001"
    assert (found.new, found.identifiers) == ({}, {})
    (found,) = resolve([record], min_score=0.8)
    assert found.new["PMID"] == "31999001"


def test_two_papers_that_fit_alike_are_not_told_apart(
    resolve: Resolve, records: list[Record], services: WebServices
) -> None:
    services.papers[5] = replace(PAPERS[0], pmid=5, doi="", pmcid="")
    (found,) = resolve(records[:1], crossref=False)
    assert [each.status for each in found.proposals] == [Status.AMBIGUOUS]
    assert found.new == {}
    assert services.asked_of("ecitmatch.cgi"), "ECitMatch named both"


def test_the_same_citation_is_looked_up_once(
    resolve: Resolve, records: list[Record], services: WebServices
) -> None:
    again = replace(records[0], locator=replace(records[0].locator, line=99))
    found = resolve([records[0], again] * 40)
    assert {one.identifiers["PMID"] for one in found} == {"31999001"}
    assert [one.record.locator.line for one in found[:2]] == [3, 99]
    assert len(services.asked_of("ecitmatch.cgi")) == 1


def test_lines_that_ecitmatch_leaves_out_are_found_otherwise(
    resolve: Resolve, records: list[Record], services: WebServices
) -> None:
    services.fail("ecitmatch.cgi", Fault(body=b"J Invent Immunol|2020\nnonsense\n"))
    assert [summary(one)[0][0] for one in resolve(records[:3], crossref=False)] == ["title"] * 3


FAULTS = {
    "429": Fault(status=429, headers={"Retry-After": "3"}),
    "500": Fault(status=500),
    "cut": Fault(cut=20),
    "an error": Fault(body=efetch_error("Resource temporarily unavailable")),
    "a page": Fault(body=b"<html>maintenance</html>"),
}


@pytest.mark.parametrize("endpoint", ["ecitmatch.cgi", "esummary.fcgi", "esearch.fcgi", "works"])
@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS)
def test_a_failure_in_passing_costs_nothing(
    resolve: Resolve, records: list[Record], services: WebServices, endpoint: str, fault: Fault
) -> None:
    services.fail(endpoint, fault, fault)
    found = resolve(records)
    assert [one.new.get("PMID") for one in found] == ["31999001", "31999002", "31999003", None]
    assert services.faults[endpoint] == type(services.faults[endpoint])()


def test_a_service_that_is_down_costs_only_what_it_would_have_given(
    resolve: Resolve, records: list[Record], services: WebServices, told: list[str]
) -> None:
    services.fail("ecitmatch.cgi", *[Fault(status=503)] * 6)
    first, second, _, _ = resolve(records)
    assert told[-1].endswith("PubMed is not asked any more")
    assert first.new == {"DOI": "10.5555/inv.1"}
    assert [(one.method, one.status) for one in first.proposals] == [
        ("crossref", Status.GIVEN),
        ("PubMed", Status.FAILED),
    ]
    assert Status.FAILED in {one.status for one in second.proposals}
    assert not services.asked_of("esearch.fcgi")


def test_a_refusal_costs_one_citation_and_three_in_a_row_the_service(
    resolve: Resolve, records: list[Record], services: WebServices
) -> None:
    others = [replace(records[1], volume=str(number), year=None, journal="") for number in range(5)]
    services.fail("works", Fault(status=400), Fault(), *[Fault(status=400)] * 9)
    found = resolve(others)
    failed = [any(one.status is Status.FAILED for one in each.proposals) for each in found]
    assert failed == [True, False, True, True, True]
    assert len(services.asked_of("works")) == 5
    found = resolve([*others, replace(others[0], volume="77")])
    assert len(services.asked_of("works")) == 5 + 3


def test_the_file_makes_the_papers_go_by_their_identifiers(
    resolve: Resolve, records: list[Record]
) -> None:
    for one in resolve(records):
        item = to_csl(one)
        assert item["id"] == f"cit-{fingerprint(one.record)}"
        assert item["container-title-short"] == one.record.journal
        assert item["issued"] == {"date-parts": [[one.record.year]]}
        assert item["page"] == one.record.pages
        assert {name: item[name] for name in one.identifiers} == one.identifiers
        # What CSL-JSON cannot say of a byline, that it was cut, the original says.
        assert ("author" in item) == (not one.record.et_al)


def test_a_record_with_identifiers_merges_with_the_original(
    resolve: Resolve, records: list[Record]
) -> None:
    original = Source(name="list.txt", format="reading-list", sha256="a" * 64)
    found = Source(name="ids.json", format="csl-json", sha256="b" * 64)
    resolved = [
        (replace(one.record, identifiers=one.identifiers), found)
        for one in resolve(records)
        if one.new
    ]
    papers, problems = merge_records([*((one, original) for one in records), *resolved])
    assert problems == []
    assert [paper.key for paper in papers][:3] == [
        "pmid-31999001",
        "pmid-31999002",
        "pmid-31999003",
    ]
    assert [len(paper.origins) for paper in papers] == [2, 2, 2, 1]


def test_the_file_is_written_whole(resolve: Resolve, records: list[Record], tmp_path: Path) -> None:
    path = tmp_path / "ids.json"
    write_csl(path, resolve(records[:1]))
    (item,) = json.loads(path.read_text("utf-8"))
    assert item["note"] == "kg resolve: PMID, DOI, PMCID by ecitmatch (1.00)"
    assert item["author"] == [
        {"family": "Ferrante", "given": "QA"}, {"family": "Oduya", "given": "B"},
    ]  # fmt: skip
    assert sorted(one.name for one in tmp_path.iterdir()) == ["ids.json", "list.txt"]
