"""`kg resolve`: the table, the file to build with, exit codes."""

import json
from pathlib import Path

import pytest

from kg.cli import main
from tests.web.services import Fault, WebServices
from tests.web.test_resolving import LIST, PAPERS

pytestmark = pytest.mark.allow_hosts(["127.0.0.1"])


@pytest.fixture(autouse=True)
def _environment(services: WebServices, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("KG_EUTILS_URL", "KG_EUROPEPMC_URL", "KG_CROSSREF_URL"):
        monkeypatch.setenv(name, services.url)
    monkeypatch.setenv("NCBI_EMAIL", "ann@example.org")
    monkeypatch.setattr("kg.web.client._FIRST_DELAY", 0.0)
    monkeypatch.chdir(tmp_path)
    services.papers = {paper.pmid: paper for paper in PAPERS}
    (tmp_path / "list.txt").write_text(LIST, encoding="utf-8")


def run(capfd: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, list[str], list[str]]:
    """Return the exit code and the lines on stdout and stderr of `kg resolve`."""
    with pytest.raises(SystemExit) as ended:
        main(["resolve", *arguments])
    assert isinstance(ended.value.code, int)
    out, err = capfd.readouterr()
    return ended.value.code, out.splitlines(), err.splitlines()


def test_the_table(capfd: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    code, lines, errors = run(capfd, "list.txt", "--no-crossref", "-o", "ids.json")
    assert code == 0
    rows = [line.split("\t") for line in lines]
    assert rows[0] == [
        "where", "citation", "PMID", "PMCID", "DOI", "score", "method", "agreed", "status",
    ]  # fmt: skip
    assert rows[1] == [
        "list.txt:3",
        f"Ferrante QA, Oduya B. {PAPERS[0].title}. J Invent Immunol. 2020;12:101-9",
        "31999001", "PMC7999001", "10.5555/inv.1", "1.0", "ecitmatch", "title,author,page,year",
        "given",
    ]  # fmt: skip
    assert rows[4][2:] == ["", "", "", "", "", "", "not found"]
    assert errors == [
        "4 citations looked up, 3 given identifiers, 0 had both a PMID and a DOI",
        "3 citations -> ids.json",
    ]
    items = json.loads((tmp_path / "ids.json").read_text("utf-8"))
    assert [item["PMID"] for item in items] == ["31999001", "31999002", "31999003"]


def test_json_lines(capfd: pytest.CaptureFixture[str]) -> None:
    _, lines, _ = run(capfd, "list.txt", "--json")
    first = json.loads(lines[0])
    assert first["score"] == 1.0
    assert first["agreed"] == ["title", "author", "page", "year"]
    assert json.loads(lines[-1])["status"] == "not found"
    assert json.loads(lines[-1])["citation"].startswith("Nobody N.")


def test_several_files_are_looked_up_in_order(
    capfd: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    (tmp_path / "more.txt").write_text(LIST.replace("invented cells", "more cells"))
    _, lines, errors = run(capfd, "more.txt", "list.txt", "--no-crossref")
    assert [line.partition(":")[0] for line in lines[1:]] == ["more.txt"] * 4 + ["list.txt"] * 4
    assert errors[0].startswith("8 citations looked up, 6 given")


def test_nothing_found_writes_no_file(
    capfd: pytest.CaptureFixture[str], tmp_path: Path, services: WebServices
) -> None:
    services.papers = {}
    code, _, errors = run(capfd, "list.txt", "-o", "ids.json")
    assert (code, errors[-1]) == (0, "nothing to write to ids.json")
    assert not (tmp_path / "ids.json").exists()


def test_a_record_that_cannot_be_read_is_told(
    capfd: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    broken = LIST.replace("Acta Ficta. 2019;3:44-51 pubmed", "Acta")
    (tmp_path / "list.txt").write_text(broken, encoding="utf-8")
    code, lines, errors = run(capfd, "list.txt", "--no-crossref")
    assert (code, len(lines)) == (3, 4)
    assert errors[0].startswith("list.txt:4: ")


def test_a_service_that_is_down_is_told_and_the_rest_given(
    capfd: pytest.CaptureFixture[str], services: WebServices
) -> None:
    services.fail("works", *[Fault(status=503)] * 6)
    code, lines, errors = run(capfd, "list.txt")
    assert code == 3
    assert "Crossref is not asked any more" in errors[0]
    assert errors[-1].endswith("run the same again later")
    assert [line.split("\t")[-1] for line in lines[1:3]] == ["given", "given"]
    assert {line.split("\t")[-1] for line in lines[3:]} >= {"failed"}


def test_wrong_files_are_refused_before_anything_is_asked(
    capfd: pytest.CaptureFixture[str], services: WebServices
) -> None:
    code, lines, errors = run(capfd, "list.txt", "none.txt")
    assert (code, lines) == (1, [])
    assert "there is no such file" in errors[0]
    assert services.asked == []
    assert run(capfd, "list.txt", "--min-score", "2")[0] == 2
    assert run(capfd)[0] == 2


def test_a_threshold_of_ones_own(capfd: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    (tmp_path / "list.txt").write_text(LIST.replace("12:101-9", "13:350-9"), encoding="utf-8")
    _, lines, _ = run(capfd, "list.txt", "--no-crossref")
    assert lines[1].split("\t")[-1] == "unsure"
    _, lines, _ = run(capfd, "list.txt", "--no-crossref", "--min-score", "0.8")
    assert lines[1].split("\t")[-1] == "given"
