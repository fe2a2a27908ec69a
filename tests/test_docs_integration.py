"""The way that docs/integration.md shows, gone with a real server and a real client."""

import csv
import io
import re
import shlex
import shutil
import subprocess
from pathlib import Path

import pytest
from click.testing import CliRunner

from kg.cli import cli
from kg.resources import resource_path
from kg.vocabulary.lexicon import Lexicon
from tests.docs_pages import read_page, rows_under
from tests.endpoints import oxigraph_server

_ADDRESS = "http://127.0.0.1:7878"
_QUERY = "docs/integration/cells-with-a-function.rq"


def commands() -> list[list[str]]:
    """Return the commands of the page, in order."""
    shown = re.findall(r"^\$ (.+)", read_page("integration.md"), flags=re.MULTILINE)
    return [shlex.split(line) for line in shown]


def test_the_page_shows_the_query_of_its_file() -> None:
    page = read_page("integration.md")
    (shown,) = re.findall(r"^```sparql\n(.*?)^```", page, flags=re.MULTILINE | re.DOTALL)
    text = resource_path("docs").parent.joinpath(_QUERY).read_text(encoding="utf-8")
    assert shown == "".join(line for line in text.splitlines(keepends=True) if line[0] != "#")


@pytest.mark.allow_hosts(["127.0.0.1"])
@pytest.mark.skipif(shutil.which("curl") is None, reason="the page uses curl")
def test_the_commands_of_the_page(
    lexicon: Lexicon, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert lexicon.vocabularies
    for name in ("docs", "data"):
        (tmp_path / name).symlink_to(resource_path(name))
    monkeypatch.chdir(tmp_path)
    answer = ""
    with oxigraph_server() as url:
        for program, *arguments in commands():
            if program == "kg":
                result = CliRunner().invoke(cli, arguments)
                # The reading list has citations that are told as problems, none that is lost.
                assert result.exit_code == 0, result.output
            elif program == "curl":
                told = [each.replace(_ADDRESS, url) for each in arguments]
                answer = subprocess.run(
                    ["curl", "-sS", "-f", *told], check=True, capture_output=True, text=True
                ).stdout
            else:
                assert program == "oxigraph"  # the server that runs already
    found = {row["function"]: row["papers"] for row in csv.DictReader(io.StringIO(answer))}
    assert found == dict(rows_under(read_page("integration.md"), "function"))
