"""`kg fetch`: its arguments, exit codes and messages, and a run that is killed."""

import json
import os
import signal
import subprocess
import sys
import threading
from datetime import date, timedelta
from io import StringIO
from pathlib import Path

import pytest
from lxml import etree

from kg.cli import main
from tests.web.services import Fault, Paper, WebServices

pytestmark = pytest.mark.allow_hosts(["127.0.0.1"])


@pytest.fixture(autouse=True)
def _environment(services: WebServices, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("KG_EUTILS_URL", "KG_EUROPEPMC_URL", "KG_CROSSREF_URL"):
        monkeypatch.setenv(name, services.url)
    monkeypatch.setenv("NCBI_EMAIL", "ann@example.org")
    monkeypatch.delenv("NCBI_API_KEY", raising=False)
    monkeypatch.chdir(tmp_path)
    services.papers = {
        number: Paper(
            pmid=number, title=f"Lymphocytes {number}",
            entered=date(2024, 1, 1) + timedelta(days=number),
        )
        for number in range(1, 31)
    }  # fmt: skip


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, list[str]]:
    """Return the exit code, stdout and the lines on stderr of `kg fetch`."""
    with pytest.raises(SystemExit) as ended:
        main(["fetch", *arguments])
    assert isinstance(ended.value.code, int)
    out, err = capsys.readouterr()
    return ended.value.code, out, err.splitlines()


def count(path: Path) -> int:
    return len(etree.parse(path).getroot())


def test_a_search(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert run(capsys, "lymphocytes", "-o", "a.xml") == (0, "", ["30 records -> a.xml"])
    assert count(tmp_path / "a.xml") == 30


def test_a_search_of_europe_pmc(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    arguments = ("lymphocytes", "--from", "europepmc", "--since", "2024-01-30", "-o", "a.jsonl")
    assert run(capsys, *arguments) == (0, "", ["2 records -> a.jsonl"])
    lines = (tmp_path / "a.jsonl").read_text("utf-8").splitlines()
    assert [json.loads(line)["pmid"] for line in lines] == ["29", "30"]


@pytest.mark.parametrize(
    ("since", "entered"),
    [("2024-01-30", 2), ("2024/1/30", 2), ("2024-02", 0), ("2024", 30), ("2023-12-31", 30)],
)
def test_since(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, since: str, entered: int
) -> None:
    code, _, errors = run(capsys, "lymphocytes", "--since", since, "-o", "a.xml")
    if entered:
        assert (code, count(tmp_path / "a.xml")) == (0, entered)
    else:
        assert code == 1
        assert errors[-1].startswith("kg: PubMed finds nothing for 'lymphocytes'")


def test_pmids_as_arguments_and_in_a_file(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert run(capsys, "7", "9", "-o", "a.xml")[0] == 0
    assert count(tmp_path / "a.xml") == 2
    (tmp_path / "ids.txt").write_text("PMID: 7\n8, 9\nseven\n")
    code, _, errors = run(capsys, "--ids", "ids.txt", "-o", "b.xml")
    assert code == 3
    assert errors == ["ids.txt:3: 'seven' is no PMID", "3 records -> b.xml"]
    monkeypatch.setattr("sys.stdin", StringIO("7\n9\nseven\n"))
    assert run(capsys, "--ids", "-", "-o", "c.xml", "--max", "1")[0] == 3
    assert count(tmp_path / "c.xml") == 1


def test_pmids_that_are_not_there_are_told(capsys: pytest.CaptureFixture[str]) -> None:
    code, _, errors = run(capsys, "7", "77", "78", "-o", "a.xml")
    assert code == 3
    assert errors == ["1 record -> a.xml", "kg: PubMed gives no record for 2 PMIDs: 77, 78"]


def test_what_europe_pmc_counts_and_does_not_give_is_told(
    capsys: pytest.CaptureFixture[str], services: WebServices
) -> None:
    services.withheld = {3}
    code, _, errors = run(capsys, "lymphocytes", "--from", "europepmc", "-o", "a.jsonl")
    assert code == 3
    assert errors[-1] == "kg: 1 more records are counted by the service, and not shown by it"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((), "give a query as one argument"),
        (("",), "give a query as one argument"),
        (("IL-7", "STAT5"), "put the query in quotes"),
        (("7", "STAT5"), "put the query in quotes"),
        (("7", "--since", "2024"), "without --from and --since"),
        (("7", "--from", "europepmc"), "without --from and --since"),
        (("IL-7", "--ids", "x.txt"), "either a query or --ids"),
        (("IL-7", "--since", "yesterday"), "'yesterday' is no date"),
        (("IL-7", "--since", "2024-13"), "'2024-13' is no date"),
        (("IL-7", "--max", "0"), "0 is not in the range"),
        (("IL-7", "--from", "scopus"), "is not one of"),
    ],
)
def test_wrong_usage(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, arguments: tuple[str, ...], message: str
) -> None:
    code, _, errors = run(capsys, *arguments, "-o", "a.xml")
    assert code == 2
    assert message in "\n".join(errors)
    assert list(tmp_path.iterdir()) == []


def test_a_list_without_pmids_is_refused(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    (tmp_path / "ids.txt").write_text("# none yet\n")
    code, _, errors = run(capsys, "--ids", "ids.txt", "-o", "a.xml")
    assert (code, errors) == (1, ["kg: ids.txt: there is no PMID in it"])
    code, _, errors = run(capsys, "--ids", "none.txt", "-o", "a.xml")
    assert code == 1
    assert errors[0].startswith("kg: none.txt: cannot be read")


def test_a_missing_address_is_told(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, services: WebServices
) -> None:
    monkeypatch.delenv("NCBI_EMAIL")
    code, _, errors = run(capsys, "lymphocytes", "-o", "a.xml")
    assert code == 0
    assert "--email or NCBI_EMAIL" in errors[0]
    assert "email" not in services.asked[0].fields
    run(capsys, "lymphocytes", "-o", "a.xml", "--email", "bo@example.org")
    assert services.asked[-1].fields["email"] == "bo@example.org"
    assert services.asked[-1].headers["User-Agent"].startswith("kg/0.1.0 (https://")


def test_the_api_key_stands_in_no_message_and_no_file(
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    services: WebServices,
    tmp_path: Path,
) -> None:
    monkeypatch.setenv("NCBI_API_KEY", "0123secret")
    body = b'{"error":"API key invalid","api-key":"0123secret","type":"client"}'
    services.fail("efetch.fcgi", Fault(status=400, body=body), Fault(status=400, body=body))
    code, out, errors = run(capsys, "1", "-o", "a.xml")
    assert code == 1
    assert services.asked[0].fields["api_key"] == "0123secret"
    assert "secret" not in out + "".join(errors)
    assert not any(b"secret" in one.read_bytes() for one in tmp_path.iterdir())


def test_another_query_does_not_go_on_with_a_stopped_one(
    capsys: pytest.CaptureFixture[str],
    services: WebServices,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("kg.web.pubmed.PAGE", 10)
    services.fail("efetch.fcgi", Fault(), Fault(status=403, body=b"You are blocked"))
    code, _, errors = run(capsys, "lymphocytes", "-o", "a.xml")
    assert (code, errors) == (1, ["kg: PubMed refuses: 403 Forbidden (You are blocked)"])
    code, _, errors = run(capsys, "granulocytes", "-o", "a.xml")
    assert code == 1
    assert "a.xml.part: holds the beginning of another download" in errors[0]
    assert "query 'lymphocytes'" in errors[0]
    code, _, errors = run(capsys, "lymphocytes", "-o", "a.xml")
    assert (code, count(tmp_path / "a.xml")) == (0, 30)
    assert errors[0] == "kg: 10 records are there of an earlier run; the rest is fetched now"


def test_a_stopped_run_may_be_dropped(
    capsys: pytest.CaptureFixture[str], services: WebServices, tmp_path: Path
) -> None:
    services.fail("search", Fault(status=403))
    assert run(capsys, "lymphocytes", "--from", "europepmc", "-o", "a.jsonl")[0] == 1
    (tmp_path / "a.jsonl.part").write_bytes(b"something")
    assert run(capsys, "lymphocytes", "--from", "europepmc", "-o", "a.jsonl", "--restart")[0] == 0
    assert len((tmp_path / "a.jsonl").read_bytes().splitlines()) == 30


def test_a_killed_run_goes_on(
    capsys: pytest.CaptureFixture[str],
    services: WebServices,
    tmp_path: Path,
) -> None:
    """Kill a process while it waits for its second page, then give the same command again."""
    services.papers = {number: Paper(pmid=number, title="Lymphocytes") for number in range(1, 501)}
    never = threading.Event()
    services.fail("efetch.fcgi", Fault(), Fault(hold=never))
    command = [sys.executable, "-m", "kg", "fetch", "lymphocytes", "-o", "a.xml.gz"]
    process = subprocess.Popen(
        command,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
        stderr=subprocess.PIPE,
    )
    try:
        waiting = threading.Event()
        for _ in range(600):
            if len(services.asked_of("efetch.fcgi")) == 2 or process.poll() is not None:
                break
            waiting.wait(0.05)
        assert process.poll() is None, process.stderr and process.stderr.read()
    finally:
        process.send_signal(signal.SIGKILL)
        process.wait()
        never.set()
        if process.stderr is not None:
            process.stderr.close()
    assert sorted(one.name for one in tmp_path.iterdir()) == ["a.xml.gz.part", "a.xml.gz.part.json"]
    before = len(services.asked_of("efetch.fcgi"))
    code, _, errors = run(capsys, "lymphocytes", "-o", "a.xml.gz")
    assert code == 0
    assert errors == [
        "kg: 200 records are there of an earlier run; the rest is fetched now",
        "500 records -> a.xml.gz",
    ]
    assert len(services.asked_of("efetch.fcgi")) == before + 2
    assert [one.name for one in tmp_path.iterdir()] == ["a.xml.gz"]
