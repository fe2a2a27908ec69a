"""The commands of docs/queries.md run, and name every saved query on what papers say."""

import re
import shlex
from pathlib import Path

import pytest

from kg.cli import main
from kg.queries import load_saved_queries
from kg.resources import resource_path

PAGE = Path(resource_path("docs", "queries.md")).read_text(encoding="utf-8")
COMMANDS = [shlex.split(command) for command in re.findall(r"`kg ((?:query|explain) [^`]+)`", PAGE)]


@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
def test_command_runs(
    words: list[str], il7_graph: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    if words[1:] == ["NAME", "--describe"]:
        words = ["query", "regulators-of", "--describe"]
    with pytest.raises(SystemExit) as ended:
        main(words if "--describe" in words else [*words, "-g", str(il7_graph)])
    assert ended.value.code == 0
    assert capsys.readouterr().out


def test_every_query_on_assertions_is_on_the_page() -> None:
    told = {words[1] for words in COMMANDS if words[0] == "query"}
    on_assertions = {
        query.name
        for query in load_saved_queries().values()
        if {"assertions", "regulation", "statistics"} & set(query.keywords)
    }
    assert on_assertions - told == set()
