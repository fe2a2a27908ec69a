"""What is fetched, and what is found, is read by the readers, and makes the papers meant."""

from pathlib import Path

import pytest

from kg.cli import main
from kg.model import Record
from kg.publications import merge_records
from kg.readers import READERS, read_file, source_of
from tests.web.services import Paper, WebServices
from tests.web.test_resolving import LIST, PAPERS

pytestmark = pytest.mark.allow_hosts(["127.0.0.1"])

FORMATS = {reader.name for reader in READERS}


def needs(name: str) -> pytest.MarkDecorator:
    return pytest.mark.skipif(name not in FORMATS, reason=f"there is no reader of {name}")


@pytest.fixture(autouse=True)
def _environment(services: WebServices, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("KG_EUTILS_URL", "KG_EUROPEPMC_URL", "KG_CROSSREF_URL"):
        monkeypatch.setenv(name, services.url)
    monkeypatch.setenv("NCBI_EMAIL", "ann@example.org")
    monkeypatch.chdir(tmp_path)
    services.papers = {paper.pmid: paper for paper in PAPERS}


def run(*arguments: str) -> None:
    with pytest.raises(SystemExit) as ended:
        main(list(arguments))
    assert ended.value.code == 0


def read(name: str) -> list[Record]:
    """Return the records of a file; there must be nothing else in it."""
    items = list(read_file(Path(name)))
    assert all(isinstance(item, Record) for item in items), items
    return [item for item in items if isinstance(item, Record)]


def check(records: list[Record]) -> None:
    assert {record.identifiers["PMID"]: record.title for record in records} == {
        str(paper.pmid): paper.title for paper in PAPERS
    }
    first = next(one for one in records if one.identifiers["PMID"] == "31999001")
    assert first.identifiers["DOI"] == "10.5555/inv.1"
    assert [author.name for author in first.authors] == ["Ferrante QA", "Oduya B"]
    assert (first.journal, first.year, first.volume) == ("J Invent Immunol", 2020, "12")
    assert (first.first_page, first.last_page) == ("101", "109")


@needs("pubmed-xml")
@pytest.mark.parametrize("name", ["found.xml", "found.xml.gz"])
def test_pubmed_xml_in_pages(
    name: str, services: WebServices, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kg.web.pubmed.PAGE", 2)
    run("fetch", *map(str, services.papers), "-o", name)
    check(read(name))


@needs("pubmed-xml")
def test_books_among_articles(services: WebServices) -> None:
    services.papers[5] = Paper(pmid=5, title="Invented chapters", is_book=True)
    run("fetch", "5", "31999001", "-o", "found.xml")
    assert [one.identifiers["PMID"] for one in read("found.xml")] == ["5", "31999001"]


@needs("europepmc-json")
@pytest.mark.parametrize("name", ["found.jsonl", "found.jsonl.gz"])
def test_json_lines_of_europe_pmc(name: str) -> None:
    run("fetch", "invented", "--from", "europepmc", "-o", name)
    found = {record.identifiers["PMID"] for record in read(name)}
    assert found == {"31999001", "31999003"}


@needs("csl-json")
def test_what_is_found_makes_the_papers_go_by_it(tmp_path: Path) -> None:
    (tmp_path / "list.txt").write_text(LIST, encoding="utf-8")
    run("resolve", "list.txt", "-o", "ids.json")
    entries = [
        (record, source_of(Path(name))) for name in ("list.txt", "ids.json")
        for record in read_file(Path(name)) if isinstance(record, Record)
    ]  # fmt: skip
    papers, problems = merge_records(entries)
    assert problems == []
    assert [paper.key for paper in papers][:3] == [
        "pmid-31999001", "pmid-31999002", "pmid-31999003",
    ]  # fmt: skip
    assert papers[3].key.startswith("cit-")
    assert [len(paper.origins) for paper in papers] == [2, 2, 2, 1]
    cut = papers[2]
    assert cut.et_al, "the byline of the original stays"
