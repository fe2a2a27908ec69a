"""What docs/fetching.md shows is what happens, against services on a local port."""

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from kg.cli.fetch import fetch
from kg.web.candidates import WEIGHTS
from kg.web.resolving import MIN_SCORE, Status
from kg.web.services import Settings
from tests.docs_pages import read_page, rows_under, run_commands
from tests.web.services import Paper, WebServices

pytestmark = pytest.mark.allow_hosts(["127.0.0.1"])

PAGE = read_page("fetching.md")
PAPERS = (
    Paper(
        pmid=31999001,
        title="Interleukin-7 and STAT5 in invented lymphocytes",
        doi="10.5555/inv.1",
        pmcid="PMC7999001",
    ),
    Paper(
        pmid=31999002,
        title="Granulocytes and interleukin-7",
        authors=(("Novak", "P"),),
        volume="4",
        pages="60-7",
        published=date(2019, 2, 1),
        doi="10.5555/inv.2",
        entered=date(2024, 3, 1),
    ),
    Paper(pmid=31999003, title="Interleukin-7 in invented kidneys", entered=date(2024, 2, 29)),
)


@pytest.fixture
def services(monkeypatch: pytest.MonkeyPatch) -> Iterator[WebServices]:
    running = WebServices(PAPERS)
    running.start()
    for name in ("KG_EUTILS_URL", "KG_EUROPEPMC_URL", "KG_CROSSREF_URL"):
        monkeypatch.setenv(name, running.url)
    monkeypatch.setenv("NCBI_EMAIL", "ann@example.org")
    yield running
    running.stop()


@pytest.mark.usefixtures("services")
def test_commands_do_what_is_shown(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert run_commands(PAGE, tmp_path, monkeypatch) == 8
    assert (tmp_path / "il7-stat5.xml.gz").stat().st_size
    assert len((tmp_path / "il7-stat5.jsonl").read_text("utf-8").splitlines()) == 1
    pmids = {
        name: re.findall(r'<MedlineCitation[^>]*><PMID Version="1">(\d+)', text)
        for name in ("two.xml", "mine.xml", "new.xml")
        for text in [(tmp_path / name).read_text("utf-8")]
    }
    assert pmids == {
        "two.xml": ["31999001", "31999002"],
        "mine.xml": ["31999001", "31999002", "31999003"],
        "new.xml": ["31999002"],
    }
    assert "31999001" in (tmp_path / "list.ids.json").read_text("utf-8")


def test_the_tables_are_those_of_the_code() -> None:
    assert {row[0]: float(row[1]) for row in rows_under(PAGE, "part")} == WEIGHTS
    assert [row[0] for row in rows_under(PAGE, "status")] == list(Status)
    assert f"the usual threshold, {MIN_SCORE}," in PAGE
    options = {name for option in fetch.params for name in option.opts if name.startswith("--")}
    assert {row[0] for row in rows_under(PAGE, "option")} == options - {"--output"}


def test_the_addresses_are_those_of_the_code() -> None:
    for url in (Settings().eutils_url, Settings().europepmc_url, Settings().crossref_url):
        assert f"`{url}`" in PAGE
